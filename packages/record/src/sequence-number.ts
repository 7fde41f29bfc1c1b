import { callerError } from "@tlskit/wire";

/** RFC 5246 §6.1#states-updated, §6.1#number-from-zero: counts the records under one key. It doesn't stand in them and is authenticated with each. */
export class SequenceNumber {
  #next: number;

  /** @param first 0, but for tests. */
  constructor(first: number = 0) {
    this.#next = first;
  }

  /** That of the next record. */
  get next(): number {
    return this.#next;
  }

  /** Writes that of the next record, in eight bytes. */
  write(into: Uint8Array, at: number): void {
    // RFC 5246 §6.1: they do not wrap. This one ends where JavaScript's integers do, well before.
    if (this.#next >= Number.MAX_SAFE_INTEGER) {
      throw callerError("sequence_number_exhausted", "the record sequence number must not wrap");
    }
    const [high, low] = [Math.floor(this.#next / 2 ** 32), this.#next >>> 0];
    for (let i = 0; i < 4; i += 1) {
      into[at + i] = high >>> (8 * (3 - i));
      into[at + 4 + i] = low >>> (8 * (3 - i));
    }
  }

  useUp(): void {
    this.#next += 1;
  }
}

/** Bytes of what is authenticated with a record's content (RFC 5246 §6.2.3.1, §6.2.3.3): its number and its header. */
export const authenticatedLength = 13;

/** RFC 5246 §6.2.3.1, §6.2.3.3: what is authenticated with a record's content, whose length it has. */
export function writeAuthenticated(
  into: Uint8Array,
  sequenceNumber: SequenceNumber,
  type: number,
  version: number,
  length: number,
): void {
  sequenceNumber.write(into, 0);
  into[8] = type;
  into[9] = version >> 8;
  into[10] = version & 0xff;
  into[11] = length >> 8;
  into[12] = length & 0xff;
}
