import type { SignatureAlgorithm, SignatureHash } from "@tlskit/crypto";
import type { CertificateKeyType, SignatureScheme } from "./signature-scheme.ts";

const ecdsaHashes: Readonly<Partial<Record<SignatureAlgorithm, SignatureHash>>> = {
  "ECDSA/P-256/SHA-256": "SHA-256",
  "ECDSA/P-384/SHA-384": "SHA-384",
  "ECDSA/P-521/SHA-512": "SHA-512",
};

/**
 * What a scheme means in a handshake of TLS 1.2, with a certificate's key of this type; nothing if it doesn't go with it.
 * RFC 9846 §4.3.3#tls12-meaning, §4.3.3#tls12-curves, §4.3.3#tls12-pss, RFC 8422 §5.9#eddsa, §5.4#eddsa, §5.10#hash: ECDSA is with the hash that the scheme names, and
 * whatever curve the key is on; RSA is as the scheme says, by PKCS#1 v1.5 too.
 */
export function tls12SignatureAlgorithm(
  { algorithm, keyType: schemeKeyType }: SignatureScheme,
  keyType: CertificateKeyType,
): SignatureAlgorithm | undefined {
  const hash = ecdsaHashes[algorithm];
  if (hash === undefined) return keyType === schemeKeyType ? algorithm : undefined;
  return keyType === "P-256" || keyType === "P-384" || keyType === "P-521" ? `ECDSA/${keyType}/${hash}` : undefined;
}
