/**
 * What protocols need from cryptography, by `node:crypto` (Node, Deno, Bun). Answers at once, or from the thread pool.
 * @module
 */
import type { FiniteField, KeyExchange, SignatureKeys } from "@tlskit/crypto";
import {
  keyExchangesAtOnce as exchanges,
  finiteFieldsAtOnce as fields,
  signaturesAtOnce as signatures,
} from "./providers.ts";

export * from "./aead.ts";
export { aes128Cbc, aes256Cbc, tripleDesCbc } from "./block-cipher.ts";
export { md5, sha1, sha256, sha384, sha512 } from "./hash.ts";
export { decrypterFromKeyObject, signerFromKeyObject } from "./key-object.ts";
export { type IdleKeySharesOptions, keySharesAhead } from "./key-shares-ahead.ts";
export { nodePasswordCryptography, nodeTripleDesCbc } from "./password.ts";
export { nodeProvider, threadPoolProvider } from "./providers.ts";
export { rsaEncryption } from "./rsa-encryption.ts";

/** Absent where the runtime has no ML-KEM (Node before 24.7). */
export const x25519MlKem768: KeyExchange | undefined = exchanges.x25519MlKem768;
/** RFC 7748. */
export const x25519: KeyExchange = exchanges.x25519;
/** Absent where the runtime has none. */
export const x448: KeyExchange | undefined = exchanges.x448;
export const p256: KeyExchange = exchanges.p256;
export const p384: KeyExchange = exchanges.p384;
/** Absent where the runtime has none. */
export const p521: KeyExchange | undefined = exchanges.p521;

export const ecdsaP256: SignatureKeys = signatures.ecdsaP256;
export const ecdsaP384: SignatureKeys = signatures.ecdsaP384;
/** Absent where the runtime has none. */
export const ecdsaP521: SignatureKeys | undefined = signatures.ecdsaP521;
export const ed25519: SignatureKeys = signatures.ed25519;
/** Absent where the runtime has none. */
export const ed448: SignatureKeys | undefined = signatures.ed448;
export const rsa: SignatureKeys = signatures.rsa;

/** These are absent where the runtime has none: in Bun. */
export const finiteField: FiniteField | undefined = fields?.finiteField;
export const ffdhe2048: KeyExchange | undefined = fields?.ffdhe2048;
export const ffdhe3072: KeyExchange | undefined = fields?.ffdhe3072;
export const ffdhe4096: KeyExchange | undefined = fields?.ffdhe4096;
export const ffdhe6144: KeyExchange | undefined = fields?.ffdhe6144;
export const ffdhe8192: KeyExchange | undefined = fields?.ffdhe8192;
