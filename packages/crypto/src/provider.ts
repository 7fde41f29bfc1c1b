import type { AeadAlgorithm, AeadName } from "./aead.ts";
import { cryptoError } from "./error.ts";
import type { HashFunction, HashName } from "./hash.ts";
import type { KeyExchange, KeyExchangeName } from "./key-exchange.ts";
import type { Random } from "./random.ts";
import type { PublicKey, SignatureKeys, SignatureKeyType, Signer, SigningKey, Verifier } from "./signature.ts";

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

type List = "hashes" | "aeads" | "keyExchanges" | "signatures";

function found<L extends List>(
  provider: CryptoProvider,
  list: L,
  what: string,
  isIt: (candidate: CryptoProvider[L][number]) => boolean,
): CryptoProvider[L][number] {
  expected(has(provider, list, "object"), "provider", "a provider of cryptography");
  const candidates: readonly CryptoProvider[L][number][] = provider[list];
  const candidate = candidates.find(isIt);
  if (candidate === undefined) throw cryptoError("unsupported", `the provider ${provider.name} has no ${what}`);
  return candidate;
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
