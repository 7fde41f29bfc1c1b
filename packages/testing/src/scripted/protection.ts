import { type AeadAlgorithm, type Steps, wait } from "@tlskit/crypto";
import type { TrafficSecret } from "@tlskit/keyschedule";
import { concat } from "@tlskit/wire";

/** What was in a protected record. */
export interface Opened {
  readonly type: number;
  readonly content: Uint8Array;
}

/** How a direction's records are protected; it refuses nothing. Written apart from the package `record`, whose checks it serves to test. */
export interface Protection {
  /** Whether records of this type are protected, as their header has it. */
  covers(type: number): boolean;
  /** A whole record. */
  seal(type: number, content: Uint8Array, padding: number): Steps<Uint8Array>;
  /** What is in a record; nothing if it can't be opened. */
  open(record: Uint8Array): Steps<Opened | undefined>;
}

/** RFC 9846 §5.2: any type, any length, any padding. */
export class Tls13Protection implements Protection {
  readonly secret: TrafficSecret;
  readonly #aead: ReturnType<AeadAlgorithm["withKey"]>;
  readonly #iv: Uint8Array;
  #sequenceNumber = 0;

  constructor(algorithm: AeadAlgorithm, secret: TrafficSecret) {
    const { key, iv } = secret.keys(algorithm.keyLength, algorithm.nonceLength);
    this.secret = secret;
    this.#aead = algorithm.withKey(key);
    this.#iv = iv;
  }

  covers(type: number): boolean {
    return type === 23;
  }

  *seal(type: number, content: Uint8Array, padding: number): Steps<Uint8Array> {
    return yield* this.sealInner(concat(content, Uint8Array.of(type), new Uint8Array(padding)));
  }

  /** A whole record with this TLSInnerPlaintext, whatever it is. */
  *sealInner(inner: Uint8Array): Steps<Uint8Array> {
    const length = inner.length + 16;
    const header = Uint8Array.of(23, 3, 3, length >> 8, length & 0xff);
    const nonce = this.#nonce();
    this.#sequenceNumber += 1;
    const record = concat(header, new Uint8Array(length));
    yield* wait(this.#aead.seal(nonce, header, [inner], record, header.length));
    return record;
  }

  *open(record: Uint8Array): Steps<Opened | undefined> {
    const inner = new Uint8Array(Math.max(0, record.length - 5 - 16));
    try {
      yield* wait(this.#aead.open(this.#nonce(), record.subarray(0, 5), record.subarray(5), inner, 0));
    } catch {
      // Not made with these keys: it is counted by whoever asked.
      return undefined;
    }
    this.#sequenceNumber += 1;
    const end = inner.findLastIndex((byte) => byte !== 0);
    return { type: inner[end] ?? 0, content: inner.subarray(0, Math.max(0, end)) };
  }

  /** RFC 9846 §5.3. */
  #nonce(): Uint8Array {
    const nonce = this.#iv.slice();
    let rest = this.#sequenceNumber;
    for (let i = nonce.length - 1; rest > 0; i -= 1) {
      nonce[i] = (nonce[i] ?? 0) ^ (rest & 0xff);
      rest >>>= 8;
    }
    return nonce;
  }
}
