import { hashOf } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type Certificate,
  modulusBits,
  Oid,
  type SubjectPublicKeyInfo,
  signatureMethod,
  X509Error,
} from "@tlskit/x509";
import { generalName, octets, oidName, shown, span, time } from "./text.ts";

/** What a certificate says, for people: a label and a text each. */
export function facts(certificate: Certificate, now: Date): readonly (readonly [string, string])[] {
  const { validity, basicConstraints, nameConstraints } = certificate;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["issued by", `${certificate.issuer}`],
    ["valid from", time(validity.notBefore)],
    ["valid until", `${time(validity.notAfter)}${remaining(certificate, now)}`],
    ["names", listed(certificate.subjectAlternativeName?.all.map(generalName))],
    ["key", keyName(certificate.subjectPublicKeyInfo)],
    ["signed with", signatureName(certificate)],
    ["serial number", octets(certificate.serialNumber)],
    ["CA", basicConstraints?.ca === true ? authority(basicConstraints.pathLength) : undefined],
    ["key usage", listed(certificate.keyUsage)],
    ["purposes", listed(certificate.extendedKeyUsage && [...certificate.extendedKeyUsage].map(oidName))],
    ["permitted names", listed(nameConstraints?.permittedSubtrees.map(generalName))],
    ["excluded names", listed(nameConstraints?.excludedSubtrees.map(generalName))],
    ["policies", listed(certificate.certificatePolicies?.map(({ policyIdentifier }) => oidName(policyIdentifier)))],
    ["OCSP", listed(locations(certificate, Oid.ocsp))],
    ["CRL", listed(crlLocations(certificate))],
    ["issuer's certificate", listed(locations(certificate, Oid.caIssuers))],
    ["must staple", certificate.tlsFeature?.has(5) === true ? "yes" : undefined],
    ["timestamps", certificate.signedCertificateTimestamps && `${certificate.signedCertificateTimestamps.length} SCTs`],
    ["SHA-256", fingerprint(certificate)],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const]));
}

/** What people compare. */
export function fingerprint(certificate: Certificate): string {
  return octets(hashOf(nodeProvider, "SHA-256").digest(certificate.der));
}

/** `RSA 2048`, `P-256` */
export function keyName({ publicKey, agreementKey, algorithm, algorithmOid }: SubjectPublicKeyInfo): string {
  if (agreementKey !== undefined) return agreementKey.type;
  if (publicKey === undefined) return `unknown (${oidName(algorithmOid)})`;
  if (publicKey.type !== "RSA") return publicKey.type;
  return `RSA ${modulusBits(publicKey.modulus)}${algorithm === "id-RSASSA-PSS" ? ", for PSS alone" : ""}`;
}

/** `ECDSA with SHA-256` */
export function signatureName({ signatureAlgorithm }: Certificate): string {
  try {
    const method = signatureMethod(signatureAlgorithm);
    return "hash" in method ? `${method.family} with ${method.hash}` : method.family;
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return `${oidName(signatureAlgorithm.oid)}, which is not supported`;
  }
}

/** Where something about a certificate is to be had. */
export function locations({ authorityInfoAccess }: Certificate, method: string): readonly string[] {
  return (authorityInfoAccess ?? [])
    .filter(({ accessMethod }) => accessMethod === method)
    .map(({ accessLocation }) => generalName(accessLocation));
}

export function crlLocations({ cRLDistributionPoints }: Certificate): readonly string[] {
  return (cRLDistributionPoints ?? []).flatMap(({ distributionPoint }) =>
    distributionPoint?.type === "fullName" ? distributionPoint.names.all.map(generalName) : [],
  );
}

function remaining({ validity }: Certificate, now: Date): string {
  const left = validity.notAfter.getTime() - now.getTime();
  return left < 0 ? `, ${span(-left)} ago` : `, in ${span(left)}`;
}

function authority(pathLength: number | undefined): string {
  if (pathLength === undefined) return "yes";
  return pathLength === 0 ? "yes, with no CA below it" : `yes, with ${pathLength} CAs below it at most`;
}

/** The extensions that these facts have words for. */
export const told: ReadonlySet<string> = new Set([
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

function listed(texts: Iterable<string> | undefined): string | undefined {
  const all = texts === undefined ? [] : [...texts];
  return all.length === 0 ? undefined : all.map(shown).join(", ");
}
