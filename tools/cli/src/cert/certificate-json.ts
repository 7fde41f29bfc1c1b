import { sha256 } from "@tlskit/crypto-node";
import { type Certificate, Oid, X509Error } from "@tlskit/x509";
import {
  accessLocations,
  crlLocations,
  generalNameText,
  octetsText,
  oidText,
  publicKeyText,
  signatureAlgorithmText,
} from "@tlskit/x509/text";
import { concerns } from "./concerns.ts";

/** What `--json` prints of a certificate. Names are what the certificate has, whatever that is. */
export interface CertificateJson {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly names: readonly { readonly type: string; readonly value: string }[];
  readonly key: string;
  readonly signature: string;
  readonly ca: boolean;
  readonly pathLength: number | null;
  readonly keyUsage: readonly string[] | null;
  readonly purposes: readonly string[] | null;
  readonly ocsp: readonly string[];
  readonly crls: readonly string[];
  readonly extensions: readonly { readonly oid: string; readonly critical: boolean }[];
  readonly sha256: string;
  readonly concerns: readonly string[];
}

export function certificateJson(certificate: Certificate, now: Date): CertificateJson {
  const { validity, keyUsage, extendedKeyUsage, basicConstraints } = certificate;
  return {
    ...brief(certificate),
    serialNumber: octetsText(certificate.serialNumber),
    notBefore: validity.notBefore.toISOString(),
    notAfter: validity.notAfter.toISOString(),
    names: (certificate.subjectAlternativeName?.all ?? []).map((name) => ({
      type: name.type,
      value: generalNameText(name),
    })),
    key: publicKeyText(certificate.subjectPublicKeyInfo),
    signature: signatureAlgorithmText(certificate.signatureAlgorithm),
    ca: basicConstraints?.ca === true,
    pathLength: basicConstraints?.pathLength ?? null,
    keyUsage: keyUsage === undefined ? null : [...keyUsage],
    purposes: extendedKeyUsage === undefined ? null : [...extendedKeyUsage].map(oidText),
    ocsp: listOrNone(() => accessLocations(certificate, Oid.ocsp)),
    crls: listOrNone(() => crlLocations(certificate)),
    extensions: certificate.extensions.map(({ oid, critical }) => ({ oid, critical })),
    concerns: concerns(certificate, now),
  };
}

/** Of what can't be read the concerns tell. */
function listOrNone(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) return [];
    throw error;
  }
}

/** Which certificate it is. */
export function brief(certificate: Certificate): Pick<CertificateJson, "subject" | "issuer" | "sha256"> {
  return {
    subject: `${certificate.subject}`,
    issuer: `${certificate.issuer}`,
    sha256: certificate.fingerprint(sha256),
  };
}
