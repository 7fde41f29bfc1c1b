import type { HashFunction } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { X509Error } from "../error.ts";
import { Oid } from "../oids.ts";
import { publicKeyText, signatureAlgorithmText } from "./algorithm-text.ts";
import { alignedText } from "./aligned.ts";
import { generalNameText } from "./general-name-text.ts";
import { escapedText } from "./hostile-text.ts";
import { octetsText, oidText } from "./numbers.ts";
import { durationText, timeText } from "./times.ts";

/** What is told of a certificate that isn't in it. */
export interface CertificateTextOptions {
  /** The time from which is told how long it is still valid, or since when it no longer is. */
  readonly at?: Date | undefined;
  /** SHA-256, for the certificate's fingerprint. */
  readonly sha256?: HashFunction | undefined;
}

/** A certificate for people: whose it is, and below that what it says, a line each. Ends with a line's end. */
export function certificateText(certificate: Certificate, options: CertificateTextOptions = {}): string {
  return `${certificateTitle(certificate)}\n${alignedText(certificateFacts(certificate, options), "  ")}`;
}

/** Whose a certificate is: its subject or, where there is none, the hosts that stand for it. */
export function certificateTitle({ subject, subjectAlternativeName }: Certificate): string {
  if (!subject.isEmpty) return `${subject}`;
  return escapedText(subjectAlternativeName?.dnsNames.join(", ") ?? "") || "(no subject)";
}

/**
 * What a certificate says: a label and a text each, in an order for people. What others wrote is escaped; an extension
 * that can't be decoded is `malformed`.
 */
export function certificateFacts(
  certificate: Certificate,
  { at, sha256 }: CertificateTextOptions = {},
): readonly (readonly [label: string, text: string])[] {
  const { validity, basicConstraints, nameConstraints } = certificate;
  const rows: readonly (readonly [string, () => string | undefined])[] = [
    ["issued by", () => `${certificate.issuer}`],
    ["valid from", () => timeText(validity.notBefore)],
    ["valid until", () => `${timeText(validity.notAfter)}${at === undefined ? "" : remaining(validity.notAfter, at)}`],
    ["names", () => listed(certificate.subjectAlternativeName?.all.map(generalNameText))],
    ["key", () => publicKeyText(certificate.subjectPublicKeyInfo)],
    ["signed with", () => signatureAlgorithmText(certificate.signatureAlgorithm)],
    ["serial number", () => octetsText(certificate.serialNumber)],
    ["CA", () => (basicConstraints?.ca === true ? authority(basicConstraints.pathLength) : undefined)],
    ["key usage", () => listed(certificate.keyUsage)],
    ["purposes", () => listed(certificate.extendedKeyUsage && [...certificate.extendedKeyUsage].map(oidText))],
    ["permitted names", () => listed(nameConstraints?.permittedSubtrees.map(generalNameText))],
    ["excluded names", () => listed(nameConstraints?.excludedSubtrees.map(generalNameText))],
    [
      "policies",
      () => listed(certificate.certificatePolicies?.map(({ policyIdentifier }) => oidText(policyIdentifier))),
    ],
    ["OCSP", () => listed(accessLocations(certificate, Oid.ocsp))],
    ["CRL", () => listed(crlLocations(certificate))],
    ["issuer's certificate", () => listed(accessLocations(certificate, Oid.caIssuers))],
    ["must staple", () => (certificate.tlsFeature?.has(5) === true ? "yes" : undefined)],
    ["timestamps", () => counted(certificate.signedCertificateTimestamps)],
    ["SHA-256", () => sha256 && octetsText(sha256.digest(certificate.der))],
  ];
  return rows.flatMap(([label, read]) => {
    const text = orMalformed(read);
    return text === undefined ? [] : [[label, text] as const];
  });
}

/** The extensions that {@link certificateFacts} has words for. */
export const extensionsInFacts: ReadonlySet<string> = new Set([
  Oid.subjectAltName,
  Oid.basicConstraints,
  Oid.keyUsage,
  Oid.extKeyUsage,
  Oid.nameConstraints,
  Oid.certificatePolicies,
  Oid.authorityInfoAccess,
  Oid.cRLDistributionPoints,
  Oid.tlsFeature,
  Oid.signedCertificateTimestampList,
  Oid.subjectKeyIdentifier,
  Oid.authorityKeyIdentifier,
]);

/** Where something about a certificate is to be had, by `Oid.ocsp` or `Oid.caIssuers`. */
export function accessLocations({ authorityInfoAccess }: Certificate, method: string): readonly string[] {
  return (authorityInfoAccess ?? [])
    .filter(({ accessMethod }) => accessMethod === method)
    .map(({ accessLocation }) => generalNameText(accessLocation));
}

/** Where a certificate says that its CRLs are to be had. */
export function crlLocations({ cRLDistributionPoints }: Certificate): readonly string[] {
  return (cRLDistributionPoints ?? []).flatMap(({ distributionPoint }) =>
    distributionPoint?.type === "fullName" ? distributionPoint.names.all.map(generalNameText) : [],
  );
}

function orMalformed(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) return "malformed";
    throw error;
  }
}

function remaining(notAfter: Date, at: Date): string {
  const left = notAfter.getTime() - at.getTime();
  return left < 0 ? `, ${durationText(-left)} ago` : `, in ${durationText(left)}`;
}

function authority(pathLength: number | undefined): string {
  if (pathLength === undefined) return "yes";
  return pathLength === 0 ? "yes, with no CA below it" : `yes, with ${pathLength} CAs below it at most`;
}

function counted(timestamps: readonly Uint8Array[] | undefined): string | undefined {
  return timestamps && `${timestamps.length} SCTs`;
}

function listed(texts: Iterable<string> | undefined): string | undefined {
  const all = texts === undefined ? [] : [...texts];
  return all.length === 0 ? undefined : all.map(escapedText).join(", ");
}
