/**
 * Cryptography by WebCrypto: a provider, signers of keys that can't be extracted, and what passwords need.
 * @module
 */
export { type SubtlePasswords, type SubtleUsage, webPasswordCryptography } from "./passwords.ts";
export { type Besides, createWebProvider } from "./provider.ts";
export { type SubtleSignature, type SubtleSigning, type WebCryptoKey, webCryptoSigner } from "./signer.ts";
export type {
  SubtleAead,
  SubtleAlgorithm,
  SubtleCryptography,
  SubtleJwk,
  SubtleKeyUsage,
} from "./subtle.ts";
