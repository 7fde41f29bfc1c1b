import type { HashFunction, RunningHash } from "@tlskit/crypto";
import { callerError, concat } from "@tlskit/wire";
import { bytes, check, checkArguments } from "@tlskit/wire/arguments";
import { aHash, aTranscriptHash } from "./expectations.ts";

const messageHash = 254;

/** What a transcript is hashed with: a cipher suite's hash, or in TLS 1.0 and 1.1 two, end to end. */
export interface TranscriptHash {
  readonly name: string;
  /** Bytes of a digest. */
  readonly length: number;
  start(): RunningHash;
}

/**
 * The handshake messages until now (RFC 9846 §4.1), whole and with all extensions (RFC 6066 §1.1#hashed). The hash is settled by the ServerHello only. The messages are kept:
 * a ClientHello's binders are made over them by hashes that needn't be the settled one.
 */
export class Transcript {
  #messages: Uint8Array[] = [];
  #hashed: { readonly hash: TranscriptHash; readonly running: RunningHash } | undefined;

  /**
   * Adds a handshake message, with its four bytes of header. It is kept as it is, and isn't to be changed any more.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  add(message: Uint8Array): void {
    checkArguments({ message }, { message: bytes });
    this.#messages.push(message);
    this.#hashed?.running.update(message);
  }

  /**
   * Settles the hash: the negotiated cipher suite's. Doing so again with the same hash changes nothing.
   * @throws {TlsError} `invalid_argument`, `transcript_hash` (the caller's fault)
   */
  useHash(hash: TranscriptHash): void {
    check(hash, "hash", aTranscriptHash);
    if (this.#hashed === undefined) this.#start(hash);
    else if (this.#hashed.hash.name !== hash.name)
      throw callerError("transcript_hash", "the transcript's hash is settled");
  }

  /**
   * RFC 9846 §4.1: with a HelloRetryRequest, the first ClientHello is replaced by a message that holds its hash.
   * To be called when the ClientHello is all there is, the hash being settled.
   */
  replaceClientHello1(): void {
    this.#beginWith(this.#settled().running.digest());
  }

  /**
   * RFC 9846 §4.3.2: begins with a ClientHello that was forgotten, all but its hash. To be called when there is nothing yet,
   * the hash being settled.
   * @param hash of the message, header included: what `current` said when it was all there was.
   * @throws {TlsError} `invalid_argument`; `transcript_hash` if it isn't as long as the settled hash's (the caller's fault)
   */
  recallClientHello1(hash: Uint8Array): void {
    checkArguments({ hash }, { hash: bytes });
    if (hash.length !== this.#settled().hash.length) {
      throw callerError("transcript_hash", `a hash of ${hash.length} bytes isn't one by the transcript's hash`);
    }
    this.#beginWith(hash);
  }

  #beginWith(clientHello1: Uint8Array): void {
    const { hash } = this.#settled();
    this.#messages = [Uint8Array.of(messageHash, 0, 0, hash.length, ...clientHello1)];
    this.#start(hash);
  }

  /** Another one with the same messages, which goes on by itself: for what is said after the handshake (RFC 9846 §4.7.2). */
  copy(): Transcript {
    const copy = new Transcript();
    copy.#messages = [...this.#messages];
    if (this.#hashed !== undefined) copy.#start(this.#hashed.hash);
    return copy;
  }

  /** All messages until now, end to end: what a client of TLS 1.2 signs (RFC 5246 §7.4.8). */
  messages(): Uint8Array {
    return concat(...this.#messages);
  }

  /** Transcript-Hash of all messages until now. */
  current(): Uint8Array {
    return this.#settled().running.digest();
  }

  /**
   * Transcript-Hash of all messages until now and of the beginning of one that is still to be added, by a hash that
   * needn't be the settled one: for the binders of a ClientHello, which may offer pre-shared keys with different hashes
   * (RFC 9846 §4.3.11.2).
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  before(hash: HashFunction, beginning: Uint8Array): Uint8Array {
    checkArguments({ hash, beginning }, { hash: aHash, beginning: bytes });
    const running = hash.start();
    for (const message of this.#messages) running.update(message);
    running.update(beginning);
    return running.digest();
  }

  #start(hash: TranscriptHash): void {
    const running = hash.start();
    for (const message of this.#messages) running.update(message);
    this.#hashed = { hash, running };
  }

  #settled(): { readonly hash: TranscriptHash; readonly running: RunningHash } {
    if (this.#hashed === undefined) throw callerError("transcript_hash", "the transcript's hash is not settled yet");
    return this.#hashed;
  }
}
