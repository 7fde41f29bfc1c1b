import type { SignatureScheme } from "@tlskit/ciphersuites";
import type { Signer } from "@tlskit/crypto";

/** What a client's hello says about the certificates that it can use. */
export interface CredentialRequest {
  readonly serverName: string | undefined;
  /** Schemes for CertificateVerify that both sides have, in the client's order. */
  readonly signatureSchemes: readonly SignatureScheme[];
  /** Code points of the schemes for signatures in certificates, known or not (RFC 9846 §4.3.3). */
  readonly signatureSchemesInCertificates: readonly number[];
}

/** A certificate chain with its private key, which may be anywhere. */
export interface Credential {
  /** DER, the leaf first. */
  readonly certificates: readonly Uint8Array[];
  /** What its key can sign a CertificateVerify with. */
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly signer: Signer;
}
