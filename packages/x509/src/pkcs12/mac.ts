import {
  constantTimeEqual,
  type HashFunction,
  type HashName,
  type PasswordCryptography,
  type Random,
  type Steps,
} from "@tlskit/crypto";
import { type AlgorithmIdentifier, isEmpty, readAlgorithmIdentifier } from "../algorithm-identifier.ts";
import { type DerReader, decodeDer } from "../der-reader.ts";
import { derNull, derOctetString, derOid, derSequence, derSmallInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { maximumMacKeyOctets } from "../limits.ts";
import { describeOid, Oid } from "../oids.ts";
import { hashOfHmac, hmacOids } from "../passwords/algorithms.ts";
import { deriveNew, type KeyDerivation, readDerivation } from "../passwords/derivation.ts";
import type { IterationBudget } from "../passwords/iterations.ts";
import { PasswordOid } from "../passwords/oids.ts";
import { encodeUtf8 } from "../unicode.ts";
import { derivePkcs12, hashFunction, Purpose, passwordOctets } from "./derivation.ts";

const digestOids: Readonly<Record<HashName, string>> = {
  "SHA-1": Oid.idSha1,
  "SHA-256": Oid.idSha256,
  "SHA-384": Oid.idSha384,
  "SHA-512": Oid.idSha512,
};

/** A password as text, since PKCS#12 takes it as UTF-16 at one place and as UTF-8 at the other. */
export interface Pkcs12Password {
  readonly password: string;
  readonly cryptography: PasswordCryptography;
}

/** A MAC read from a file, before a password is known. */
export interface FileMac {
  /** Whether it is the MAC of these contents with this password. */
  verify(contents: Uint8Array, inputs: Pkcs12Password, budget: IterationBudget): Steps<boolean>;
}

/**
 * RFC 7292 §4.
 * ```
 * MacData ::= SEQUENCE { mac DigestInfo, macSalt OCTET STRING, iterations INTEGER DEFAULT 1 }
 * DigestInfo ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING }
 * ```
 * @throws {X509Error} `unsupported_algorithm`, `invalid_der`, `too_large`
 */
export function readMac(reader: DerReader): FileMac {
  const what = "the MAC";
  const parts = reader.sequence(what);
  const info = parts.sequence(what);
  const algorithm = readAlgorithmIdentifier(info, "the MAC's algorithm");
  const expected = info.octetString(what);
  info.finish(what);
  const salt = parts.octetString("the MAC's salt");
  const iterations = parts.done ? 1 : parts.smallInteger(0x7fffffff, "the MAC's iteration count");
  parts.finish(what);
  if (algorithm.oid === PasswordOid.pbmac1) return readPbmac1(algorithm, expected);
  const hashName = hashOfDigest(algorithm);
  return {
    *verify(contents, { password, cryptography }, budget) {
      budget.spend(iterations);
      const hash = hashFunction(cryptography, hashName);
      const isMac = (octets: Uint8Array): boolean =>
        constantTimeEqual(hash.hmac(deriveMacKey(hash, octets, salt, iterations), contents), expected);
      if (isMac(passwordOctets(password))) return true;
      if (password !== "") return false;
      // .NET and `certtool --null-password` take no password for no octets at all, as appendix B.2 step 3 allows
      budget.spend(iterations);
      return isMac(new Uint8Array(0));
    },
  };
}

/**
 * RFC 9579 §5: PBMAC1, whose key comes from PBKDF2. The salt and the count beside it mean nothing.
 * ```
 * PBMAC1-params ::= SEQUENCE { keyDerivationFunc AlgorithmIdentifier, messageAuthScheme AlgorithmIdentifier }
 * ```
 */
function readPbmac1({ parameters }: AlgorithmIdentifier, expected: Uint8Array): FileMac {
  const what = "the parameters of PBMAC1";
  if (parameters === undefined) throw x509Error("invalid_der", `${what} are missing`);
  const { derivation, hashName } = decodeDer(parameters, what, (reader) => {
    const parts = reader.sequence(what);
    const read = readDerivation(readAlgorithmIdentifier(parts, "the key derivation"));
    const hash = hashOfHmac(readAlgorithmIdentifier(parts, "the MAC's scheme"));
    parts.finish(what);
    return { derivation: read, hashName: hash };
  });
  const { keyLength } = derivation;
  // RFC 9579 §4: the key length MUST be there; and 20 octets are the least
  if (keyLength === undefined || keyLength < 20) {
    throw x509Error("invalid_der", "PBMAC1 has no key length, or one of less than 20 bytes");
  }
  if (keyLength > maximumMacKeyOctets) {
    throw x509Error("too_large", `PBMAC1 has a key of at most ${maximumMacKeyOctets} bytes, got ${keyLength}`);
  }
  return {
    *verify(contents, { password, cryptography }, budget) {
      const key = yield* derivation.derive(cryptography, encodeUtf8(password), keyLength, budget);
      return constantTimeEqual(hashFunction(cryptography, hashName).hmac(key, contents), expected);
    },
  };
}

/** A new MAC, as an element. HMAC-SHA-256 with the key derivation of RFC 7292 is what most software reads. */
export function* makeMac(
  contents: Uint8Array,
  { password, cryptography }: Pkcs12Password,
  random: Random,
  keyDerivation: KeyDerivation,
  kind: "PKCS#12" | "PBMAC1",
): Steps<Uint8Array> {
  const hash = hashFunction(cryptography, "SHA-256");
  const macData = (algorithm: Uint8Array, digest: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array =>
    derSequence(
      derSequence(algorithm, derOctetString(digest)),
      derOctetString(salt),
      // X.690 §11.5: the default isn't encoded
      ...(iterations === 1 ? [] : [derSmallInteger(iterations)]),
    );
  if (kind === "PBMAC1") {
    const bytes = encodeUtf8(password);
    const { identifier, key } = yield* deriveNew(keyDerivation, cryptography, random, bytes, hash.length);
    const scheme = derSequence(derOid(hmacOids["SHA-256"]), derNull());
    const algorithm = derSequence(derOid(PasswordOid.pbmac1), derSequence(identifier, scheme));
    // RFC 9579 §5: what is beside it is there for old software to read, and to fail with
    return macData(algorithm, hash.hmac(key, contents), random(8), 1);
  }
  if (keyDerivation.name !== "PBKDF2") {
    throw x509Error("invalid_argument", 'only the MAC "PBMAC1" goes with scrypt');
  }
  const salt = random(16);
  const key = deriveMacKey(hash, passwordOctets(password), salt, keyDerivation.iterations);
  const algorithm = derSequence(derOid(digestOids["SHA-256"]), derNull());
  return macData(algorithm, hash.hmac(key, contents), salt, keyDerivation.iterations);
}

/** RFC 7292 appendix B.4: as many bytes as the hash has. */
function deriveMacKey(hash: HashFunction, password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array {
  return derivePkcs12(hash, Purpose.macKey, password, salt, iterations, hash.length);
}

function hashOfDigest({ oid, parameters }: AlgorithmIdentifier): HashName {
  for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"] as const) {
    if (digestOids[hash] === oid && isEmpty(parameters)) return hash;
  }
  throw x509Error("unsupported_algorithm", `a MAC with ${describeOid(oid)} is not supported`);
}
