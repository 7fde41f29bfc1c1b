import type { AeadAlgorithm, AeadName } from "./aead.ts";
import type { BlockCipherAlgorithm, BlockCipherName } from "./block-cipher.ts";
import { cryptoError } from "./error.ts";
import type { FiniteField } from "./finite-field.ts";
import type { HashFunction, HashName } from "./hash.ts";
import type { KeyExchange, KeyExchangeName } from "./key-exchange.ts";
import type { Random } from "./random.ts";
import type { Decrypter, DecryptionKey, Encrypter, RsaEncryption } from "./rsa-encryption.ts";
import type {
  PublicKey,
  RsaPublicKey,
  SignatureKeys,
  SignatureKeyType,
  Signer,
  SigningKey,
  Verifier,
} from "./signature.ts";

/**
 * A choice of primitives: whole, or just those that a program wants in its bundle.
 *
 * Each list is in order of preference. What protocols prefer by default follows it: a provider whose AES is slow, or
 * not constant-time, puts ChaCha20 first.
 *
 * What may be absent is what TLS 1.3 never needs: cipher suites and key exchanges of TLS 1.2 and before that nobody gets
 * unless asked for. A provider leaves out what it can't do well, and whoever makes one for TLS 1.3 alone all of it.
 */
export interface CryptoProvider {
  readonly name: string;
  readonly hashes: readonly HashFunction[];
  readonly aeads: readonly AeadAlgorithm[];
  readonly keyExchanges: readonly KeyExchange[];
  readonly signatures: readonly SignatureKeys[];
  /** For cipher suites with CBC. */
  readonly blockCiphers?: readonly BlockCipherAlgorithm[] | undefined;
  /** For the key exchange by RSA. */
  readonly rsaEncryption?: RsaEncryption | undefined;
  /** For the key exchange by Diffie-Hellman in groups that a server of TLS 1.2 or before chooses. */
  readonly finiteField?: FiniteField | undefined;
  /** For TLS 1.0 and 1.1, whose key schedule and signatures take it together with SHA-1. */
  readonly md5?: HashFunction<"MD5"> | undefined;
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it, `invalid_argument` */
export function hashOf(provider: CryptoProvider, name: HashName): HashFunction {
  return found(provider, "hashes", name, ({ name: own }) => own === name);
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it, `invalid_argument` */
export function aeadOf(provider: CryptoProvider, name: AeadName): AeadAlgorithm {
  return found(provider, "aeads", name, ({ name: own }) => own === name);
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it, `invalid_argument` */
export function keyExchangeOf(provider: CryptoProvider, name: KeyExchangeName): KeyExchange {
  return found(provider, "keyExchanges", name, ({ name: own }) => own === name);
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it, `invalid_argument` */
export function signatureKeysOf(provider: CryptoProvider, type: SignatureKeyType): SignatureKeys {
  return found(provider, "signatures", `${type} signatures`, ({ type: own }) => own === type);
}

/**
 * A public key made ready to verify.
 * @throws {CryptoError} `unsupported`, `invalid_public_key`, `invalid_argument`
 */
export function verifierFor(provider: CryptoProvider, publicKey: PublicKey): Verifier {
  expected(has(publicKey, "type", "string"), "publicKey", "a public key in its parts");
  return signatureKeysOf(provider, publicKey.type).verifier(publicKey);
}

/**
 * What signs with a key: a private key made ready, or the signer that it is already.
 * @throws {CryptoError} `unsupported`, `invalid_private_key`, `invalid_argument`
 */
export function signerFor(provider: CryptoProvider, key: SigningKey, random: Random): Signer {
  if (isSigner(key)) return key;
  const parts = has(key, "privateKey", "object") ? key.privateKey : key;
  expected(has(parts, "type", "string"), "key", "a private key or a signer");
  expected(typeof random === "function", "random", "a function");
  return signatureKeysOf(provider, parts.type).signer(parts, random);
}

/** Whether it is a signer, and not a private key that has to be made one. */
export function isSigner(key: SigningKey): key is Signer {
  return has(key, "sign", "function");
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it, `invalid_argument` */
export function blockCipherOf(provider: CryptoProvider, name: BlockCipherName): BlockCipherAlgorithm {
  const { blockCiphers = [] } = checkedProvider(provider);
  return present(
    provider,
    name,
    blockCiphers.find(({ name: own }) => own === name),
  );
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it, `invalid_argument` */
export function finiteFieldOf(provider: CryptoProvider): FiniteField {
  return present(provider, "Diffie-Hellman over finite fields", checkedProvider(provider).finiteField);
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it, `invalid_argument` */
export function md5Of(provider: CryptoProvider): HashFunction<"MD5"> {
  return present(provider, "MD5", checkedProvider(provider).md5);
}

/**
 * A public key made ready to encrypt.
 * @throws {CryptoError} `unsupported`, `invalid_public_key`, `invalid_argument`
 */
export function encrypterFor(provider: CryptoProvider, publicKey: RsaPublicKey): Encrypter {
  expected(has(publicKey, "modulus", "object"), "publicKey", "an RSA public key in its parts");
  return present(provider, "encryption with RSA", checkedProvider(provider).rsaEncryption).encrypter(publicKey);
}

/**
 * What decrypts with a key: a private key made ready, or the decrypter that it is already.
 * @throws {CryptoError} `unsupported`, `invalid_private_key`, `invalid_argument`
 */
export function decrypterFor(provider: CryptoProvider, key: DecryptionKey): Decrypter {
  if (isDecrypter(key)) return key;
  const parts = has(key, "privateKey", "object") ? key.privateKey : key;
  expected(has(parts, "privateExponent", "object"), "key", "an RSA private key or a decrypter");
  return present(provider, "decryption with RSA", checkedProvider(provider).rsaEncryption?.decrypter)(parts);
}

/** Whether it is a decrypter, and not a private key that has to be made one. */
export function isDecrypter(key: DecryptionKey): key is Decrypter {
  return has(key, "decrypt", "function");
}

function checkedProvider(provider: CryptoProvider): CryptoProvider {
  expected(has(provider, "hashes", "object"), "provider", "a provider of cryptography");
  return provider;
}

function present<T>(provider: CryptoProvider, what: string, found: T | undefined): T {
  if (found === undefined) throw cryptoError("unsupported", `the provider ${provider.name} has no ${what}`);
  return found;
}

type List = "hashes" | "aeads" | "keyExchanges" | "signatures";

function found<L extends List>(
  provider: CryptoProvider,
  list: L,
  what: string,
  isIt: (candidate: CryptoProvider[L][number]) => boolean,
): CryptoProvider[L][number] {
  expected(has(provider, list, "object"), "provider", "a provider of cryptography");
  const candidates: readonly CryptoProvider[L][number][] = provider[list];
  return present(provider, what, candidates.find(isIt));
}

/** For callers in JavaScript, whom no compiler tells. */
function expected(holds: boolean, argument: string, what: string): void {
  if (!holds) throw cryptoError("invalid_argument", `${argument} is not ${what}`);
}

function has<Name extends string>(
  value: unknown,
  member: Name,
  type: "function" | "object" | "string",
): value is { readonly [M in Name]: unknown } {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, member) === type;
}
