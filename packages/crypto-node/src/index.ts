/**
 * What protocols need from cryptography, by `node:crypto` (Node, Deno, Bun). Answers at once, or from the thread pool.
 * @module
 */
import type { CryptoProvider, KeyExchange, SignatureKeys } from "@tlskit/crypto";
import { aeads } from "./aead.ts";
import { sha1, sha256, sha384, sha512 } from "./hash.ts";
import { type KeyExchanges, keyExchanges } from "./key-exchange.ts";
import { atOnce, onThreadPool } from "./operations.ts";
import { type SignatureKeysByType, signatureKeysByType } from "./signature.ts";

export * from "./aead.ts";
export { signerFromKeyObject } from "./key-object.ts";
export { nodePasswordCryptography } from "./password.ts";
export { sha1, sha256, sha384, sha512 };

const exchanges = keyExchanges(atOnce);
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

const signatures = signatureKeysByType(atOnce);
export const ecdsaP256: SignatureKeys = signatures.ecdsaP256;
export const ecdsaP384: SignatureKeys = signatures.ecdsaP384;
/** Absent where the runtime has none. */
export const ecdsaP521: SignatureKeys | undefined = signatures.ecdsaP521;
export const ed25519: SignatureKeys = signatures.ed25519;
/** Absent where the runtime has none. */
export const ed448: SignatureKeys | undefined = signatures.ed448;
export const rsa: SignatureKeys = signatures.rsa;

/**
 * Everything that the runtime has, AES first: it is in hardware nearly everywhere that Node runs. The randomness that is
 * passed in is not used: OpenSSL has its own and takes no other.
 */
export const nodeProvider: CryptoProvider = provider("node:crypto", exchanges, signatures);

/**
 * The same, but for what takes long: key agreement, signatures and making keys are computed on libuv's thread pool
 * (`UV_THREADPOOL_SIZE`) and answered later, so that a server of many handshakes goes on with everything else. A handshake
 * by itself is slower for it. What a runtime hasn't got in such a form is answered at once: `diffieHellman` before
 * Node 23.11; all but making keys in Deno.
 */
export const threadPoolProvider: CryptoProvider = provider(
  "node:crypto, thread pool",
  keyExchanges(onThreadPool),
  signatureKeysByType(onThreadPool),
);

function provider(
  name: string,
  { x25519MlKem768, x25519, p256, p384, p521, x448 }: KeyExchanges,
  { ecdsaP256, ed25519, ecdsaP384, ecdsaP521, ed448, rsa }: SignatureKeysByType,
): CryptoProvider {
  return {
    name,
    hashes: [sha256, sha384, sha512, sha1],
    aeads,
    keyExchanges: [x25519MlKem768, x25519, p256, p384, p521, x448].filter((exchange) => exchange !== undefined),
    signatures: [ecdsaP256, ed25519, ecdsaP384, ecdsaP521, ed448, rsa].filter((keys) => keys !== undefined),
  };
}
