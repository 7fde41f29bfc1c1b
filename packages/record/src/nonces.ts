import { callerError } from "@tlskit/wire";

/** RFC 9846 §5.3#from-zero: the nonces that go with a key, one a record, in order. */
export class Nonces {
  readonly #iv: Uint8Array;
  readonly #current: Uint8Array;
  #sequenceNumber: number;

  /** @param first the first sequence number: 0, but for tests. */
  constructor(iv: Uint8Array, first: number = 0) {
    if (iv.length < 8) throw callerError("invalid_iv", `an IV has at least 8 bytes, got ${iv.length}`);
    this.#iv = Uint8Array.from(iv);
    this.#current = Uint8Array.from(iv);
    this.#sequenceNumber = first;
  }

  /** How many are used up. */
  get used(): number {
    return this.#sequenceNumber;
  }

  /** The one that comes next, until the next call; it stays so until it is used up. */
  peek(): Uint8Array {
    // RFC 9846 §5.3#no-wrap: sequence numbers do not wrap. This one ends where JavaScript's integers do, well before.
    if (this.#sequenceNumber >= Number.MAX_SAFE_INTEGER) {
      throw callerError("sequence_number_exhausted", "the record sequence number must not wrap");
    }
    this.#exclusiveOr(1, this.#sequenceNumber >>> 0);
    this.#exclusiveOr(5, Math.floor(this.#sequenceNumber / 2 ** 32));
    return this.#current;
  }

  /** Four bytes of the nonce, counted from its end. */
  #exclusiveOr(fromEnd: number, number: number): void {
    const end = this.#current.length - fromEnd;
    for (let i = 0; i < 4; i += 1) {
      this.#current[end - i] = (this.#iv[end - i] ?? 0) ^ ((number >>> (8 * i)) & 0xff);
    }
  }

  useUp(): void {
    this.#sequenceNumber += 1;
  }

  /** For sealing: one that is used up by having been asked for, so that it can't serve twice. It is there until the next call. */
  take(): Uint8Array {
    const nonce = this.peek();
    this.useUp();
    return nonce;
  }
}
