import type { HashFunction, RunningHash } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { bytes, check, checkArguments } from "@tlskit/wire/arguments";
import { aHash } from "./expectations.ts";

const messageHash = 254;

/**
 * The handshake messages until now (RFC 9846 §4.1). The hash is settled by the ServerHello only; until then the
 * messages themselves are kept.
 */
export class Transcript {
  #messages: Uint8Array[] = [];
  #hashed: { readonly hash: HashFunction; readonly running: RunningHash } | undefined;

  /**
   * Adds a handshake message, with its four bytes of header. It isn't to be changed before the hash is settled: until
   * then it is kept as it is.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  add(message: Uint8Array): void {
    checkArguments({ message }, { message: bytes });
    if (this.#hashed === undefined) this.#messages.push(message);
    else this.#hashed.running.update(message);
  }

  /**
   * Settles the hash: the negotiated cipher suite's. Doing so again with the same hash changes nothing.
   * @throws {TlsError} `invalid_argument`, `transcript_hash` (the caller's fault)
   */
  useHash(hash: HashFunction): void {
    check(hash, "hash", aHash);
    if (this.#hashed !== undefined) {
      if (this.#hashed.hash.name !== hash.name)
        throw callerError("transcript_hash", "the transcript's hash is settled");
      return;
    }
    this.#start(hash, ...this.#messages);
    this.#messages = [];
  }

  /**
   * RFC 9846 §4.1: with a HelloRetryRequest, the first ClientHello is replaced by a message that holds its hash.
   * To be called when the ClientHello is all there is, the hash being settled.
   */
  replaceClientHello1(): void {
    const { hash, running } = this.#settled();
    this.#start(hash, Uint8Array.of(messageHash, 0, 0, hash.length), running.digest());
  }

  /** Transcript-Hash of all messages until now. */
  current(): Uint8Array {
    return this.#settled().running.digest();
  }

  #start(hash: HashFunction, ...messages: readonly Uint8Array[]): void {
    const running = hash.start();
    for (const message of messages) running.update(message);
    this.#hashed = { hash, running };
  }

  #settled(): { readonly hash: HashFunction; readonly running: RunningHash } {
    if (this.#hashed === undefined) throw callerError("transcript_hash", "the transcript's hash is not settled yet");
    return this.#hashed;
  }
}
