/**
 * The registry: cipher suites, named groups and signature schemes under their IANA names and code points, and which
 * primitives each is made of.
 * @module
 */
export {
  type CipherSuite,
  cipherSuites,
  type SuitePrimitives,
  suitePrimitives,
  supportedCipherSuites,
  TLS_AES_128_GCM_SHA256,
  TLS_AES_256_GCM_SHA384,
  TLS_CHACHA20_POLY1305_SHA256,
} from "./cipher-suite.ts";
export {
  type NamedGroup,
  namedGroups,
  secp256r1,
  secp384r1,
  secp521r1,
  supportedNamedGroups,
  X25519MLKEM768,
  x25519,
} from "./named-group.ts";
export { byCode, byName, cipherSuiteName, isGrease, namedGroupName, signatureSchemeName } from "./registry.ts";
export {
  type CertificateKeyType,
  type SignatureScheme,
  signatureSchemes,
  supportedSignatureSchemes,
} from "./signature-scheme.ts";
