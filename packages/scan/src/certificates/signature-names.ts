import { type AlgorithmIdentifier, signatureMethod, X509Error } from "@tlskit/x509";

/** How a certificate is signed, in words. */
export interface SignatureName {
  readonly name: string;
  /** The hash, where the algorithm has one beside it. */
  readonly hash?: string | undefined;
}

/**
 * Algorithms that certificates were ever signed with, by their object identifiers. RFC 3279 §2.2, RFC 4055 §5, RFC 5758 §3,
 * RFC 8410 §3, RFC 9881 §2, and what came before or beside them.
 */
const signatureNames: ReadonlyMap<string, SignatureName> = new Map([
  ["1.2.840.113549.1.1.2", { name: "RSA with MD2", hash: "MD2" }],
  ["1.2.840.113549.1.1.4", { name: "RSA with MD5", hash: "MD5" }],
  ["1.2.840.113549.1.1.5", { name: "RSA with SHA-1", hash: "SHA-1" }],
  // OIW's, which old makers of certificates write for the same
  ["1.3.14.3.2.29", { name: "RSA with SHA-1", hash: "SHA-1" }],
  ["1.2.840.113549.1.1.14", { name: "RSA with SHA-224", hash: "SHA-224" }],
  ["1.2.840.113549.1.1.11", { name: "RSA with SHA-256", hash: "SHA-256" }],
  ["1.2.840.113549.1.1.12", { name: "RSA with SHA-384", hash: "SHA-384" }],
  ["1.2.840.113549.1.1.13", { name: "RSA with SHA-512", hash: "SHA-512" }],
  ["1.2.840.10045.4.1", { name: "ECDSA with SHA-1", hash: "SHA-1" }],
  ["1.2.840.10045.4.3.1", { name: "ECDSA with SHA-224", hash: "SHA-224" }],
  ["1.2.840.10045.4.3.2", { name: "ECDSA with SHA-256", hash: "SHA-256" }],
  ["1.2.840.10045.4.3.3", { name: "ECDSA with SHA-384", hash: "SHA-384" }],
  ["1.2.840.10045.4.3.4", { name: "ECDSA with SHA-512", hash: "SHA-512" }],
  ["1.2.840.10040.4.3", { name: "DSA with SHA-1", hash: "SHA-1" }],
  ["2.16.840.1.101.3.4.3.1", { name: "DSA with SHA-224", hash: "SHA-224" }],
  ["2.16.840.1.101.3.4.3.2", { name: "DSA with SHA-256", hash: "SHA-256" }],
  ["1.3.101.112", { name: "Ed25519" }],
  ["1.3.101.113", { name: "Ed448" }],
  ["2.16.840.1.101.3.4.3.17", { name: "ML-DSA-44" }],
  ["2.16.840.1.101.3.4.3.18", { name: "ML-DSA-65" }],
  ["2.16.840.1.101.3.4.3.19", { name: "ML-DSA-87" }],
  ["1.2.156.10197.1.501", { name: "SM2 with SM3", hash: "SM3" }],
]);

const rsassaPss = "1.2.840.113549.1.1.10";

/** How a certificate is signed, whether that is any good or not. */
export function signatureName(algorithm: AlgorithmIdentifier): SignatureName {
  if (algorithm.oid !== rsassaPss) return signatureNames.get(algorithm.oid) ?? { name: algorithm.oid };
  try {
    const method = signatureMethod(algorithm);
    const hash = "hash" in method ? method.hash : undefined;
    return { name: `RSA-PSS with ${hash}`, hash };
  } catch (error) {
    // RFC 4055 §3.1: its parameters can be anything, SHA-1's by default
    if (error instanceof X509Error) return { name: "RSA-PSS with unusual parameters" };
    throw error;
  }
}
