import type { CertificateKeyType, Tls12CipherSuite } from "@tlskit/ciphersuites";

/** RFC 8422 §2, §5.10, RFC 5246 §7.4.2: which suites a certificate's key goes with: EdDSA is one of ECDSA's there. */
export function certificateKeyOf(keyType: CertificateKeyType): NonNullable<Tls12CipherSuite["certificateKey"]> {
  return keyType === "rsaEncryption" || keyType === "id-RSASSA-PSS" ? "RSA" : "ECDSA";
}
