import {
  type CryptoProvider,
  type Random,
  run,
  runSync,
  type SignatureAlgorithm,
  type SigningKey,
  type Steps,
  signerFor,
} from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { derExplicit, derInteger, derSequence, derSmallInteger, derUnsignedInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { type DistributionPoint, encodeDistributionPoints } from "../extensions/distribution-points.ts";
import { type Extension, encodeExtensions } from "../extensions/extension.ts";
import { encodeAuthorityKeyIdentifier, keyIdentifierOf } from "../extensions/key-identifiers.ts";
import { encodeGeneralNames } from "../general-name.ts";
import { maximumCrlNumberOctets } from "../limits.ts";
import type { Name } from "../name.ts";
import { Oid } from "../oids.ts";
import { encodeRevocationReason, type RevocationReason } from "../revocation/reason.ts";
import { encodeSigned, signTbs } from "../sign-tbs.ts";
import { writeGeneralizedTime, writeTime } from "../time.ts";
import { CertificateRevocationList } from "./crl.ts";
import { encodeIssuingDistributionPoint, type IssuingDistributionPoint } from "./issuing-distribution-point.ts";

/** A certificate that a CRL is to list. */
export interface Revocation {
  /** Two's complement, as encoded: that of a `Certificate` or of another CRL's entry. */
  readonly serialNumber: Uint8Array;
  readonly revocationDate: Date;
  /** Unless told, nothing is said, which is what `unspecified` means. */
  readonly reason?: RevocationReason | undefined;
  /** Since when the key is known or suspected not to be safe. */
  readonly invalidityDate?: Date | undefined;
  /** Who issued it, in an indirect CRL: the CRL's issuer unless told. */
  readonly issuer?: Name | undefined;
}

/** What a CRL is to say, and who signs it. */
export interface CrlContents {
  /** Checks that the signer is the issuer's. */
  readonly provider: CryptoProvider;
  /** For signatures that need it. */
  readonly random: Random;
  /** Signs: with the issuer's key. */
  readonly signer: SigningKey;
  /** Whose CRL it is: its key usage, if it has one, must include cRLSign. */
  readonly issuer: Certificate;
  readonly thisUpdate: Date;
  /** By when the next one will be issued. */
  readonly nextUpdate: Date;
  /** Each CRL of an issuer has a larger one than the one before (RFC 5280 §5.2.3). */
  readonly cRLNumber: bigint | number;
  readonly revoked: Iterable<Revocation>;
  /** Makes it a delta CRL: the number of the complete CRL from which on it tells what changed (RFC 5280 §5.2.4). */
  readonly baseCRLNumber?: bigint | number | undefined;
  /** What certificates it is about, if not all that the issuer issued. */
  readonly issuingDistributionPoint?: Partial<IssuingDistributionPoint> | undefined;
  /** Where delta CRLs are to be had. */
  readonly freshestCRL?: readonly DistributionPoint[] | undefined;
  /** How it is signed: see {@link createCertificate}. */
  readonly signatureAlgorithm?: SignatureAlgorithm | undefined;
}

/**
 * Makes and signs a CRL of version 2 (RFC 5280 §5), as steps, for signers that may answer later; {@link createCrlSync}
 * and {@link createCrlAsync} run them. It has the issuer's key identifier and a number, and whatever is asked for.
 * @throws {X509Error} `invalid_argument`, `signer_mismatch`, `unsupported_algorithm`, `too_large`
 */
export function* createCrl(contents: CrlContents): Steps<CertificateRevocationList> {
  const { provider, issuer, thisUpdate, nextUpdate, signatureAlgorithm } = contents;
  // RFC 5280 §6.3.3 (f): a CRL that nobody would believe isn't made
  if (issuer.keyUsage !== undefined && !issuer.keyUsage.has("cRLSign")) {
    throw x509Error("invalid_argument", `the key of ${issuer.subject} is not for cRLSign`);
  }
  if (!(nextUpdate > thisUpdate)) throw x509Error("invalid_argument", "nextUpdate doesn't lie after thisUpdate");
  const signer = signerFor(provider, contents.signer, contents.random);
  const entries = encodeEntries(contents);
  const extensions = encodeExtensions(chooseExtensions(contents));
  const signed = yield* signTbs(
    { provider, signer, key: issuer.subjectPublicKeyInfo, signatureAlgorithm },
    (algorithm) =>
      derSequence(
        derSmallInteger(1),
        algorithm,
        issuer.subject.der,
        writeTime(thisUpdate),
        writeTime(nextUpdate),
        // RFC 5280 §5.1.2.6: absent if there are none
        ...(entries.length === 0 ? [] : [derSequence(entries)]),
        derExplicit(0, extensions),
      ),
  );
  return CertificateRevocationList.fromDer(encodeSigned(signed));
}

/**
 * {@link createCrl}, at once.
 * @throws {CryptoError} `would_wait` with a signer that answers later
 */
export function createCrlSync(contents: CrlContents): CertificateRevocationList {
  return runSync(createCrl(contents));
}

/** {@link createCrl}, with any signer. */
export async function createCrlAsync(contents: CrlContents): Promise<CertificateRevocationList> {
  return await run(createCrl(contents));
}

function chooseExtensions({
  provider,
  issuer,
  cRLNumber,
  baseCRLNumber,
  issuingDistributionPoint,
  freshestCRL,
}: CrlContents): readonly Extension[] {
  const keyIdentifier = issuer.subjectKeyIdentifier ?? keyIdentifierOf(provider, issuer.subjectPublicKeyInfo);
  const extensions: Extension[] = [
    { oid: Oid.authorityKeyIdentifier, critical: false, value: encodeAuthorityKeyIdentifier(keyIdentifier) },
    { oid: Oid.cRLNumber, critical: false, value: encodeCrlNumber(cRLNumber) },
  ];
  if (baseCRLNumber !== undefined) {
    if (!(baseCRLNumber < cRLNumber)) {
      throw x509Error("invalid_argument", `a delta CRL's number is larger than its base's, ${baseCRLNumber}`);
    }
    extensions.push({ oid: Oid.deltaCRLIndicator, critical: true, value: encodeCrlNumber(baseCRLNumber) });
  }
  if (issuingDistributionPoint !== undefined) {
    const { distributionPoint, onlyContains, onlySomeReasons, indirectCRL = false } = issuingDistributionPoint;
    const value = encodeIssuingDistributionPoint({ distributionPoint, onlyContains, onlySomeReasons, indirectCRL });
    extensions.push({ oid: Oid.issuingDistributionPoint, critical: true, value });
  }
  if (freshestCRL !== undefined) {
    // RFC 5280 §5.2.6: not in a delta CRL
    if (baseCRLNumber !== undefined)
      throw x509Error("invalid_argument", "a delta CRL doesn't tell where delta CRLs are");
    extensions.push({ oid: Oid.freshestCRL, critical: false, value: encodeDistributionPoints(freshestCRL) });
  }
  return extensions;
}

function encodeCrlNumber(number: bigint | number): Uint8Array {
  if (number < 0 || (typeof number === "number" && !Number.isSafeInteger(number))) {
    throw x509Error("invalid_argument", `a CRL's number is a whole number from 0, got ${number}`);
  }
  const octets: number[] = [];
  for (let rest = BigInt(number); rest > 0n; rest >>= 8n) octets.unshift(Number(rest & 0xffn));
  // RFC 5280 §5.2.3
  if (octets.length > maximumCrlNumberOctets) {
    throw x509Error("invalid_argument", `a CRL's number has at most ${maximumCrlNumberOctets} octets`);
  }
  return derUnsignedInteger(Uint8Array.from(octets));
}

function encodeEntries(contents: CrlContents): Uint8Array {
  const { issuer: crlIssuer, revoked, issuingDistributionPoint, baseCRLNumber } = contents;
  const entries: Uint8Array[] = [];
  let previous = crlIssuer.subject;
  for (const { serialNumber, revocationDate, reason, invalidityDate, issuer = crlIssuer.subject } of revoked) {
    const extensions: Extension[] = [];
    // RFC 5280 §5.3.1: "the reason code CRL entry extension SHOULD be absent instead of using the unspecified value"
    if (reason !== undefined && reason !== "unspecified") {
      // RFC 5280 §5.3.1: in delta CRLs alone
      if (reason === "removeFromCRL" && baseCRLNumber === undefined) {
        throw x509Error("invalid_argument", "only a delta CRL takes a certificate off another");
      }
      extensions.push({ oid: Oid.reasonCode, critical: false, value: encodeRevocationReason(reason) });
    }
    if (invalidityDate !== undefined) {
      extensions.push({ oid: Oid.invalidityDate, critical: false, value: writeGeneralizedTime(invalidityDate) });
    }
    // RFC 5280 §5.3.3: where it isn't that of the entry before
    if (!issuer.equals(previous)) {
      if (issuingDistributionPoint?.indirectCRL !== true) {
        throw x509Error("invalid_argument", "only an indirect CRL lists certificates of other issuers");
      }
      const value = encodeGeneralNames([{ type: "directoryName", value: issuer }]);
      extensions.push({ oid: Oid.certificateIssuer, critical: true, value });
      previous = issuer;
    }
    entries.push(
      derSequence(
        derInteger(serialNumber),
        writeTime(revocationDate),
        ...(extensions.length === 0 ? [] : [encodeExtensions(extensions)]),
      ),
    );
  }
  return joined(entries);
}

/** As `concat` does, for more parts than a call can have arguments. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
