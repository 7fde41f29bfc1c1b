import type { CryptoProvider } from "@tlskit/crypto";
import { aeads } from "./aead.ts";
import { blockCiphers } from "./block-cipher.ts";
import { type FiniteFields, finiteFields } from "./finite-field.ts";
import { md5, sha1, sha256, sha384, sha512 } from "./hash.ts";
import { type KeyExchanges, keyExchanges } from "./key-exchange.ts";
import { atOnce, onThreadPool } from "./operations.ts";
import { rsaEncryption } from "./rsa-encryption.ts";
import { type SignatureKeysByType, signatureKeysByType } from "./signature.ts";

export const keyExchangesAtOnce: KeyExchanges = keyExchanges(atOnce);
export const signaturesAtOnce: SignatureKeysByType = signatureKeysByType(atOnce);
export const finiteFieldsAtOnce: FiniteFields | undefined = finiteFields(atOnce);

/**
 * Everything that the runtime has, AES first: it is in hardware nearly everywhere that Node runs. The randomness that is
 * passed in is not used: OpenSSL has its own and takes no other.
 */
export const nodeProvider: CryptoProvider = provider(
  "node:crypto",
  keyExchangesAtOnce,
  signaturesAtOnce,
  finiteFieldsAtOnce,
);

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
  finiteFields(onThreadPool),
);

function provider(
  name: string,
  { x25519MlKem768, x25519, p256, p384, p521, x448 }: KeyExchanges,
  { ecdsaP256, ed25519, ecdsaP384, ecdsaP521, ed448, rsa }: SignatureKeysByType,
  fields: FiniteFields | undefined,
): CryptoProvider {
  const { finiteField, ffdhe2048, ffdhe3072, ffdhe4096, ffdhe6144, ffdhe8192 } = fields ?? {};
  const exchanges = [
    x25519MlKem768,
    x25519,
    p256,
    p384,
    p521,
    x448,
    ffdhe2048,
    ffdhe3072,
    ffdhe4096,
    ffdhe6144,
    ffdhe8192,
  ];
  return {
    name,
    hashes: [sha256, sha384, sha512, sha1],
    aeads,
    keyExchanges: exchanges.filter((exchange) => exchange !== undefined),
    signatures: [ecdsaP256, ed25519, ecdsaP384, ecdsaP521, ed448, rsa].filter((keys) => keys !== undefined),
    blockCiphers,
    rsaEncryption,
    finiteField,
    md5,
  };
}
