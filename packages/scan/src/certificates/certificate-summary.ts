import type { HashFunction } from "@tlskit/crypto";
import { toHex } from "@tlskit/wire";
import type { Certificate } from "@tlskit/x509";
import type { CertificateSummary } from "../facts.ts";
import { keySummary } from "./key-summary.ts";
import { signatureName } from "./signature-names.ts";

/** What a certificate says of itself. */
export function certificateSummary(certificate: Certificate, sha256: HashFunction): CertificateSummary {
  const { validity, signatureAlgorithm, subjectPublicKeyInfo } = certificate;
  const { name, hash } = signatureName(signatureAlgorithm);
  return {
    ...keySummary(subjectPublicKeyInfo),
    signatureAlgorithm: name,
    signatureHash: hash,
    subject: `${certificate.subject}`,
    issuer: `${certificate.issuer}`,
    selfIssued: certificate.selfIssued,
    serialNumber: toHex(certificate.serialNumber),
    notBefore: validity.notBefore.getTime(),
    notAfter: validity.notAfter.getTime(),
    sha256: certificate.fingerprint(sha256),
  };
}

/** What there is to say of bytes that are no certificate that can be read. */
export function unreadableSummary(der: Uint8Array, sha256: HashFunction): CertificateSummary {
  return {
    keyType: "other",
    keyBits: 0,
    signatureAlgorithm: "",
    subject: "",
    issuer: "",
    selfIssued: false,
    serialNumber: "",
    notBefore: 0,
    notAfter: 0,
    sha256: toHex(sha256.digest(der)),
  };
}
