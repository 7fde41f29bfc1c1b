import {
  type CipherSuite,
  type NamedGroup,
  type SignatureScheme,
  secp256r1,
  secp384r1,
  signatureSchemes,
  TLS_AES_128_GCM_SHA256,
  TLS_AES_256_GCM_SHA384,
  TLS_CHACHA20_POLY1305_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
  TLS_RSA_WITH_AES_256_GCM_SHA384,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";

/** As the runner has them. */
export type PolicyName = "fips-202205" | "wpa-202304" | "cnsa-202407" | "cnsa1-202603";

/** What a policy of some authority allows, as lists for a context. */
export interface CompliancePolicy {
  readonly cipherSuites?: readonly CipherSuite[];
  /** Those before TLS 1.3. */
  readonly tls12CipherSuites?: readonly Tls12CipherSuite[];
  readonly namedGroups?: readonly NamedGroup[];
  readonly signatureSchemes?: readonly SignatureScheme[];
}

const schemes = (pattern: RegExp): readonly SignatureScheme[] =>
  signatureSchemes.filter(({ name }) => pattern.test(name));

/** The policies that the runner has flags for and that can be had with what there is. */
export const compliancePolicies: Readonly<Record<PolicyName, CompliancePolicy>> = {
  "fips-202205": {
    cipherSuites: [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384],
    namedGroups: [secp256r1, secp384r1],
    tls12CipherSuites: [
      TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
      TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
      TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    ],
    signatureSchemes: schemes(/^rsa_(pss_rsae|pkcs1)_sha(256|384|512)$|^ecdsa_secp(256|384)r1_/),
  },
  "wpa-202304": {
    cipherSuites: [TLS_AES_256_GCM_SHA384],
    namedGroups: [secp384r1],
    tls12CipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384],
    signatureSchemes: schemes(/^rsa_(pss_rsae|pkcs1)_sha(384|512)$|^ecdsa_secp384r1_/),
  },
  "cnsa-202407": {
    cipherSuites: [TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256],
  },
  // Without ML-KEM-1024, which there isn't.
  "cnsa1-202603": {
    cipherSuites: [TLS_AES_256_GCM_SHA384],
    namedGroups: [secp384r1],
    tls12CipherSuites: [
      TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
      TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
      TLS_RSA_WITH_AES_256_GCM_SHA384,
    ],
    signatureSchemes: schemes(/^rsa_(pss_rsae|pkcs1)_sha384$|^ecdsa_secp384r1_/),
  },
};
