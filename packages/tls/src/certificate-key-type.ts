import type { CertificateKeyType } from "@tlskit/ciphersuites";
import type { Certificate, SubjectPublicKeyInfo } from "@tlskit/x509";

/** RFC 9846 §4.3.3#rsae-key, §4.3.3#pss-key: what TLS calls a certificate's key; nothing for one that no scheme goes with. */
export function certificateKeyType(info: SubjectPublicKeyInfo): CertificateKeyType | undefined {
  const { algorithm, publicKey } = info;
  if (publicKey === undefined) return undefined;
  if (publicKey.type !== "RSA") return publicKey.type;
  return algorithm === "id-RSASSA-PSS" ? "id-RSASSA-PSS" : "rsaEncryption";
}

/** RFC 5246 §7.4.2: whether secrets may be encrypted to the certificate's key. */
export function mayEncryptKeys({ keyUsage }: Pick<Certificate, "keyUsage">): boolean {
  return keyUsage?.has("keyEncipherment") ?? true;
}
