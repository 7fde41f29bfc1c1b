/**
 * What protocols need from cryptography, in portable JavaScript on @noble. Answers at once, works everywhere.
 * @module
 */
export { aes128Gcm, aes256Gcm, chacha20Poly1305 } from "./aead.ts";
export { aes128Cbc, aes256Cbc } from "./block-cipher.ts";
export { ecdsaP256, ecdsaP384, ecdsaP521 } from "./ecdsa.ts";
export { ed448, ed25519 } from "./eddsa.ts";
export { ffdhe2048, ffdhe3072, ffdhe4096, ffdhe6144, ffdhe8192, finiteField } from "./finite-field.ts";
export { md5, sha1, sha256, sha384, sha512 } from "./hash.ts";
export { p256, p384, p521, x448, x25519, x25519MlKem768 } from "./key-exchange.ts";
export { noblePasswordCryptography } from "./password.ts";
export { nobleProvider } from "./provider.ts";
export { rsa, rsaVerification } from "./rsa.ts";
export { rsaEncryption } from "./rsa-encryption.ts";
export { nobleTls12Provider } from "./tls12-provider.ts";
