/** By which offers a server shows which of its certificates. */
import type { CertificateSummary } from "../facts.ts";
import type { SuiteAuthentication } from "../registry/cipher-suite.ts";

/** A kind of key that a server may have a certificate for. */
export interface KeyKind {
  readonly keyType: CertificateSummary["keyType"];
  /** The curve or the parameters that its signature schemes name in TLS 1.3; nothing if they name none. */
  readonly curve?: string | undefined;
  /** Signature schemes of TLS 1.3's CertificateVerify that such keys make (RFC 9846 §4.3.3): codes. */
  readonly schemes: readonly number[];
  /** Those of TLS 1.2, where there are others (RFC 5246 §7.4.1.4.1: a hash and an algorithm; RFC 8446 §4.2.3 for PSS). */
  readonly tls12Schemes: readonly number[];
  /** What cipher suites before TLS 1.3 call it; nothing if there are none for it. */
  readonly authentication?: SuiteAuthentication | undefined;
}

/** ECDSA with any curve, in TLS 1.2: with SHA-256, SHA-384, SHA-512, SHA-224 and SHA-1. */
const ecdsa = [0x0403, 0x0503, 0x0603, 0x0303, 0x0203] as const;

/** Every kind of key, the likeliest first. Those of one authentication are told apart by their schemes. */
export const keyKinds: readonly KeyKind[] = [
  { keyType: "EC", curve: "P-256", schemes: [0x0403], tls12Schemes: ecdsa, authentication: "ECDSA" },
  {
    keyType: "RSA",
    schemes: [0x0804, 0x0805, 0x0806],
    tls12Schemes: [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0301, 0x0201, 0x0101],
    authentication: "RSA",
  },
  { keyType: "EC", curve: "P-384", schemes: [0x0503], tls12Schemes: ecdsa, authentication: "ECDSA" },
  { keyType: "EC", curve: "P-521", schemes: [0x0603], tls12Schemes: ecdsa, authentication: "ECDSA" },
  { keyType: "Ed25519", schemes: [0x0807], tls12Schemes: [0x0807], authentication: "ECDSA" },
  { keyType: "Ed448", schemes: [0x0808], tls12Schemes: [0x0808], authentication: "ECDSA" },
  {
    keyType: "RSA-PSS",
    schemes: [0x0809, 0x080a, 0x080b],
    tls12Schemes: [0x0809, 0x080a, 0x080b],
    authentication: "RSA",
  },
  { keyType: "EC", curve: "brainpoolP256r1", schemes: [0x081a], tls12Schemes: ecdsa, authentication: "ECDSA" },
  { keyType: "EC", curve: "brainpoolP384r1", schemes: [0x081b], tls12Schemes: ecdsa, authentication: "ECDSA" },
  { keyType: "EC", curve: "brainpoolP512r1", schemes: [0x081c], tls12Schemes: ecdsa, authentication: "ECDSA" },
  { keyType: "EC", curve: "curveSM2", schemes: [0x0708], tls12Schemes: ecdsa, authentication: "ECDSA" },
  { keyType: "ML-DSA", curve: "ML-DSA-44", schemes: [0x0904], tls12Schemes: [] },
  { keyType: "ML-DSA", curve: "ML-DSA-65", schemes: [0x0905], tls12Schemes: [] },
  { keyType: "ML-DSA", curve: "ML-DSA-87", schemes: [0x0906], tls12Schemes: [] },
  // RFC 9189 §8.5, RFC 9367
  {
    keyType: "other",
    schemes: [0x0709, 0x070a, 0x070b, 0x070c, 0x070d, 0x070e, 0x070f],
    tls12Schemes: [0x0840, 0x0841],
    authentication: "GOST",
  },
  { keyType: "DSA", schemes: [], tls12Schemes: [0x0402, 0x0302, 0x0202, 0x0502, 0x0602], authentication: "DSA" },
];

/** Whether a certificate is of a kind, as far as its version's schemes tell them apart. */
export function isOfKind({ keyType, curve }: CertificateSummary, kind: KeyKind, isTls13: boolean): boolean {
  return kind.keyType === keyType && (!isTls13 || kind.curve === undefined || kind.curve === curve);
}
