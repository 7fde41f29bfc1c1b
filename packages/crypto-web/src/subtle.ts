/** What WebCrypto takes: bytes of memory that isn't shared. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** How WebCrypto is told an algorithm, here. */
export interface SubtleAlgorithm {
  readonly name: string;
  readonly namedCurve?: string;
  readonly hash?: string;
  readonly saltLength?: number;
  readonly modulusLength?: number;
  readonly publicExponent?: Bytes;
}

/** A key as JSON (RFC 7517), as far as it is used here. */
export interface SubtleJwk {
  kty?: string;
  crv?: string;
  x?: string;
  y?: string;
  d?: string;
  n?: string;
  e?: string;
  p?: string;
  q?: string;
  dp?: string;
  dq?: string;
  qi?: string;
}

/** What a key may be used for. */
export type SubtleKeyUsage = "encrypt" | "decrypt" | "deriveBits" | "sign" | "verify";

/** As much of `SubtleCrypto` as a provider needs: `crypto.subtle` is one. */
export interface SubtleCryptography<K> {
  importKey(
    format: "raw",
    key: Bytes,
    algorithm: SubtleAlgorithm,
    extractable: boolean,
    usages: SubtleKeyUsage[],
  ): PromiseLike<K>;
  importKey(
    format: "jwk",
    key: SubtleJwk,
    algorithm: SubtleAlgorithm,
    extractable: boolean,
    usages: SubtleKeyUsage[],
  ): PromiseLike<K>;
  exportKey(format: "raw", key: K): PromiseLike<ArrayBuffer>;
  exportKey(format: "jwk", key: K): PromiseLike<SubtleJwk>;
  generateKey(algorithm: SubtleAlgorithm, extractable: boolean, usages: SubtleKeyUsage[]): PromiseLike<unknown>;
  deriveBits(algorithm: { name: string; public: K }, key: K, length: number): PromiseLike<ArrayBuffer>;
  sign(algorithm: SubtleAlgorithm, key: K, data: Bytes): PromiseLike<ArrayBuffer>;
  verify(algorithm: SubtleAlgorithm, key: K, signature: Bytes, data: Bytes): PromiseLike<boolean>;
  encrypt(algorithm: SubtleAead, key: K, data: Bytes): PromiseLike<ArrayBuffer>;
  decrypt(algorithm: SubtleAead, key: K, data: Bytes): PromiseLike<ArrayBuffer>;
}

/** An AEAD's parameters. */
export interface SubtleAead {
  readonly name: string;
  readonly iv: Bytes;
  readonly additionalData: Bytes;
  readonly tagLength: number;
}

/** A pair of keys, which `generateKey` gives for all that is asked for here. */
export interface SubtleKeyPair<K> {
  readonly privateKey: K;
  readonly publicKey: K;
}

/** Makes a pair of keys. */
export async function generatePair<K>(
  subtle: SubtleCryptography<K>,
  algorithm: SubtleAlgorithm,
  extractable: boolean,
  usages: SubtleKeyUsage[],
): Promise<SubtleKeyPair<K>> {
  // Of an asymmetric algorithm it is a pair, by WebCrypto's specification, which types leave open.
  return (await subtle.generateKey(algorithm, extractable, usages)) as SubtleKeyPair<K>;
}

/** A copy in memory of its own, which WebCrypto may be given whatever it was. */
export function copied(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes);
}
