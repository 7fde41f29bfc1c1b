import type { HashFunction, RunningHash } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";

const messageHash = 254;

/**
 * The handshake messages until now (RFC 9846 §4.1). The hash is settled by the ServerHello only; until then the
 * messages themselves are kept.
 */
export class Transcript {
  #messages: Uint8Array[] = [];
  #hash: HashFunction | undefined;
  #running: RunningHash | undefined;

  /** Adds a handshake message, with its four bytes of header. */
  add(message: Uint8Array): void {
    if (this.#running === undefined) this.#messages.push(message);
    else this.#running.update(message);
  }

  /** Settles the hash: the negotiated cipher suite's. Doing so again with the same hash changes nothing. */
  useHash(hash: HashFunction): void {
    if (this.#hash !== undefined) {
      if (this.#hash.name !== hash.name) throw callerError("transcript_hash", "the transcript's hash is settled");
      return;
    }
    this.#hash = hash;
    this.#running = hash.start();
    for (const message of this.#messages) this.#running.update(message);
    this.#messages = [];
  }

  /**
   * RFC 9846 §4.1: with a HelloRetryRequest, the first ClientHello is replaced by a message that holds its hash.
   * To be called when the ClientHello is all there is, the hash being settled.
   */
  replaceClientHello1(): void {
    const hash = this.#settled();
    const clientHello1 = this.current();
    this.#running = hash.start();
    this.#running.update(Uint8Array.of(messageHash, 0, 0, hash.length));
    this.#running.update(clientHello1);
  }

  /** Transcript-Hash of all messages until now. */
  current(): Uint8Array {
    this.#settled();
    return this.#running?.digest() ?? new Uint8Array(0);
  }

  #settled(): HashFunction {
    if (this.#hash === undefined) throw callerError("transcript_hash", "the transcript's hash is not settled yet");
    return this.#hash;
  }
}
