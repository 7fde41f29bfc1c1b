import { Alert } from "./alert.ts";
import { peerError, type TlsError } from "./error.ts";
import type { Notes } from "./explanation.ts";

/**
 * A cursor over bytes that can't overrun: a read gives what was asked for or throws.
 *
 * What it hands out are views of the bytes that it was given, not copies.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #offset: number;
  /** Is told which bytes are read as what, if somebody wants to know. */
  readonly notes: Notes | undefined;

  constructor(bytes: Uint8Array, notes?: Notes, start: number = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#offset = start;
    this.#end = end;
    this.notes = notes;
  }

  /** Where the next read begins, in the bytes that the outermost reader was given. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.#end - this.#offset;
  }

  u8(): number {
    return this.#uint(1);
  }

  u16(): number {
    return this.#uint(2);
  }

  u24(): number {
    return this.#uint(3);
  }

  u32(): number {
    return this.#uint(4);
  }

  u64(): bigint {
    return (BigInt(this.#uint(4)) << 32n) | BigInt(this.#uint(4));
  }

  /** The next `length` bytes. */
  bytes(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** All bytes that are left. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** A reader for the next `length` bytes alone; this one goes on behind them. */
  sub(length: number): Reader {
    const start = this.#advance(length);
    return new Reader(this.#bytes, this.notes, start, start + length);
  }

  /** The bytes between two offsets, which have been read. */
  between(start: number, end: number): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  /** @throws {TlsError} `decode_error` unless everything was read. */
  end(): void {
    if (this.remaining > 0) throw decodeError(`${this.remaining} bytes too many`);
  }

  #uint(length: number): number {
    const start = this.#advance(length);
    let value = 0;
    for (let i = start; i < start + length; i += 1) value = value * 256 + (this.#bytes[i] ?? 0);
    return value;
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (length > this.#end - start) {
      throw decodeError(`${length} bytes expected, ${this.#end - start} left`);
    }
    this.#offset = start + length;
    return start;
  }
}

/** RFC 9846 §6#syntax: a message that can't be parsed, or whose lengths are wrong. */
export function decodeError(message: string): TlsError {
  return peerError("decode_error", Alert.decodeError, message);
}
