import { type Certificate, modulusBits, signatureMethod, X509Error } from "@tlskit/x509";
import { certificateTitle, durationText, oidText, timeText } from "@tlskit/x509/text";

/** A third of its life, or thirty days, before the end: when it is time for a new one. */
const noticeDays = 30;

/** What is wrong with a certificate by itself, or about to be, in plain words. Whether to trust it is another question. */
export function concerns(certificate: Certificate, now: Date): readonly string[] {
  return rules.flatMap((rule) => rule(certificate, now) ?? []);
}

/** What is wrong with a list of certificates that should be a chain: the leaf first, then issuer by issuer. */
export function chainConcerns(certificates: readonly Certificate[]): readonly string[] {
  return certificates.flatMap((certificate, index) => {
    const next = certificates[index + 1];
    if (next === undefined || certificate.issuer.equals(next.subject)) return [];
    return [`certificate ${index + 2} is not the issuer of certificate ${index + 1}, but ${certificateTitle(next)}`];
  });
}

type Rule = (certificate: Certificate, now: Date) => string | undefined;

const rules: readonly Rule[] = [
  ({ validity: { notAfter } }, now) => (now > notAfter ? `has expired on ${timeText(notAfter)}` : undefined),
  ({ validity: { notBefore } }, now) => (now < notBefore ? `is not valid before ${timeText(notBefore)}` : undefined),
  ({ validity: { notBefore, notAfter } }, now) => {
    const left = notAfter.getTime() - now.getTime();
    const notice = Math.min(noticeDays * 86_400_000, (notAfter.getTime() - notBefore.getTime()) / 3);
    return left >= 0 && left < notice && now >= notBefore ? `expires in ${durationText(left)}` : undefined;
  },
  ({ subjectPublicKeyInfo: { publicKey } }) => {
    if (publicKey?.type !== "RSA") return undefined;
    const bits = modulusBits(publicKey.modulus);
    return bits < 2048 ? `has an RSA key of ${bits} bits, which is too short to be trusted` : undefined;
  },
  ({ subjectPublicKeyInfo: { unsupported, agreementKey } }) =>
    unsupported === undefined || agreementKey !== undefined
      ? undefined
      : `has ${unsupported}, which is not supported here`,
  // nobody looks at a root's own signature
  (certificate) => (isRoot(certificate) ? undefined : signatureConcern(certificate)),
  (certificate) =>
    isRoot(certificate) || !certificate.selfIssued ? undefined : "is self-signed: nobody else vouches for it",
  (certificate) =>
    isAuthority(certificate) || certificate.subjectAlternativeName !== undefined
      ? undefined
      : "has no alternative names, and nobody takes its common name for a host's",
  (certificate) =>
    isAuthority(certificate) && certificate.keyUsage?.has("keyCertSign") === false
      ? "is a CA whose key may not sign certificates"
      : undefined,
  ({ version }) => (version === 3 ? undefined : `is of version ${version}, which can't say whether it is a CA's`),
  ({ isPrecertificate }) =>
    isPrecertificate ? "is a precertificate, which nobody may use as a certificate" : undefined,
  unreadableExtension,
  ({ subjectAlternativeName }) =>
    subjectAlternativeName?.all.some(({ type }) => type === "unreadable") === true
      ? "has a name that can't be read, which is nobody's"
      : undefined,
];

/** What is decoded when it is asked for: no verdict on the path rests on it, whoever needs it does without. */
const later: readonly ((certificate: Certificate) => unknown)[] = [
  ({ subjectKeyIdentifier }) => subjectKeyIdentifier,
  ({ authorityKeyIdentifier }) => authorityKeyIdentifier,
  ({ authorityInfoAccess }) => authorityInfoAccess,
  ({ cRLDistributionPoints }) => cRLDistributionPoints,
  ({ freshestCRL }) => freshestCRL,
  ({ signedCertificateTimestamps }) => signedCertificateTimestamps,
  ({ tlsFeature }) => tlsFeature,
];

function unreadableExtension(certificate: Certificate): string | undefined {
  for (const read of later) {
    try {
      read(certificate);
    } catch (error) {
      if (!(error instanceof X509Error)) throw error;
      return `has an extension that can't be read: ${error.message}`;
    }
  }
  return undefined;
}

function isAuthority({ basicConstraints }: Certificate): boolean {
  return basicConstraints?.ca === true;
}

function isRoot(certificate: Certificate): boolean {
  return certificate.selfIssued && isAuthority(certificate);
}

function signatureConcern({ signatureAlgorithm }: Certificate): string | undefined {
  try {
    signatureMethod(signatureAlgorithm);
    return undefined;
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return `is signed in a way that proves nothing, or isn't known here: ${oidText(signatureAlgorithm.oid)}`;
  }
}
