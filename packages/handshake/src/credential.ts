import type { SignatureScheme } from "@tlskit/ciphersuites";
import type { Signer, Verifier } from "@tlskit/crypto";
import {
  aFunction,
  aString,
  bytes,
  check,
  type Expectations,
  listOf,
  objectWith,
  once,
  optional,
} from "@tlskit/wire/arguments";
import type { AttestationRequest, Attestations } from "./attestations.ts";
import { aSigner, choices } from "./expectations.ts";

/** What a peer says about the certificates that it can use. */
export interface CredentialRequest {
  /** What a client asks for in server_name. */
  readonly serverName: string | undefined;
  /** Schemes for CertificateVerify that both sides have, in the peer's order. */
  readonly signatureSchemes: readonly SignatureScheme[];
  /** Code points of the schemes for signatures in certificates, known or not (RFC 9846 §4.3.3). */
  readonly signatureSchemesInCertificates: readonly number[];
  /** Names of authorities that a certificate should lead to, in DER (RFC 9846 §4.3.4); none if any will do. */
  readonly certificateAuthorities: readonly Uint8Array[];
  /** What it wants to be shown beside the certificates. */
  readonly attestations: AttestationRequest;
}

/** A certificate chain with its private key, which may be anywhere. */
export interface Credential {
  /** DER, the leaf first. */
  readonly certificates: readonly Uint8Array[];
  /** What its key can sign a CertificateVerify with. */
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly signer: Signer;
  /** The certificate's public key, if what the signer gives is to be verified before the client gets it. */
  readonly verifier?: Verifier | undefined;
  /**
   * What others say of each of the certificates, in their order: asked for in each handshake, so that it may change. It is
   * sent to peers that ask for it.
   */
  readonly attestations?: readonly (Attestations | undefined)[] | undefined;
}

const expectations: Expectations<Credential> = {
  certificates: listOf(bytes),
  signatureSchemes: choices,
  signer: aSigner,
  verifier: optional(objectWith("a verifier", { algorithms: listOf(aString), verify: aFunction })),
  attestations: optional(
    listOf(
      optional(
        objectWith("what is said of a certificate", {
          ocspResponse: optional(bytes),
          signedCertificateTimestamps: optional(listOf(bytes)),
        }),
      ),
    ),
  ),
};

/** A server has one for any number of clients. */
const aCredential = once(objectWith("a certificate with its signer", expectations));

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkCredential(credential: Credential): void {
  check(credential, "credential", aCredential);
}
