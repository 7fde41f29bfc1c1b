import {
  CryptoError,
  type HashName,
  type PasswordCryptography,
  type Random,
  type ScryptParameters,
  type Steps,
  wait,
} from "@tlskit/crypto";
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../algorithm-identifier.ts";
import { type DerReader, decodeDer } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { derNull, derOctetString, derOid, derSequence, derSmallInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { maximumScryptBytes } from "../limits.ts";
import { describeOid } from "../oids.ts";
import { digestLengths, hashOfHmac, hmacOids } from "./algorithms.ts";
import type { IterationBudget } from "./iterations.ts";
import { PasswordOid } from "./oids.ts";

/** How a key is made of a password. */
export type KeyDerivation =
  | { readonly name: "PBKDF2"; readonly hash: Exclude<HashName, "SHA-1">; readonly iterations: number }
  | ({ readonly name: "scrypt" } & ScryptParameters);

/** What OWASP asks of PBKDF2 with HMAC-SHA-256 since 2023: some 0.2 s in native code, some 2 s in JavaScript. */
export const defaultKeyDerivation: KeyDerivation = { name: "PBKDF2", hash: "SHA-256", iterations: 600_000 };

/** A derivation read from a file, before a password is known. */
export interface Derivation {
  /** If the file says it. */
  readonly keyLength: number | undefined;
  derive(
    cryptography: PasswordCryptography,
    password: Uint8Array,
    keyLength: number,
    budget: IterationBudget,
  ): Steps<Uint8Array>;
}

const what = "the key derivation";

/** @throws {X509Error} `invalid_der`, `unsupported_algorithm` */
export function readDerivation({ oid, parameters }: AlgorithmIdentifier): Derivation {
  const read = oid === PasswordOid.pbkdf2 ? readPbkdf2 : oid === PasswordOid.scrypt ? readScrypt : undefined;
  if (read === undefined || parameters === undefined) {
    throw x509Error("unsupported_algorithm", `key derivation by ${describeOid(oid)} is not supported`);
  }
  return decodeDer(parameters, what, read);
}

/** A derivation with a new salt: its identifier, and the key that it gives. */
export function* deriveNew(
  derivation: KeyDerivation,
  cryptography: PasswordCryptography,
  random: Random,
  password: Uint8Array,
  keyLength: number,
): Steps<{ readonly identifier: Uint8Array; readonly key: Uint8Array }> {
  const salt = random(16);
  if (derivation.name === "scrypt") {
    const { cost, blockSize, parallelization } = derivation;
    const key = yield* deriveByScrypt(cryptography, password, salt, derivation, keyLength);
    const parameters = [cost, blockSize, parallelization, keyLength].map(derSmallInteger);
    return {
      identifier: derSequence(derOid(PasswordOid.scrypt), derSequence(derOctetString(salt), ...parameters)),
      key,
    };
  }
  const { hash, iterations } = derivation;
  if (!Number.isInteger(iterations) || iterations < 1 || iterations > 0x7fffffff) {
    throw x509Error("invalid_argument", `iterations are a whole number from 1, got ${iterations}`);
  }
  const key = yield* wait(cryptography.pbkdf2(hash, password, salt, iterations, keyLength));
  const identifier = derSequence(
    derOid(PasswordOid.pbkdf2),
    derSequence(
      derOctetString(salt),
      derSmallInteger(iterations),
      derSmallInteger(keyLength),
      derSequence(derOid(hmacOids[hash]), derNull()),
    ),
  );
  return { identifier, key };
}

/**
 * RFC 8018 appendix A.2.
 * ```
 * PBKDF2-params ::= SEQUENCE { salt CHOICE { specified OCTET STRING, otherSource AlgorithmIdentifier },
 *   iterationCount INTEGER (1..MAX), keyLength INTEGER (1..MAX) OPTIONAL, prf AlgorithmIdentifier DEFAULT hmacWithSHA1 }
 * ```
 */
function readPbkdf2(reader: DerReader): Derivation {
  const parts = reader.sequence(what);
  const salt = parts.octetString("the salt");
  const iterations = parts.smallInteger(0x7fffffff, "the iteration count");
  const keyLength = parts.nextTag === Tag.integer ? parts.smallInteger(0xffff, "the key length") : undefined;
  const hash = parts.done ? "SHA-1" : hashOfHmac(readAlgorithmIdentifier(parts, "the pseudo-random function"));
  parts.finish(what);
  if (iterations === 0) throw x509Error("invalid_der", "the iteration count is zero");
  return {
    keyLength,
    *derive(cryptography, password, length, budget) {
      // RFC 8018 §5.2: each block of the key takes all iterations anew
      budget.spend(iterations * Math.ceil(length / digestLengths[hash]));
      return yield* wait(cryptography.pbkdf2(hash, password, salt, iterations, length));
    },
  };
}

/**
 * RFC 7914 §7.1.
 * ```
 * scrypt-params ::= SEQUENCE { salt OCTET STRING, costParameter INTEGER (1..MAX), blockSize INTEGER (1..MAX),
 *   parallelizationParameter INTEGER (1..MAX), keyLength INTEGER (1..MAX) OPTIONAL }
 * ```
 */
function readScrypt(reader: DerReader): Derivation {
  const parts = reader.sequence(what);
  const salt = parts.octetString("the salt");
  const cost = parts.smallInteger(0x7fffffff, "the cost");
  const blockSize = parts.smallInteger(0x7fffffff, "the block size");
  const parallelization = parts.smallInteger(0x7fffffff, "the parallelization");
  const keyLength = parts.done ? undefined : parts.smallInteger(0xffff, "the key length");
  parts.finish(what);
  return {
    keyLength,
    *derive(cryptography, password, length, budget) {
      // RFC 7914 §2: N · r · p blocks of 128 bytes are mixed twice, which is some two iterations' work each
      budget.spend(cost * blockSize * parallelization);
      return yield* deriveByScrypt(cryptography, password, salt, { cost, blockSize, parallelization }, length);
    },
  };
}

function* deriveByScrypt(
  { name, scrypt }: PasswordCryptography,
  password: Uint8Array,
  salt: Uint8Array,
  parameters: ScryptParameters,
  keyLength: number,
): Steps<Uint8Array> {
  if (scrypt === undefined) throw x509Error("unsupported_algorithm", `${name} has no scrypt`);
  const { cost, blockSize, parallelization } = parameters;
  if (128 * blockSize * (cost + parallelization) > maximumScryptBytes) {
    throw x509Error("too_large", `scrypt may take ${maximumScryptBytes} bytes of memory, and would take more`);
  }
  try {
    return yield* wait(scrypt(password, salt, parameters, keyLength));
  } catch (error) {
    if (error instanceof CryptoError) throw x509Error("unsupported_algorithm", error.message, error);
    throw error;
  }
}
