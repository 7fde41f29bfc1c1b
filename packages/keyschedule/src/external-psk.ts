import { type CryptoProvider, type HashName, hashOf, hkdfExtract } from "@tlskit/crypto";
import { callerError, encode, toHex } from "@tlskit/wire";
import { bytes, checkOptions, type Expectations, expectation, optional } from "@tlskit/wire/arguments";
import { expanded } from "./expand-label.ts";
import { ImportedIdentity, type PskHash, tlsKdfs } from "./imported-identity.ts";
import { maxPskIdentityLength, minPskLength } from "./limits.ts";
import { type PresharedKey, presharedKey } from "./preshared-key.ts";

/** What an {@link ExternalPsk} is made of. */
export interface ExternalPskOptions {
  /**
   * The key's name, which goes over the wire in the clear: better a random one than a person's (RFC 9846 §C.4). 1 to 16,384
   * bytes, with the context and eight more if the key is imported.
   */
  readonly identity: Uint8Array;
  /** The key, random, at least 16 bytes (RFC 9257 §6): no password. It is copied. */
  readonly key: Uint8Array;
  /** RFC 9846 §4.3.11#external-hash, RFC 9258 §5.1#hash, RFC 8773 §4#hash: the one hash that the key is for: SHA-256 unless told otherwise. */
  readonly hash?: PskHash | undefined;
  /**
   * Imports the key (RFC 9258), with this as its context, which may be empty: a key is made of it for each hash of the
   * cipher suites, and none other is ever used. Both ends have to do so, with the same context. Where a key is known to
   * more than two, or an end is client and server, the context has the names of both ends (RFC 9258 §A). Without it the key
   * is used as it is.
   */
  readonly importContext?: Uint8Array | undefined;
}

const aPskHash = expectation('"SHA-256" or "SHA-384"', (value) => Object.hasOwn(tlsKdfs, String(value)));

const expected: Expectations<ExternalPskOptions> = {
  identity: bytes,
  key: bytes,
  hash: optional(aPskHash),
  importContext: optional(bytes),
};

/** RFC 9258 §5.1#target-protocol, §5.1#tls13-alone: TLS 1.3, as an importer says it. */
const tls13 = 0x0304;

/** A pre-shared key from outside TLS (RFC 9846 §4.3.11), known to one client and one server. It never shows its key. */
export class ExternalPsk {
  readonly identity: Uint8Array;
  readonly hash: PskHash;
  readonly importContext: Uint8Array | undefined;
  readonly #key: Uint8Array;

  /**
   * @throws {TlsError} `invalid_argument`, `unknown_option`; `psk_too_short` for a key below 128 bits; `out_of_range` for
   *   an identity that is too long (the caller's fault)
   */
  constructor(options: ExternalPskOptions) {
    checkOptions("ExternalPsk", options, expected);
    // RFC 9258 §5.1, RFC 8773 §4#hash
    const { identity, key, hash = "SHA-256", importContext } = options;
    // RFC 9257 §6: "MUST be at least 128 bits long". How random it is can't be seen.
    if (key.length < minPskLength) {
      throw callerError("psk_too_short", `a pre-shared key has at least ${minPskLength} bytes, not ${key.length}`);
    }
    this.identity = new Uint8Array(identity);
    this.hash = hash;
    this.importContext = importContext && new Uint8Array(importContext);
    this.#key = new Uint8Array(key);
    // RFC 9258 §5.1#length
    const { length } = this.identityFor(hash);
    if (identity.length === 0 || length > maxPskIdentityLength) {
      throw callerError(
        "out_of_range",
        `the identity of a pre-shared key has 1 to ${maxPskIdentityLength} bytes, not ${length}`,
      );
    }
  }

  /** RFC 9258 §5.1#each-suite: the hashes, out of these, that it can be used with: its own, or all if it is imported. */
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
   * The key, for a cipher suite of this hash.
   * @throws {TlsError} `psk_hash` for one that it isn't for (the caller's fault)
   */
  keyFor(provider: CryptoProvider, target: PskHash): PresharedKey<"external" | "imported"> {
    const hash = hashOf(provider, target);
    if (this.importContext !== undefined) return presharedKey("imported", hash, this.#imported(provider, target), this);
    if (target !== this.hash)
      throw callerError("psk_hash", `the pre-shared key is for ${this.hash}, not for ${target}`);
    return presharedKey("external", hash, this.#key, this);
  }

  /** RFC 9258 §5.1: ipskx. HKDF's hash is the key's own, the length that of the KDF it is made for. */
  #imported(provider: CryptoProvider, target: PskHash): Uint8Array {
    const own = hashOf(provider, this.hash);
    const epskx = hkdfExtract(own, new Uint8Array(own.length), this.#key);
    const identity = own.digest(this.identityFor(target));
    const ipskx = expanded(own, epskx, "derived psk", identity, hashOf(provider, target).length);
    epskx.fill(0);
    return ipskx;
  }

  /**
   * RFC 9258 §4#importer-alone, §4#one-hash: one whose key another one of these uses otherwise: as it is and not imported,
   * or with another hash; nothing if there is none.
   */
  static usedOtherwise(psks: readonly ExternalPsk[]): ExternalPsk | undefined {
    const uses = new Map<string, string>();
    return psks.find((psk) => {
      const key = toHex(psk.#key);
      const use = `${psk.hash} ${psk.importContext === undefined}`;
      const before = uses.get(key) ?? use;
      uses.set(key, before);
      return before !== use;
    });
  }
}

function isPskHash(hash: HashName): hash is PskHash {
  return Object.hasOwn(tlsKdfs, hash);
}
