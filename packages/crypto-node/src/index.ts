/**
 * What protocols need from cryptography, by `node:crypto` (Node, Deno, Bun). Answers at once, or from the thread pool.
 * @module
 */
import type { KeyExchange, SignatureKeys } from "@tlskit/crypto";
import { keyExchangesAtOnce as exchanges, signaturesAtOnce as signatures } from "./providers.ts";

export * from "./aead.ts";
export { sha1, sha256, sha384, sha512 } from "./hash.ts";
export { signerFromKeyObject } from "./key-object.ts";
export { type IdleKeySharesOptions, keySharesAhead } from "./key-shares-ahead.ts";
export { nodePasswordCryptography } from "./password.ts";
export { nodeProvider, threadPoolProvider } from "./providers.ts";

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
