import type { HashFunction } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { aNumber, aString, bytes, checkArguments } from "@tlskit/wire/arguments";
import { deriveSecret, expanded, finishedMac } from "./expand-label.ts";
import { aHash, checkTranscriptHash } from "./expectations.ts";

const nothing = new Uint8Array(0);

/** Whose traffic in which part of a connection a secret protects. */
export type TrafficSecretKind =
  | "client early"
  | "client handshake"
  | "server handshake"
  | "client application"
  | "server application";

/** What records are protected with: bytes for an AEAD. */
export interface TrafficKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** A traffic secret (RFC 9846 §7.1), of a kind that is part of its type: client's and server's can't be swapped. */
export class TrafficSecret<Kind extends TrafficSecretKind = TrafficSecretKind> {
  readonly kind: Kind;
  /** 0, and one more after each KeyUpdate. */
  readonly generation: number;
  readonly hash: HashFunction;
  readonly #secret: Uint8Array;

  /**
   * @param secret which is copied, so that the caller's can be wiped.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  constructor(kind: Kind, hash: HashFunction, secret: Uint8Array, generation: number = 0) {
    checkArguments(
      { kind, hash, secret, generation },
      { kind: aString, hash: aHash, secret: bytes, generation: aNumber },
    );
    this.kind = kind;
    this.hash = hash;
    this.#secret = new Uint8Array(secret);
    this.generation = generation;
  }

  /** RFC 9846 §7.3: key and IV, of so many bytes. */
  keys(keyLength: number, ivLength: number): TrafficKeys {
    checkArguments({ keyLength, ivLength }, { keyLength: aNumber, ivLength: aNumber });
    return {
      key: expanded(this.hash, this.#secret, "key", nothing, keyLength),
      iv: expanded(this.hash, this.#secret, "iv", nothing, ivLength),
    };
  }

  /** RFC 9846 §4.5.3: a Finished message's verify_data over the transcript. */
  verifyData(transcriptHash: Uint8Array): Uint8Array {
    checkTranscriptHash(transcriptHash);
    return finishedMac(this.hash, this.#secret, transcriptHash);
  }

  /** RFC 9846 §7.2: the next generation, after a KeyUpdate. Secrets of early data and of handshakes have none. */
  next(): TrafficSecret<Kind> {
    if (this.kind !== "client application" && this.kind !== "server application") {
      throw callerError("no_next_generation", `a ${this.kind} traffic secret is never updated`);
    }
    const secret = expanded(this.hash, this.#secret, "traffic upd", nothing, this.hash.length);
    return new TrafficSecret(this.kind, this.hash, secret, this.generation + 1);
  }

  /**
   * The secret itself, for a key log or a capture decrypter. Whoever has it reads the traffic.
   */
  dangerouslyExpose(): Uint8Array {
    return this.#secret.slice();
  }
}

/** From the whole handshake, or from a ClientHello with a pre-shared key alone. */
export type ExporterKind = "exporter" | "early exporter";

/** Exported keying material (RFC 9846 §7.5, RFC 5705). */
export class Exporter {
  readonly kind: ExporterKind;
  readonly #hash: HashFunction;
  readonly #secret: Uint8Array;

  /**
   * @param secret which is copied, so that the caller's can be wiped.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  constructor(hash: HashFunction, secret: Uint8Array, kind: ExporterKind = "exporter") {
    checkArguments({ hash, secret, kind }, { hash: aHash, secret: bytes, kind: aString });
    this.kind = kind;
    this.#hash = hash;
    this.#secret = new Uint8Array(secret);
  }

  /**
   * TLS-Exporter.
   * @param label one that is registered with IANA or starts with "EXPERIMENTAL"; ASCII, 1 to 249 characters.
   * @param context none is the same as an empty one.
   * @param length bytes wanted.
   * @throws {TlsError} `invalid_argument`, `out_of_range`, `not_ascii` (the caller's fault)
   */
  export(label: string, context: Uint8Array = nothing, length: number = this.#hash.length): Uint8Array {
    checkArguments({ label, context }, { label: aString, context: bytes });
    if (!Number.isInteger(length) || length < 1 || length > 255 * this.#hash.length) {
      throw callerError("out_of_range", `an exporter gives 1 to ${255 * this.#hash.length} bytes, asked for ${length}`);
    }
    const secret = deriveSecret(this.#hash, this.#secret, label, this.#hash.digest(nothing));
    return expanded(this.#hash, secret, "exporter", this.#hash.digest(context), length);
  }

  /** The exporter secret itself, for a key log. */
  dangerouslyExpose(): Uint8Array {
    return this.#secret.slice();
  }
}
