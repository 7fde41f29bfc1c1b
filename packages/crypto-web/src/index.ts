/**
 * Cryptography by WebCrypto: signers of keys that can't be extracted, and what passwords need.
 * @module
 */
export { type SubtlePasswords, type SubtleUsage, webPasswordCryptography } from "./passwords.ts";
export { type SubtleSignature, type SubtleSigning, type WebCryptoKey, webCryptoSigner } from "./signer.ts";
