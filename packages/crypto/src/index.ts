/**
 * What protocols need from cryptography, as interfaces, and the driver for computations that may have to wait.
 * @module
 */
export type { Aead, AeadAlgorithm, AeadName } from "./aead.ts";
export type {
  BlockCipher,
  BlockCipherAlgorithm,
  BlockCipherName,
  MacThenEncryptOpening,
} from "./block-cipher.ts";
export { constantTimeEqual } from "./constant-time.ts";
export { ecdsaSignatureFromDer, ecdsaSignatureToDer } from "./ecdsa-signature.ts";
export { CryptoError, type CryptoErrorCode, cryptoError } from "./error.ts";
export {
  type FiniteField,
  type FiniteFieldGroup,
  type FiniteFieldKeyExchange,
  type FiniteFieldKeyPair,
  finiteField,
  finiteFieldPrimeBits,
  type MinimalFiniteFieldGroup,
} from "./finite-field.ts";
export type { HashFunction, HashName, RunningHash } from "./hash.ts";
export type { HeaderProtection } from "./header-protection.ts";
export { hkdfExpand, hkdfExtract } from "./hkdf.ts";
export type { KeyExchange, KeyExchangeName, KeyShareAnswer, KeyShareOffer } from "./key-exchange.ts";
export {
  defaultKeySharesAhead,
  KeySharesAhead,
  type KeySharesAheadOptions,
  maximumKeySharesAhead,
} from "./key-shares-ahead.ts";
export { openOnce, sealOnce } from "./once.ts";
export type { AesCbc, PasswordCryptography, ScryptParameters } from "./password.ts";
export { checkPlace } from "./place.ts";
export {
  aeadOf,
  blockCipherOf,
  type CryptoProvider,
  decrypterFor,
  encrypterFor,
  finiteFieldOf,
  hashOf,
  isDecrypter,
  isSigner,
  keyExchangeOf,
  md5Of,
  signatureKeysOf,
  signerFor,
  verifierFor,
} from "./provider.ts";
export type { Random } from "./random.ts";
export type { Decrypter, DecryptionKey, Encrypter, RsaEncryption } from "./rsa-encryption.ts";
export { checkRsaPublicKey, rsaModulusBits, rsaSignatureLength } from "./rsa-limits.ts";
export {
  checkFiniteFieldGroup,
  type FfdheName,
  ffdheGroup,
  ffdheKeyExchange,
  maxRememberedPrimes,
  maxTestedPrimeBits,
} from "./safe-primes.ts";
export type {
  CurveName,
  EcPrivateKey,
  EcPublicKey,
  EdwardsCurveName,
  EdwardsPrivateKey,
  EdwardsPublicKey,
  LegacySignatureAlgorithm,
  PrivateKey,
  PublicKey,
  RsaPrivateKey,
  RsaPublicKey,
  SignatureAlgorithm,
  SignatureHash,
  SignatureKeys,
  SignatureKeyType,
  Signer,
  SigningKey,
  Verifier,
} from "./signature.ts";
export {
  type Awaitable,
  allOf,
  Driver,
  isWaitable,
  type Outcome,
  run,
  runSync,
  type Steps,
  type Waitable,
  wait,
} from "./steps.ts";
