import type { Awaitable } from "@tlskit/crypto";
import type { ContentType, OpenedRecord, Opening } from "@tlskit/record";
import { TlsError } from "@tlskit/wire";

/**
 * Reads early data of which nobody has said yet whether the server takes it: if it doesn't, there is no EndOfEarlyData, and a
 * record comes that the handshake's keys open (RFC 9846 §4.3.10). Both openings answer at once.
 */
export class EarlyDataOpening implements Opening {
  readonly synchronous = true;
  readonly #early: Opening;
  readonly #handshake: Opening;
  #isOver = false;

  constructor(early: Opening, handshake: Opening) {
    this.#early = early;
    this.#handshake = handshake;
  }

  /** EndOfEarlyData has come: what follows is the handshake's. */
  end(): void {
    this.#isOver = true;
  }

  get sequenceNumber(): number {
    return this.#current.sequenceNumber;
  }

  get #current(): Opening {
    return this.#isOver ? this.#handshake : this.#early;
  }

  accepts(type: ContentType): boolean {
    return this.#current.accepts(type);
  }

  maxBody(type: ContentType): number {
    return this.#current.maxBody(type);
  }

  open(header: Uint8Array, body: Uint8Array, into: Uint8Array, at: number): Awaitable<OpenedRecord> {
    if (this.#isOver) return this.#handshake.open(header, body, into, at);
    // Of what isn't authentic nothing stays, and the body may lie where it is opened.
    const again = body.slice();
    try {
      return this.#early.open(header, body, into, at);
    } catch (error) {
      if (!(error instanceof TlsError && error.code === "bad_record_mac")) throw error;
      const opened = this.#handshake.open(header, again, into, at);
      this.#isOver = true;
      return opened;
    }
  }

  dispose(): void {
    this.#early.dispose();
    this.#handshake.dispose();
  }
}
