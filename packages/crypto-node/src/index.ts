/**
 * What protocols need from cryptography, by `node:crypto` (Node, Deno, Bun). Answers at once.
 * @module
 */
import type { CryptoProvider } from "@tlskit/crypto";
import { aeads } from "./aead.ts";
import { sha1, sha256, sha384, sha512 } from "./hash.ts";
import { p256, p384, p521, x448, x25519, x25519MlKem768 } from "./key-exchange.ts";
import { ecdsaP256, ecdsaP384, ecdsaP521, ed448, ed25519, rsa } from "./signature.ts";

export * from "./aead.ts";
export { signerFromKeyObject } from "./key-object.ts";
export { nodePasswordCryptography } from "./password.ts";
export {
  ecdsaP256,
  ecdsaP384,
  ecdsaP521,
  ed448,
  ed25519,
  p256,
  p384,
  p521,
  rsa,
  sha1,
  sha256,
  sha384,
  sha512,
  x448,
  x25519,
  x25519MlKem768,
};

/**
 * Everything that the runtime has, AES first: it is in hardware nearly everywhere that Node runs. The randomness that is
 * passed in is not used: OpenSSL has its own and takes no other.
 */
export const nodeProvider: CryptoProvider = {
  name: "node:crypto",
  hashes: [sha256, sha384, sha512, sha1],
  aeads,
  keyExchanges: [x25519MlKem768, x25519, p256, p384, p521, x448].filter((exchange) => exchange !== undefined),
  signatures: [ecdsaP256, ed25519, ecdsaP384, ecdsaP521, ed448, rsa].filter((keys) => keys !== undefined),
};
