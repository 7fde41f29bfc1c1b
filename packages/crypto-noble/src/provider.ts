import type { CryptoProvider } from "@tlskit/crypto";
import { aes128Gcm, aes256Gcm, chacha20Poly1305 } from "./aead.ts";
import { ecdsaP256, ecdsaP384, ecdsaP521 } from "./ecdsa.ts";
import { ed448, ed25519 } from "./eddsa.ts";
import { sha1, sha256, sha384, sha512 } from "./hash.ts";
import { p256, p384, p521, x448, x25519, x25519MlKem768 } from "./key-exchange.ts";
import { rsa } from "./rsa.ts";

/**
 * Everything there is, ChaCha20-Poly1305 first: AES in JavaScript is slow and, by its tables, not constant-time.
 * With a seeded source of randomness everything comes out the same, byte for byte.
 */
export const nobleProvider: CryptoProvider = {
  name: "noble",
  hashes: [sha256, sha384, sha512, sha1],
  aeads: [chacha20Poly1305, aes128Gcm, aes256Gcm],
  keyExchanges: [x25519MlKem768, x25519, p256, p384, p521, x448],
  signatures: [ecdsaP256, ed25519, ecdsaP384, ecdsaP521, ed448, rsa],
};
