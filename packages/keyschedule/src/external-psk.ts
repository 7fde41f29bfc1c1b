import {
  type CryptoProvider,
  constantTimeEqual,
  type HashName,
  hashOf,
  hkdfExtract,
  type Random,
} from "@tlskit/crypto";
import { asciiBytes, callerError, concat, encode } from "@tlskit/wire";
import { aBoolean, bytes, checkOptions, type Expectations, expectation, optional } from "@tlskit/wire/arguments";
import { expanded } from "./expand-label.ts";
import { ImportedIdentity, type PskHash, tlsKdfs } from "./imported-identity.ts";
import { maxPskIdentityLength, maxTls12PskIdentityLength, maxTls12PskLength, minPskLength } from "./limits.ts";
import { keyBytes, type PresharedKey, presharedKey } from "./preshared-key.ts";

/** What an {@link ExternalPsk} is made of. */
export interface ExternalPskOptions {
  /**
   * The key's name, which goes over the wire in the clear: better a random one than a person's (RFC 9846 §C.4). 1 to 16,384
   * bytes, with the context and eight more if the key is imported; 0 to 8,192 for TLS 1.2, in UTF-8 (RFC 4279 §5.1).
   */
  readonly identity: Uint8Array;
  /** The key, random, at least 16 bytes (RFC 9257 §6): no password. It is copied. */
  readonly key: Uint8Array;
  /**
   * Takes a key of 1 to 15 bytes, for TLS 1.2 alone: whoever sees a handshake, or has one with its client, can try out what the
   * key is (RFC 4279 §7.2). For devices whose key can't be changed. It isn't taken unless told otherwise.
   */
  readonly dangerousShortKey?: boolean | undefined;
  /**
   * The protocol that the key is for, since none is for two (RFC 9257 §4.2, RFC 9258 §7): `"TLS 1.3"` unless told otherwise.
   * `"TLS 1.2"` stands for what was before it, too (RFC 4279): there a key goes with every hash, and isn't imported.
   */
  readonly protocol?: PskProtocol | undefined;
  /** RFC 9846 §4.3.11#external-hash, RFC 9258 §5.1#hash, RFC 8773 §4#hash: the one hash that the key is for, in TLS 1.3: SHA-256 unless told otherwise. */
  readonly hash?: PskHash | undefined;
  /**
   * Imports the key (RFC 9258), with this as its context, which may be empty: a key is made of it for each hash of the
   * cipher suites, and none other is ever used. Both ends have to do so, with the same context. Where a key is known to
   * more than two, or an end is client and server, the context has the names of both ends (RFC 9258 §A). Without it the key
   * is used as it is.
   */
  readonly importContext?: Uint8Array | undefined;
}

/** What a pre-shared key from outside is for. */
export type PskProtocol = "TLS 1.3" | "TLS 1.2";

const aProtocol = expectation('"TLS 1.3" or "TLS 1.2"', (value) => value === "TLS 1.3" || value === "TLS 1.2");
const aPskHash = expectation('"SHA-256" or "SHA-384"', (value) => Object.hasOwn(tlsKdfs, String(value)));

const expected: Expectations<ExternalPskOptions> = {
  identity: bytes,
  key: bytes,
  dangerousShortKey: optional(aBoolean),
  protocol: optional(aProtocol),
  hash: optional(aPskHash),
  importContext: optional(bytes),
};

/** RFC 9258 §5.1#target-protocol, §5.1#tls13-alone: TLS 1.3, as an importer says it. */
const tls13 = 0x0304;

/** Tells keys apart from whoever has the object alone. */
let keyOf: (psk: ExternalPsk) => Uint8Array;

/** A pre-shared key from outside TLS (RFC 9846 §4.3.11, RFC 4279), known to one client and one server. It never shows its key. */
export class ExternalPsk {
  readonly identity: Uint8Array;
  readonly protocol: PskProtocol;
  /** The one that it is for; nothing for one of TLS 1.2. */
  readonly hash: PskHash | undefined;
  readonly importContext: Uint8Array | undefined;
  readonly #key: Uint8Array;

  static {
    keyOf = (psk) => psk.#key;
  }

  /**
   * @throws {TlsError} `invalid_argument`, `unknown_option`; `psk_too_short` for a key below 128 bits; `out_of_range` for
   *   an identity that is too long, or a key for TLS 1.2 that is; `psk_protocol` for a hash or a context of such a key, or
   *   a short one for TLS 1.3 (the caller's fault)
   */
  constructor(options: ExternalPskOptions) {
    checkOptions("ExternalPsk", options, expected);
    const { identity, key, protocol = "TLS 1.3", importContext, dangerousShortKey = false } = options;
    const isOfTls12 = protocol === "TLS 1.2";
    if (isOfTls12 && (options.hash !== undefined || importContext !== undefined)) {
      throw callerError("psk_protocol", "a pre-shared key for TLS 1.2 has no hash of its own, and isn't imported");
    }
    if (!isOfTls12 && dangerousShortKey) {
      throw callerError("psk_protocol", "a pre-shared key for TLS 1.3 can't be a short one");
    }
    // RFC 9258 §5.1, RFC 8773 §4#hash
    const hash = options.hash ?? "SHA-256";
    // RFC 9257 §6: "MUST be at least 128 bits long". How random it is can't be seen.
    const least = dangerousShortKey ? 1 : minPskLength;
    if (key.length < least) {
      throw callerError("psk_too_short", `a pre-shared key has at least ${least} bytes, not ${key.length}`);
    }
    // RFC 4279 §2: its length stands before it.
    if (isOfTls12 && key.length > maxTls12PskLength) {
      throw callerError(
        "out_of_range",
        `a pre-shared key for TLS 1.2 has at most ${maxTls12PskLength} bytes, not ${key.length}`,
      );
    }
    this.identity = new Uint8Array(identity);
    this.protocol = protocol;
    this.hash = isOfTls12 ? undefined : hash;
    this.importContext = importContext && new Uint8Array(importContext);
    this.#key = new Uint8Array(key);
    // RFC 9258 §5.1#length
    const { length } = this.identityFor(hash);
    // RFC 4279 §2: psk_identity<0..2^16-1>, RFC 9846 §4.3.11: identity<1..2^16-1>
    const [fewest, most] = isOfTls12 ? [0, maxTls12PskIdentityLength] : [1, maxPskIdentityLength];
    if (identity.length < fewest || length > most) {
      throw callerError(
        "out_of_range",
        `the identity of a pre-shared key has ${fewest} to ${most} bytes, not ${length}`,
      );
    }
  }

  /** RFC 9258 §5.1#each-suite: the hashes, out of these, that it can be used with in TLS 1.3: its own, or all if it is imported. */
  hashesAmong(hashes: readonly HashName[]): readonly PskHash[] {
    return [...new Set(hashes)]
      .filter(isPskHash)
      .filter((hash) => this.importContext !== undefined || hash === this.hash);
  }

  /** What a ClientHello calls it, for a cipher suite of this hash; imported, with its context (RFC 9258 §5.1#context). */
  identityFor(target: PskHash): Uint8Array {
    if (this.importContext === undefined) return this.identity;
    return encode(ImportedIdentity, {
      externalIdentity: this.identity,
      context: this.importContext,
      targetProtocol: tls13,
      targetKdf: tlsKdfs[target],
    });
  }

  /**
   * The key, for a cipher suite of TLS 1.3 of this hash.
   * @throws {TlsError} `psk_hash` for one that it isn't for (the caller's fault)
   */
  keyFor(provider: CryptoProvider, target: PskHash): PresharedKey<"external" | "imported"> {
    const hash = hashOf(provider, target);
    if (this.importContext !== undefined) return presharedKey("imported", hash, this.#imported(provider, target), this);
    if (target !== this.hash)
      throw callerError("psk_hash", `the pre-shared key is for ${this.hash ?? this.protocol}, not for ${target}`);
    return presharedKey("external", hash, this.#key, this);
  }

  /** One of the same protocol and length that nobody has, to go on with when a peer names one that isn't known. */
  nobodys(random: Random): ExternalPsk {
    const { identity, protocol } = this;
    const key = random(this.#key.length);
    return new ExternalPsk({ identity, protocol, key, dangerousShortKey: key.length < minPskLength });
  }

  /**
   * What a session keeps of the key that it began with, by which both ends see whether they still have that key under that
   * name. Nobody can tell the key by it.
   * @param cipherSuiteHash that of the session's cipher suite.
   * @returns nothing if the key doesn't go with that
   */
  mark(provider: CryptoProvider, cipherSuiteHash: HashName): Uint8Array | undefined {
    const [target] = this.protocol === "TLS 1.2" ? (["SHA-256"] as const) : this.hashesAmong([cipherSuiteHash]);
    if (target === undefined) return undefined;
    const hash = hashOf(provider, target);
    const key = this.protocol === "TLS 1.2" ? this.#key : keyBytes(this.keyFor(provider, target));
    const secret = hkdfExtract(hash, new Uint8Array(hash.length), key);
    const name = hash.digest(concat(asciiBytes(this.protocol), this.identityFor(target)));
    const mark = expanded(hash, secret, "session mark", name, hash.length);
    secret.fill(0);
    return mark;
  }

  /** RFC 9258 §5.1: ipskx. HKDF's hash is the key's own, the length that of the KDF it is made for. */
  #imported(provider: CryptoProvider, target: PskHash): Uint8Array {
    const own = hashOf(provider, this.hash ?? "SHA-256");
    const epskx = hkdfExtract(own, new Uint8Array(own.length), this.#key);
    const identity = own.digest(this.identityFor(target));
    const ipskx = expanded(own, epskx, "derived psk", identity, hashOf(provider, target).length);
    epskx.fill(0);
    return ipskx;
  }

  /**
   * RFC 9258 §4#importer-alone, §4#one-hash, §8#versions-apart, RFC 9257 §4.2: whether another one is of the same key, and uses it
   * otherwise: as it is and not imported, with another hash, or in another protocol.
   */
  isUsedOtherwise(other: ExternalPsk): boolean {
    return this.#use !== other.#use && constantTimeEqual(this.#key, other.#key);
  }

  get #use(): string {
    return `${this.hash ?? this.protocol} ${this.importContext === undefined}`;
  }
}

/** The key itself, for secrets of TLS 1.2 alone. */
export function tls12Key(psk: ExternalPsk): Uint8Array {
  if (psk.protocol !== "TLS 1.2") throw callerError("psk_protocol", "the pre-shared key is for TLS 1.3");
  return keyOf(psk);
}

function isPskHash(hash: HashName): hash is PskHash {
  return Object.hasOwn(tlsKdfs, hash);
}
