/**
 * Mozilla's Server Side TLS guidelines as policies: `modern` and `intermediate` of version 6.0, and `old` of version 5.8,
 * which 6.0 no longer has. https://ssl-config.mozilla.org/guidelines/6.0.json and 5.8.json, both of 6 April 2026.
 *
 * What they say is here to the letter but for this: they recommend an OCSP staple, which can't be asked of a
 * certificate that names no responder; where they leave the order of suites to clients a server's own isn't wrong; and
 * a chain that is trusted goes without saying there, and is asked for here.
 */
import type { Policy } from "./policy.ts";

const suitesOfTls13 = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"] as const;

const suitesWithForwardSecrecyAndAead = [
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
] as const;

const groups = { allowed: ["X25519MLKEM768", "x25519", "secp256r1", "secp384r1"] } as const;
const http = { minHstsSeconds: 63_072_000 } as const;
const ecdsaSignatures = ["ECDSA with SHA-256", "ECDSA with SHA-384", "ECDSA with SHA-512"] as const;

export const modern: Policy = {
  name: "modern",
  versions: { allowed: ["TLS 1.3"] },
  cipherSuites: { allowed: suitesOfTls13 },
  groups,
  certificates: {
    trusted: true,
    keyTypes: ["EC"],
    curves: ["P-256", "P-384"],
    signatureAlgorithms: ecdsaSignatures,
    maxLifetimeDays: 90,
    stapled: true,
  },
  http,
};

export const intermediate: Policy = {
  name: "intermediate",
  versions: { allowed: ["TLS 1.3", "TLS 1.2"] },
  cipherSuites: { allowed: [...suitesOfTls13, ...suitesWithForwardSecrecyAndAead] },
  groups,
  diffieHellman: { minBits: 2048 },
  certificates: {
    trusted: true,
    keyTypes: ["EC", "RSA"],
    curves: ["P-256", "P-384"],
    minRsaBits: 2048,
    signatureAlgorithms: ["RSA with SHA-256", ...ecdsaSignatures],
    maxLifetimeDays: 366,
    stapled: true,
  },
  http,
};

export const old: Policy = {
  name: "old",
  versions: { allowed: ["TLS 1.3", "TLS 1.2", "TLS 1.1", "TLS 1.0"] },
  cipherSuites: {
    allowed: [
      ...suitesOfTls13,
      ...suitesWithForwardSecrecyAndAead,
      "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
      "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
      "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
      "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
      "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
      "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
      "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
      "TLS_RSA_WITH_AES_128_GCM_SHA256",
      "TLS_RSA_WITH_AES_256_GCM_SHA384",
      "TLS_RSA_WITH_AES_128_CBC_SHA256",
      "TLS_RSA_WITH_AES_256_CBC_SHA256",
      "TLS_RSA_WITH_AES_128_CBC_SHA",
      "TLS_RSA_WITH_AES_256_CBC_SHA",
      "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    ],
    order: "server",
  },
  groups,
  diffieHellman: { minBits: 2048 },
  certificates: {
    trusted: true,
    keyTypes: ["RSA"],
    minRsaBits: 2048,
    signatureAlgorithms: ["RSA with SHA-256"],
    maxLifetimeDays: 366,
    stapled: true,
  },
  http,
};
