import type { CryptoProvider, SignatureAlgorithm } from "@tlskit/crypto";

/**
 * What a certificate's SubjectPublicKeyInfo says its key is. An RSA key may be marked for PSS alone (RFC 4055), which
 * cryptography does not care about and TLS does.
 */
export type CertificateKeyType = "rsaEncryption" | "id-RSASSA-PSS" | "P-256" | "P-384" | "P-521" | "Ed25519" | "Ed448";

/** A signature scheme (RFC 9846 §4.3.3; IANA "TLS SignatureScheme"). */
export interface SignatureScheme {
  /** IANA's name. */
  readonly name: string;
  readonly code: number;
  readonly algorithm: SignatureAlgorithm;
  /** The certificates' keys that it goes with. */
  readonly keyType: CertificateKeyType;
  /** Whether TLS 1.3 allows it in CertificateVerify, or in certificates alone. */
  readonly inCertificateVerify: boolean;
}

export const ecdsa_secp256r1_sha256: SignatureScheme = /* @__PURE__ */ scheme(
  "ecdsa_secp256r1_sha256",
  0x0403,
  "ECDSA/P-256/SHA-256",
  "P-256",
  true,
);
// RFC 8422 §5.10#intrinsic: its code begins with 8.
export const ed25519: SignatureScheme = /* @__PURE__ */ scheme("ed25519", 0x0807, "Ed25519", "Ed25519", true);
export const ecdsa_secp384r1_sha384: SignatureScheme = /* @__PURE__ */ scheme(
  "ecdsa_secp384r1_sha384",
  0x0503,
  "ECDSA/P-384/SHA-384",
  "P-384",
  true,
);
export const ecdsa_secp521r1_sha512: SignatureScheme = /* @__PURE__ */ scheme(
  "ecdsa_secp521r1_sha512",
  0x0603,
  "ECDSA/P-521/SHA-512",
  "P-521",
  true,
);
export const ed448: SignatureScheme = /* @__PURE__ */ scheme("ed448", 0x0808, "Ed448", "Ed448", true);
export const rsa_pss_rsae_sha256: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_rsae_sha256",
  0x0804,
  "RSA-PSS/SHA-256",
  "rsaEncryption",
  true,
);
export const rsa_pss_rsae_sha384: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_rsae_sha384",
  0x0805,
  "RSA-PSS/SHA-384",
  "rsaEncryption",
  true,
);
export const rsa_pss_rsae_sha512: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_rsae_sha512",
  0x0806,
  "RSA-PSS/SHA-512",
  "rsaEncryption",
  true,
);
export const rsa_pss_pss_sha256: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_pss_sha256",
  0x0809,
  "RSA-PSS/SHA-256",
  "id-RSASSA-PSS",
  true,
);
export const rsa_pss_pss_sha384: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_pss_sha384",
  0x080a,
  "RSA-PSS/SHA-384",
  "id-RSASSA-PSS",
  true,
);
export const rsa_pss_pss_sha512: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_pss_sha512",
  0x080b,
  "RSA-PSS/SHA-512",
  "id-RSASSA-PSS",
  true,
);
export const rsa_pkcs1_sha256: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pkcs1_sha256",
  0x0401,
  "RSA-PKCS1/SHA-256",
  "rsaEncryption",
  false,
);
export const rsa_pkcs1_sha384: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pkcs1_sha384",
  0x0501,
  "RSA-PKCS1/SHA-384",
  "rsaEncryption",
  false,
);
export const rsa_pkcs1_sha512: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pkcs1_sha512",
  0x0601,
  "RSA-PKCS1/SHA-512",
  "rsaEncryption",
  false,
);

/**
 * RFC 9846 §9.1#signatures, §4.3.3#legacy-schemes: what is offered unless told otherwise, in order of preference: short
 * and quick signatures first, then RSA by hash; PKCS#1 v1.5 last and in certificates alone (RFC 9846 §4.3.3).
 */
export const defaultSignatureSchemes: readonly SignatureScheme[] = [
  ecdsa_secp256r1_sha256,
  ed25519,
  ecdsa_secp384r1_sha384,
  ecdsa_secp521r1_sha512,
  ed448,
  rsa_pss_rsae_sha256,
  rsa_pss_rsae_sha384,
  rsa_pss_rsae_sha512,
  rsa_pss_pss_sha256,
  rsa_pss_pss_sha384,
  rsa_pss_pss_sha512,
  rsa_pkcs1_sha256,
  rsa_pkcs1_sha384,
  rsa_pkcs1_sha512,
];

/** All schemes that can be negotiated: none so far that isn't also offered by default. */
export const signatureSchemes: readonly SignatureScheme[] = defaultSignatureSchemes;

/** Those of some schemes that a provider can verify. */
export function availableSignatureSchemes(
  provider: CryptoProvider,
  schemes: readonly SignatureScheme[],
): readonly SignatureScheme[] {
  return schemes.filter(({ algorithm }) => provider.signatures.some((keys) => keys.algorithms.includes(algorithm)));
}

function scheme(
  name: string,
  code: number,
  algorithm: SignatureAlgorithm,
  keyType: CertificateKeyType,
  inCertificateVerify: boolean,
): SignatureScheme {
  return { name, code, algorithm, keyType, inCertificateVerify };
}
