import { type PrivateKey, run, runSync, type Steps } from "@tlskit/crypto";
import { readAlgorithmIdentifier } from "../algorithm-identifier.ts";
import { decodeDer } from "../der-reader.ts";
import { derOctetString, derSequence } from "../der-writer.ts";
import { X509Error, x509Error } from "../error.ts";
import { maximumEncryptedPrivateKeyBytes } from "../limits.ts";
import { IterationBudget } from "../passwords/iterations.ts";
import {
  decryptByPassword,
  type EncryptionOptions,
  encryptPbes2,
  type PasswordInputs,
  wrongPassword,
} from "../passwords/pbes2.ts";
import { decodePem, isPem, toPem } from "../pem.ts";
import { type DeclaredPrivateKey, guarded, privateKeyFromPkcs8, privateKeyToPkcs8, readPkcs8 } from "./private-key.ts";
import type { PrivateKeyOptions } from "./private-key-options.ts";
import { refuseLegacyEncryption } from "./private-key-pem.ts";

/** A password and what opens a key with it, and what completes the key. */
export interface DecryptionOptions extends PasswordInputs, PrivateKeyOptions {
  /** How much work a file may ask for: 5,000,000 iterations unless told. */
  readonly maximumIterations?: number;
}

/**
 * Decrypts a private key that signs (RFC 5958 §3, PBES2 with AES), as steps; {@link decryptPrivateKeySync} and
 * {@link decryptPrivateKeyAsync} run them.
 * ```
 * EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING }
 * ```
 * @param encrypted a PEM text, of which the first block `ENCRYPTED PRIVATE KEY` is taken, or a file's bytes, in PEM or DER
 * @throws {X509Error} `wrong_password`, `outdated_encryption`, `unsupported_algorithm`, `too_large`, `invalid_pem`,
 *   `invalid_private_key`, `missing_public_key`
 */
export function* decryptPrivateKey(
  encrypted: string | Uint8Array,
  options: DecryptionOptions,
): Steps<DeclaredPrivateKey> {
  const isText = typeof encrypted === "string" || isPem(encrypted);
  const der = isText ? encryptedBlock(encrypted) : new Uint8Array(encrypted);
  return privateKeyFromPkcs8(
    yield* decryptPkcs8(der, options, new IterationBudget(options.maximumIterations)),
    options,
  );
}

/**
 * {@link decryptPrivateKey}, at once.
 * @throws {CryptoError} `would_wait` with a provider that answers later
 */
export function decryptPrivateKeySync(encrypted: string | Uint8Array, options: DecryptionOptions): DeclaredPrivateKey {
  return runSync(decryptPrivateKey(encrypted, options));
}

/** {@link decryptPrivateKey}, with any provider. */
export async function decryptPrivateKeyAsync(
  encrypted: string | Uint8Array,
  options: DecryptionOptions,
): Promise<DeclaredPrivateKey> {
  return await run(decryptPrivateKey(encrypted, options));
}

/**
 * Encrypts a private key, as PEM, as steps; {@link encryptPrivateKeySync} and {@link encryptPrivateKeyAsync} run them.
 * Unless told by PBES2 with PBKDF2-HMAC-SHA-256, 600,000 iterations and AES-256-CBC.
 */
export function* encryptPrivateKey(key: DeclaredPrivateKey | PrivateKey, options: EncryptionOptions): Steps<string> {
  return toPem("ENCRYPTED PRIVATE KEY", yield* encryptPkcs8(privateKeyToPkcs8(key), options));
}

/**
 * {@link encryptPrivateKey}, at once.
 * @throws {CryptoError} `would_wait` with a provider that answers later
 */
export function encryptPrivateKeySync(key: DeclaredPrivateKey | PrivateKey, options: EncryptionOptions): string {
  return runSync(encryptPrivateKey(key, options));
}

/** {@link encryptPrivateKey}, with any provider. */
export async function encryptPrivateKeyAsync(
  key: DeclaredPrivateKey | PrivateKey,
  options: EncryptionOptions,
): Promise<string> {
  return await run(encryptPrivateKey(key, options));
}

/**
 * EncryptedPrivateKeyInfo to PKCS#8.
 * @param toDer makes DER of what was decrypted, where that may be something else
 */
export function* decryptPkcs8(
  der: Uint8Array,
  inputs: PasswordInputs,
  budget: IterationBudget,
  file: "private key" | "PKCS#12" = "private key",
  toDer: (encoding: Uint8Array) => Uint8Array = (encoding) => encoding,
): Steps<Uint8Array> {
  if (der.length > maximumEncryptedPrivateKeyBytes) {
    throw x509Error("too_large", `an encrypted private key has at most ${maximumEncryptedPrivateKeyBytes} bytes`);
  }
  const what = "the encrypted private key";
  const { algorithm, ciphertext } = guarded(() =>
    decodeDer(der, what, (reader) => {
      const parts = reader.sequence(what);
      const identifier = readAlgorithmIdentifier(parts, "the encryption");
      const octets = parts.octetString(what);
      parts.finish(what);
      return { algorithm: identifier, ciphertext: octets };
    }),
  );
  const plaintext = yield* decryptByPassword(algorithm, ciphertext, inputs, file, budget);
  try {
    const pkcs8 = toDer(plaintext);
    readPkcs8(pkcs8);
    return pkcs8;
  } catch (error) {
    // one wrong password in 256 leaves a padding that looks right
    if (error instanceof X509Error) throw wrongPassword();
    throw error;
  }
}

/** PKCS#8 to EncryptedPrivateKeyInfo. */
export function* encryptPkcs8(pkcs8: Uint8Array, options: EncryptionOptions): Steps<Uint8Array> {
  const { identifier, ciphertext } = yield* encryptPbes2(pkcs8, options);
  return derSequence(identifier, derOctetString(ciphertext));
}

function encryptedBlock(text: string | Uint8Array): Uint8Array {
  for (const block of decodePem(text)) {
    refuseLegacyEncryption(block);
    if (block.label === "ENCRYPTED PRIVATE KEY") return block.bytes;
  }
  throw x509Error("invalid_pem", "the text has no block ENCRYPTED PRIVATE KEY");
}
