/**
 * Pieces shorter than this, in bytes, are copied together where several wait. An object for each takes some two hundred
 * bytes, whoever sends bytes singly: that many times what was sent, and what limits on lengths allow for.
 */
const shortPiece = 512;

/** Bytes of a buffer that short pieces are copied into, at least and at most. */
const [leastRoom, mostRoom] = [256, 8192];

/**
 * Bytes that come in pieces and go out in other pieces. Nothing is copied unless a piece spans several that came, or
 * many short ones wait.
 */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** The first chunk that isn't used up, and how much of it is. */
  #head = 0;
  #headOffset = 0;
  #length = 0;
  /** What the last chunk is the beginning of, if that is a buffer of our own. */
  #room: Uint8Array | undefined;

  get length(): number {
    return this.#length;
  }

  /** How many byte strings hold what waits: what bounds the memory that it takes, together with its length. */
  get pieces(): number {
    return this.#chunks.length - this.#head;
  }

  /** Adds a piece, which may be kept, and is never written to. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    // A piece that comes alone is mostly a whole record, and gone before the next one comes.
    if (chunk.length < shortPiece && this.#length > 0) this.#copy(chunk);
    else this.#append(chunk, undefined);
    this.#length += chunk.length;
  }

  /** The byte at an offset that is less than the length. */
  at(offset: number): number {
    let index = this.#head;
    let within = this.#headOffset + offset;
    for (let chunk = this.#chunks[index]; chunk !== undefined; chunk = this.#chunks[index]) {
      if (within < chunk.length) return chunk[within] ?? 0;
      within -= chunk.length;
      index += 1;
    }
    return 0;
  }

  /** The next `length` bytes, which must be there. */
  take(length: number): Uint8Array {
    const chunk = this.#chunks[this.#head];
    if (chunk !== undefined && chunk.length - this.#headOffset >= length) {
      const piece = chunk.subarray(this.#headOffset, this.#headOffset + length);
      this.#skip(length);
      return piece;
    }
    const whole = new Uint8Array(length);
    this.takeInto(length, whole, 0);
    return whole;
  }

  /** The next `length` bytes, which must be there, in the pieces in which they lie: nothing is copied. */
  takePieces(length: number): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let left = length; left > 0; ) {
      const chunk = this.#chunks[this.#head];
      if (chunk === undefined) break;
      const piece = chunk.subarray(this.#headOffset, this.#headOffset + left);
      pieces.push(piece);
      left -= piece.length;
      this.#skip(piece.length);
    }
    return pieces;
  }

  /**
   * The next `length` bytes, which must be there: where they lie if they lie together, otherwise copied into a place that
   * is given for that.
   */
  takeInto(length: number, into: Uint8Array, at: number): Uint8Array {
    const chunk = this.#chunks[this.#head];
    if (chunk !== undefined && chunk.length - this.#headOffset >= length) return this.take(length);
    return this.takeCopy(length, into, at);
  }

  /** The next `length` bytes, which must be there, copied into a place. */
  takeCopy(length: number, into: Uint8Array, at: number): Uint8Array {
    let end = at;
    for (const piece of this.takePieces(length)) {
      into.set(piece, end);
      end += piece.length;
    }
    return into.subarray(at, end);
  }

  /** Copies what waits here and lies in this memory: whoever pushed it may change it from here on. */
  own(memory: ArrayBufferLike): void {
    for (let index = this.#head; index < this.#chunks.length; index += 1) {
      const chunk = this.#chunks[index];
      if (chunk?.buffer !== memory) continue;
      const [start, last] = [index === this.#head ? this.#headOffset : 0, index === this.#chunks.length - 1];
      this.#chunks[index] = chunk.slice(start);
      if (index === this.#head) this.#headOffset = 0;
      if (last) this.#room = undefined;
    }
  }

  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#headOffset = 0;
    this.#length = 0;
    this.#room = undefined;
  }

  #append(chunk: Uint8Array, room: Uint8Array | undefined): void {
    this.#chunks.push(chunk);
    this.#room = room;
  }

  /** Puts a short piece behind the last, in a buffer of our own: only its bytes that nobody was given are written to. */
  #copy(chunk: Uint8Array): void {
    const last = this.#chunks.length - 1;
    const filled = this.#chunks[last]?.length ?? 0;
    if (this.#room !== undefined && filled + chunk.length <= this.#room.length) {
      this.#room.set(chunk, filled);
      this.#chunks[last] = this.#room.subarray(0, filled + chunk.length);
      return;
    }
    // As much again as waits already, so that room never outgrows what was sent by much.
    const room = new Uint8Array(Math.max(chunk.length, leastRoom, Math.min(mostRoom, this.#length)));
    room.set(chunk);
    this.#append(room.subarray(0, chunk.length), room);
  }

  /** Goes on by at most what is left of the first chunk. */
  #skip(length: number): void {
    this.#length -= length;
    this.#headOffset += length;
    if (this.#headOffset < (this.#chunks[this.#head]?.length ?? 0)) return;
    this.#head += 1;
    this.#headOffset = 0;
    // Used chunks are let go in batches: an array's shift() at each would take quadratic time.
    if (this.#head === this.#chunks.length || this.#head >= 1024) {
      this.#chunks = this.#chunks.slice(this.#head);
      this.#head = 0;
      if (this.#chunks.length === 0) this.#room = undefined;
    }
  }
}
