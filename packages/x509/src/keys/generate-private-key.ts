import {
  type CryptoProvider,
  type Random,
  run,
  runSync,
  type SignatureKeyType,
  type Steps,
  signatureKeysOf,
  wait,
} from "@tlskit/crypto";
import { DeclaredPrivateKey } from "./private-key.ts";

/** What kind of key is to be made. */
export interface KeyGeneration {
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** P-256 unless told. */
  readonly type?: SignatureKeyType;
  /** Bits of an RSA modulus: 2048 unless told. */
  readonly modulusBits?: number;
}

/**
 * Makes a private key that signs, as steps; {@link generatePrivateKeySync} and {@link generatePrivateKeyAsync} run them.
 * @throws {CryptoError} `unsupported`, `invalid_argument`
 */
export function* generatePrivateKey(generation: KeyGeneration): Steps<DeclaredPrivateKey> {
  const { provider, random, type = "P-256", modulusBits } = generation;
  return DeclaredPrivateKey.of(yield* wait(signatureKeysOf(provider, type).generate(random, modulusBits)));
}

/**
 * {@link generatePrivateKey}, at once.
 * @throws {CryptoError} `would_wait` with a provider that answers later
 */
export function generatePrivateKeySync(generation: KeyGeneration): DeclaredPrivateKey {
  return runSync(generatePrivateKey(generation));
}

/** {@link generatePrivateKey}, with any provider. */
export async function generatePrivateKeyAsync(generation: KeyGeneration): Promise<DeclaredPrivateKey> {
  return await run(generatePrivateKey(generation));
}
