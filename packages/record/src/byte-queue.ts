/** Bytes that come in pieces and go out in other pieces. Nothing is copied unless a piece spans several that came. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** The first chunk that isn't used up, and how much of it is. */
  #head = 0;
  #headOffset = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
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
    for (let filled = 0; filled < length; ) {
      const next = this.#chunks[this.#head];
      if (next === undefined) break;
      const piece = next.subarray(this.#headOffset, this.#headOffset + length - filled);
      whole.set(piece, filled);
      filled += piece.length;
      this.#skip(piece.length);
    }
    return whole;
  }

  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#headOffset = 0;
    this.#length = 0;
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
    }
  }
}
