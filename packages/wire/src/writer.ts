import { callerError } from "./error.ts";

/** Bytes that grow at their end. */
export class Writer {
  #buffer: Uint8Array = new Uint8Array(256);
  #length = 0;

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

  /** What was written, in a buffer of its own. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
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
      this.#buffer = larger;
    }
    return start;
  }
}
