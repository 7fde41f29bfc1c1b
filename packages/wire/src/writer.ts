import { callerError } from "./error.ts";

/** Bytes of the buffer that a writer begins with, in which most of what is written fits. */
const firstSize = 1024;
/** One such buffer, while no writer has it: wiping it costs a tenth of making another. */
let spare: Uint8Array | undefined;
const nothing = new Uint8Array(0);

function giveBack(buffer: Uint8Array): void {
  if (buffer.length !== firstSize) return;
  // What was written may be a secret.
  buffer.fill(0);
  spare = buffer;
}

/** Bytes that grow at their end. */
export class Writer {
  #buffer: Uint8Array;
  #length = 0;

  constructor() {
    this.#buffer = spare ?? new Uint8Array(firstSize);
    spare = undefined;
  }

  u8(value: number): void {
    this.#uint(value, 1);
  }

  u16(value: number): void {
    this.#uint(value, 2);
  }

  u24(value: number): void {
    this.#uint(value, 3);
  }

  u32(value: number): void {
    this.#uint(value, 4);
  }

  u64(value: bigint): void {
    if (value < 0n || value >> 64n !== 0n) throw callerError("out_of_range", `${value} does not fit in 8 bytes`);
    this.u32(Number(value >> 32n));
    this.u32(Number(value & 0xffff_ffffn));
  }

  bytes(value: Uint8Array): void {
    const start = this.#grow(value.length);
    this.#buffer.set(value, start);
  }

  /** Writes something behind its length, which takes `lengthSize` bytes. Returns that length. */
  vector(lengthSize: 1 | 2 | 3, write: (writer: Writer) => void): number {
    const lengthAt = this.#grow(lengthSize);
    write(this);
    const length = this.#length - lengthAt - lengthSize;
    this.#put(lengthAt, length, lengthSize);
    return length;
  }

  /** What was written, in a buffer of its own. The writer is as new then. */
  finish(): Uint8Array {
    const written = this.#buffer.slice(0, this.#length);
    giveBack(this.#buffer);
    this.#buffer = nothing;
    this.#length = 0;
    return written;
  }

  #uint(value: number, size: number): void {
    this.#put(this.#grow(size), value, size);
  }

  #put(offset: number, value: number, size: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** size) {
      throw callerError("out_of_range", `${value} does not fit in ${size} bytes`);
    }
    let rest = value;
    for (let i = offset + size - 1; i >= offset; i -= 1) {
      this.#buffer[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  #grow(by: number): number {
    const start = this.#length;
    this.#length += by;
    if (this.#length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#buffer.length * 2));
      larger.set(this.#buffer);
      giveBack(this.#buffer);
      this.#buffer = larger;
    }
    return start;
  }
}
