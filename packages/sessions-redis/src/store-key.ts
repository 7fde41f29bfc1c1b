import {
  type AeadAlgorithm,
  aeadOf,
  CryptoError,
  type CryptoProvider,
  type HashFunction,
  hashOf,
  hkdfExpand,
  hkdfExtract,
  openOnce,
  type Random,
  sealOnce,
} from "@tlskit/crypto";
import { asciiBytes, callerError, concat, decodeBase64Url, encodeBase64Url } from "@tlskit/wire";
import { aFunction, aString, bytes, type Expectations, listOf, objectWith } from "@tlskit/wire/arguments";
import { ofRedis, type RedisOptions } from "./redis.ts";

/** What secrets in Redis are kept with. */
export interface SealedInRedisOptions extends RedisOptions {
  /** With SHA-256 and AES-256-GCM. */
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** Milliseconds since 1970, as `Date.now` gives them. */
  readonly clock: () => number;
  /**
   * 32 random bytes or more, in a fleet the same, that are kept where the servers' private keys are: what is stored is
   * sealed with it, so that whoever reads Redis alone learns nothing.
   */
  readonly key: Uint8Array;
}

export const ofSealedInRedis: Expectations<SealedInRedisOptions> = {
  ...ofRedis,
  provider: objectWith("a provider of cryptography, as of @tlskit/crypto-noble", {
    hashes: listOf(objectWith("a hash", { name: aString })),
    aeads: listOf(objectWith("an AEAD", { name: aString, withKey: aFunction })),
  }),
  random: aFunction,
  clock: aFunction,
  key: bytes,
};

const saltLength = 16;
const nameLength = 16;

/**
 * What the key that a fleet's operator gives is good for: it names what is stored, and seals it. Each value is sealed
 * under a key of its own, derived from a salt and from what the value belongs to, so that one that is moved elsewhere
 * doesn't open.
 */
export class StoreKey {
  readonly #random: Random;
  readonly #hash: HashFunction;
  readonly #aead: AeadAlgorithm;
  readonly #pseudorandomKey: Uint8Array;

  /** @throws {TlsError} `out_of_range` (the caller's fault) @throws {CryptoError} `unsupported` */
  constructor({ provider, random, key }: SealedInRedisOptions) {
    if (key.length < 32) throw callerError("out_of_range", `key has 32 bytes at least, not ${key.length}`);
    this.#random = random;
    this.#hash = hashOf(provider, "SHA-256");
    this.#aead = aeadOf(provider, "AES-256-GCM");
    this.#pseudorandomKey = hkdfExtract(this.#hash, new Uint8Array(0), key);
  }

  /** A name that tells nobody what it stands for. */
  nameOf(kind: string, subject: Uint8Array): string {
    return encodeBase64Url(this.#derive(`${kind} name`, subject, nameLength));
  }

  /** @param subject whose value it is. */
  async seal(kind: string, subject: Uint8Array, value: Uint8Array): Promise<string> {
    const salt = this.#random(saltLength);
    const { key, nonce } = this.#keyOf(kind, salt, subject);
    return encodeBase64Url(concat(salt, await sealOnce(this.#aead, key, nonce, salt, value)));
  }

  /** The value; nothing if it isn't this subject's, or was sealed with another key. */
  async open(kind: string, subject: Uint8Array, sealed: string): Promise<Uint8Array | undefined> {
    const stored = decodeBase64Url(sealed);
    if (stored === undefined || stored.length < saltLength + this.#aead.tagLength) return undefined;
    const salt = stored.subarray(0, saltLength);
    const { key, nonce } = this.#keyOf(kind, salt, subject);
    try {
      return await openOnce(this.#aead, key, nonce, salt, stored.subarray(saltLength));
    } catch (error) {
      if (error instanceof CryptoError && error.code === "authentication_failed") return undefined;
      throw error;
    }
  }

  /** The salt makes key and nonce others for each value. */
  #keyOf(
    kind: string,
    salt: Uint8Array,
    subject: Uint8Array,
  ): { readonly key: Uint8Array; readonly nonce: Uint8Array } {
    const { keyLength, nonceLength } = this.#aead;
    const derived = this.#derive(kind, concat(salt, subject), keyLength + nonceLength);
    return { key: derived.subarray(0, keyLength), nonce: derived.subarray(keyLength) };
  }

  #derive(label: string, subject: Uint8Array, length: number): Uint8Array {
    const info = concat(asciiBytes(`tlskit redis ${label}`), Uint8Array.of(0), subject);
    return hkdfExpand(this.#hash, this.#pseudorandomKey, info, length);
  }
}
