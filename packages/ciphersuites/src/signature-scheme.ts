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
  /** Whose CertificateVerify TLS 1.3 allows it in; nobody's if it is for certificates alone. */
  readonly inCertificateVerify: readonly ("client" | "server")[];
  /** Whether it may stand for signatures in certificates. */
  readonly inCertificates: boolean;
}

const uses = {
  "handshakes and certificates": { inCertificateVerify: ["client", "server"], inCertificates: true },
  "handshakes of clients": { inCertificateVerify: ["client"], inCertificates: false },
  certificates: { inCertificateVerify: [], inCertificates: true },
} as const;

export const ecdsa_secp256r1_sha256: SignatureScheme = /* @__PURE__ */ scheme(
  "ecdsa_secp256r1_sha256",
  0x0403,
  "ECDSA/P-256/SHA-256",
  "P-256",
  "handshakes and certificates",
);
// RFC 8422 §5.10#intrinsic: its code begins with 8.
export const ed25519: SignatureScheme = /* @__PURE__ */ scheme(
  "ed25519",
  0x0807,
  "Ed25519",
  "Ed25519",
  "handshakes and certificates",
);
export const ecdsa_secp384r1_sha384: SignatureScheme = /* @__PURE__ */ scheme(
  "ecdsa_secp384r1_sha384",
  0x0503,
  "ECDSA/P-384/SHA-384",
  "P-384",
  "handshakes and certificates",
);
export const ecdsa_secp521r1_sha512: SignatureScheme = /* @__PURE__ */ scheme(
  "ecdsa_secp521r1_sha512",
  0x0603,
  "ECDSA/P-521/SHA-512",
  "P-521",
  "handshakes and certificates",
);
export const ed448: SignatureScheme = /* @__PURE__ */ scheme(
  "ed448",
  0x0808,
  "Ed448",
  "Ed448",
  "handshakes and certificates",
);
export const rsa_pss_rsae_sha256: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_rsae_sha256",
  0x0804,
  "RSA-PSS/SHA-256",
  "rsaEncryption",
  "handshakes and certificates",
);
export const rsa_pss_rsae_sha384: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_rsae_sha384",
  0x0805,
  "RSA-PSS/SHA-384",
  "rsaEncryption",
  "handshakes and certificates",
);
export const rsa_pss_rsae_sha512: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_rsae_sha512",
  0x0806,
  "RSA-PSS/SHA-512",
  "rsaEncryption",
  "handshakes and certificates",
);
export const rsa_pss_pss_sha256: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_pss_sha256",
  0x0809,
  "RSA-PSS/SHA-256",
  "id-RSASSA-PSS",
  "handshakes and certificates",
);
export const rsa_pss_pss_sha384: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_pss_sha384",
  0x080a,
  "RSA-PSS/SHA-384",
  "id-RSASSA-PSS",
  "handshakes and certificates",
);
export const rsa_pss_pss_sha512: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pss_pss_sha512",
  0x080b,
  "RSA-PSS/SHA-512",
  "id-RSASSA-PSS",
  "handshakes and certificates",
);
export const rsa_pkcs1_sha256: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pkcs1_sha256",
  0x0401,
  "RSA-PKCS1/SHA-256",
  "rsaEncryption",
  "certificates",
);
export const rsa_pkcs1_sha384: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pkcs1_sha384",
  0x0501,
  "RSA-PKCS1/SHA-384",
  "rsaEncryption",
  "certificates",
);
export const rsa_pkcs1_sha512: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pkcs1_sha512",
  0x0601,
  "RSA-PKCS1/SHA-512",
  "rsaEncryption",
  "certificates",
);

/**
 * RFC 9963 §3#off: PKCS#1 v1.5 for the CertificateVerify of clients whose keys, in some old token, can't do PSS. Never by
 * default, and never a server's.
 */
export const rsa_pkcs1_sha256_legacy: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pkcs1_sha256_legacy",
  0x0420,
  "RSA-PKCS1/SHA-256",
  "rsaEncryption",
  "handshakes of clients",
);
/** As {@link rsa_pkcs1_sha256_legacy}, with SHA-384. */
export const rsa_pkcs1_sha384_legacy: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pkcs1_sha384_legacy",
  0x0520,
  "RSA-PKCS1/SHA-384",
  "rsaEncryption",
  "handshakes of clients",
);
/** As {@link rsa_pkcs1_sha256_legacy}, with SHA-512. */
export const rsa_pkcs1_sha512_legacy: SignatureScheme = /* @__PURE__ */ scheme(
  "rsa_pkcs1_sha512_legacy",
  0x0620,
  "RSA-PKCS1/SHA-512",
  "rsaEncryption",
  "handshakes of clients",
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

/** All schemes that can be negotiated. */
export const signatureSchemes: readonly SignatureScheme[] = [
  ...defaultSignatureSchemes,
  rsa_pkcs1_sha256_legacy,
  rsa_pkcs1_sha384_legacy,
  rsa_pkcs1_sha512_legacy,
];

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
  use: keyof typeof uses,
): SignatureScheme {
  return { name, code, algorithm, keyType, ...uses[use] };
}
