import type { AeadAlgorithm, AeadName } from "./aead.ts";
import { cryptoError } from "./error.ts";
import type { HashFunction, HashName } from "./hash.ts";
import type { KeyExchange, KeyExchangeName } from "./key-exchange.ts";
import type { Random } from "./random.ts";
import type { PrivateKey, PublicKey, SignatureKeys, SignatureKeyType, Signer, Verifier } from "./signature.ts";

/**
 * A choice of primitives: whole, or just those that a program wants in its bundle.
 *
 * Each list is in order of preference. What protocols prefer by default follows it: a provider whose AES is slow, or
 * not constant-time, puts ChaCha20 first.
 */
export interface CryptoProvider {
  readonly name: string;
  readonly hashes: readonly HashFunction[];
  readonly aeads: readonly AeadAlgorithm[];
  readonly keyExchanges: readonly KeyExchange[];
  readonly signatures: readonly SignatureKeys[];
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it. */
export function hashOf(provider: CryptoProvider, name: HashName): HashFunction {
  return named(provider, provider.hashes, name);
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it. */
export function aeadOf(provider: CryptoProvider, name: AeadName): AeadAlgorithm {
  return named(provider, provider.aeads, name);
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it. */
export function keyExchangeOf(provider: CryptoProvider, name: KeyExchangeName): KeyExchange {
  return named(provider, provider.keyExchanges, name);
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got it. */
export function signatureKeysOf(provider: CryptoProvider, type: SignatureKeyType): SignatureKeys {
  const keys = provider.signatures.find((candidate) => candidate.type === type);
  if (keys === undefined) throw cryptoError("unsupported", `the provider ${provider.name} has no ${type} signatures`);
  return keys;
}

/**
 * A public key made ready to verify.
 * @throws {CryptoError} `unsupported`, `invalid_public_key`
 */
export function verifierFor(provider: CryptoProvider, publicKey: PublicKey): Verifier {
  return signatureKeysOf(provider, publicKey.type).verifier(publicKey);
}

/**
 * A private key made ready to sign.
 * @throws {CryptoError} `unsupported`, `invalid_private_key`
 */
export function signerFor(provider: CryptoProvider, privateKey: PrivateKey, random: Random): Signer {
  return signatureKeysOf(provider, privateKey.type).signer(privateKey, random);
}

function named<N extends string, T extends { readonly name: N }>(
  provider: CryptoProvider,
  list: readonly T[],
  name: N,
): T {
  const found = list.find((candidate) => candidate.name === name);
  if (found === undefined) throw cryptoError("unsupported", `the provider ${provider.name} has no ${name}`);
  return found;
}
