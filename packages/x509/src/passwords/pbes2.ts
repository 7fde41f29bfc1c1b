import { CryptoError, type PasswordCryptography, type Random, type Steps, wait } from "@tlskit/crypto";
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../algorithm-identifier.ts";
import { decodeDer } from "../der-reader.ts";
import { derOctetString, derOid, derSequence } from "../der-writer.ts";
import { type X509Error, x509Error } from "../error.ts";
import { encodeUtf8 } from "../unicode.ts";
import { aesCbcOids, type Conversion, notTaken } from "./algorithms.ts";
import { defaultKeyDerivation, deriveNew, type KeyDerivation, readDerivation } from "./derivation.ts";
import type { IterationBudget } from "./iterations.ts";
import { PasswordOid } from "./oids.ts";

/** Opens what was encrypted in a way that no longer protects it. */
export interface OldEncryption {
  /** The identifier of the encryption. */
  readonly oid: string;
  /** @throws {X509Error} `wrong_password`, `unsupported_algorithm`, `too_large`, `invalid_der`, `invalid_argument` */
  decrypt(
    parameters: Uint8Array | undefined,
    ciphertext: Uint8Array,
    inputs: PasswordInputs,
    budget: IterationBudget,
  ): Steps<Uint8Array>;
}

/** A password, and what opens files with it. */
export interface PasswordInputs {
  /** A text is taken as UTF-8. */
  readonly password: string | Uint8Array;
  /** From a provider: `noblePasswordCryptography`, `nodePasswordCryptography`. */
  readonly cryptography: PasswordCryptography;
  /** Opens also what is encrypted the old way: `pkcs12TripleDes(…)`. Without it that is `outdated_encryption`. */
  readonly dangerousOldEncryption?: OldEncryption | undefined;
}

/** How something is to be encrypted with a password. */
export interface EncryptionOptions extends PasswordInputs {
  /** For salts and initialization vectors. */
  readonly random: Random;
  /** PBKDF2 with HMAC-SHA-256 and 600,000 iterations unless told. Lower what it costs for tests alone. */
  readonly keyDerivation?: KeyDerivation;
  /** Bits of the AES key: 256 unless told. */
  readonly aesBits?: 128 | 192 | 256;
}

export function passwordBytes(password: string | Uint8Array): Uint8Array {
  return typeof password === "string" ? encodeUtf8(password) : password;
}

/**
 * Decrypts what PBES2 (RFC 8018 §6.2) encrypted, or the old encryption that the caller takes.
 * ```
 * PBES2-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, encryptionScheme AlgorithmIdentifier }
 * ```
 * CBC authenticates nothing: a wrong password mostly shows by its padding, and sometimes only by what comes out. Whoever
 * calls this answers {@link wrongPassword} to either, so that nobody learns which it was.
 * @throws {X509Error} `wrong_password`, `outdated_encryption`, `unsupported_algorithm`, `too_large`, `invalid_der`
 */
export function* decryptByPassword(
  { oid, parameters }: AlgorithmIdentifier,
  ciphertext: Uint8Array,
  inputs: PasswordInputs,
  file: Conversion,
  budget: IterationBudget,
): Steps<Uint8Array> {
  const { password, cryptography, dangerousOldEncryption: old } = inputs;
  if (old !== undefined && oid === old.oid) return yield* old.decrypt(parameters, ciphertext, inputs, budget);
  if (oid !== PasswordOid.pbes2 || parameters === undefined) throw notTaken(oid, file);
  const what = "the encryption's parameters";
  const { derivation, keyLength, iv } = decodeDer(parameters, what, (reader) => {
    const parts = reader.sequence(what);
    const derivationIdentifier = readAlgorithmIdentifier(parts, "the key derivation");
    const scheme = readAlgorithmIdentifier(parts, "the encryption scheme");
    parts.finish(what);
    const length = ([16, 24, 32] as const).find((candidate) => aesCbcOids[candidate] === scheme.oid);
    if (length === undefined) throw notTaken(scheme.oid, file);
    if (scheme.parameters === undefined) throw x509Error("invalid_der", "the encryption has no initialization vector");
    const vector = decodeDer(scheme.parameters, what, (inner) => inner.octetString("the initialization vector"));
    if (vector.length !== 16) throw x509Error("invalid_der", "the initialization vector has not 16 bytes");
    return { derivation: readDerivation(derivationIdentifier), keyLength: length, iv: vector };
  });
  if (derivation.keyLength !== undefined && derivation.keyLength !== keyLength) {
    throw x509Error("invalid_der", "the key that is derived has another length than the cipher's");
  }
  const key = yield* derivation.derive(cryptography, passwordBytes(password), keyLength, budget);
  try {
    return yield* wait(cryptography.aesCbc.decrypt(key, iv, ciphertext));
  } catch (error) {
    if (error instanceof CryptoError && error.code === "decryption_failed") throw wrongPassword();
    if (error instanceof CryptoError && error.code === "unsupported") {
      throw x509Error("unsupported_algorithm", error.message, error);
    }
    throw error;
  }
}

/** Encrypts by PBES2 with AES in CBC mode: the algorithm's identifier, and the ciphertext. */
export function* encryptPbes2(
  plaintext: Uint8Array,
  { password, cryptography, random, keyDerivation = defaultKeyDerivation, aesBits = 256 }: EncryptionOptions,
): Steps<{ readonly identifier: Uint8Array; readonly ciphertext: Uint8Array }> {
  const length = ([16, 24, 32] as const).find((candidate) => candidate * 8 === aesBits);
  if (length === undefined) throw x509Error("invalid_argument", `AES keys have 128, 192 or 256 bits, not ${aesBits}`);
  const bytes = passwordBytes(password);
  const { identifier: derivation, key } = yield* deriveNew(keyDerivation, cryptography, random, bytes, length);
  const iv = random(16);
  const ciphertext = yield* wait(cryptography.aesCbc.encrypt(key, iv, plaintext));
  const scheme = derSequence(derOid(aesCbcOids[length]), derOctetString(iv));
  return { identifier: derSequence(derOid(PasswordOid.pbes2), derSequence(derivation, scheme)), ciphertext };
}

/** One error, whatever showed that the password isn't the one. */
export function wrongPassword(): X509Error {
  return x509Error("wrong_password", "the password is wrong, or the file is damaged");
}
