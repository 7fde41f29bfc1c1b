import { type CryptoProvider, type HashName, hashOf } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import { isEmpty, readAlgorithmIdentifier } from "../algorithm-identifier.ts";
import type { Certificate } from "../certificate.ts";
import type { DerReader } from "../der-reader.ts";
import { derInteger, derNull, derOctetString, derOid, derSequence } from "../der-writer.ts";
import type { Name } from "../name.ts";
import { Oid } from "../oids.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";

/**
 * Which certificate a request asks about, or a response answers for (RFC 6960 §4.1.1).
 * ```
 * CertID ::= SEQUENCE {
 *   hashAlgorithm AlgorithmIdentifier, issuerNameHash OCTET STRING, issuerKeyHash OCTET STRING,
 *   serialNumber CertificateSerialNumber }
 * ```
 */
export interface CertId {
  /** Its object identifier, also of a hash that isn't known. */
  readonly hashAlgorithm: string;
  /** The hash, if it is known. */
  readonly hash: HashName | undefined;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  /** Two's complement, as encoded. */
  readonly serialNumber: Uint8Array;
}

/** A CA, as far as a CertID knows it. */
export interface CertIdIssuer {
  readonly name: Name;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
}

const hashOids = {
  "SHA-1": Oid.idSha1,
  "SHA-256": Oid.idSha256,
  "SHA-384": Oid.idSha384,
  "SHA-512": Oid.idSha512,
} as const satisfies Record<HashName, string>;
const hashes: readonly HashName[] = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];

export function readCertId(reader: DerReader): CertId {
  const what = "a CertID";
  const parts = reader.sequence(what);
  const { oid, parameters } = readAlgorithmIdentifier(parts, what);
  const issuerNameHash = parts.octetString(what);
  const issuerKeyHash = parts.octetString(what);
  const serialNumber = parts.integer(what);
  parts.finish(what);
  // RFC 5754 §2: parameters are absent, or NULL as they used to be
  const plain = isEmpty(parameters);
  const hash = plain ? hashes.find((name) => hashOids[name] === oid) : undefined;
  return { hashAlgorithm: oid, hash, issuerNameHash, issuerKeyHash, serialNumber };
}

export function encodeCertId({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }: CertId): Uint8Array {
  return derSequence(
    // NULL, as everybody has it: some responders answer requests of one form only
    derSequence(derOid(hashAlgorithm), derNull()),
    derOctetString(issuerNameHash),
    derOctetString(issuerKeyHash),
    derInteger(serialNumber),
  );
}

/** @throws {CryptoError} `unsupported` if the provider hasn't got the hash */
export function certIdOf(
  provider: CryptoProvider,
  hash: HashName,
  certificate: Certificate,
  issuer: CertIdIssuer,
): CertId {
  const { digest } = hashOf(provider, hash);
  return {
    hashAlgorithm: hashOids[hash],
    hash,
    issuerNameHash: digest(issuer.name.der),
    issuerKeyHash: digest(issuer.subjectPublicKeyInfo.subjectPublicKey),
    serialNumber: certificate.serialNumber,
  };
}

/** Whether a CertID is of this certificate; not if its hash is unknown, or one that the provider hasn't got. */
export function certIdMatches(
  provider: CryptoProvider,
  id: CertId,
  certificate: Certificate,
  issuer: CertIdIssuer,
): boolean {
  // which needs no hash
  if (!equalBytes(id.serialNumber, certificate.serialNumber)) return false;
  const { hash } = id;
  if (hash === undefined || !provider.hashes.some(({ name }) => name === hash)) return false;
  const own = certIdOf(provider, hash, certificate, issuer);
  return equalBytes(id.issuerNameHash, own.issuerNameHash) && equalBytes(id.issuerKeyHash, own.issuerKeyHash);
}
