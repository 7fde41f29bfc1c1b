import type { SignatureScheme } from "@tlskit/ciphersuites";
import type { DecryptionKey, Signer, Verifier } from "@tlskit/crypto";
import type { OidFilter } from "@tlskit/messages";
import {
  aFunction,
  aNumber,
  anObject,
  anyOf,
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
  /**
   * Whether a certificate goes with a key exchange that both sides have, where that isn't a matter of schemes alone: RSA's in
   * TLS 1.2 wants a key that decrypts. Without it all do.
   */
  readonly fits?: ((credential: Credential) => boolean) | undefined;
}

/** What a server's CertificateRequest says about the certificates that it wants (RFC 9846 §4.4.2). */
export interface ClientCredentialRequest {
  /** Schemes for CertificateVerify that both sides have, in the server's order; those of RFC 9963 come last. */
  readonly signatureSchemes: readonly SignatureScheme[];
  /** Code points of the schemes for signatures in certificates, known or not (RFC 9846 §4.3.3). */
  readonly signatureSchemesInCertificates: readonly number[];
  /** Names in DER of those who should have issued one of the chain (RFC 9846 §4.3.4); none if the server names nobody. */
  readonly certificateAuthorities: readonly Uint8Array[];
  /** What the certificate's extensions have to say, as far as they are known (RFC 9846 §4.3.5). */
  readonly oidFilters: readonly OidFilter[];
  /** What it would like to be shown beside them. */
  readonly attestations: AttestationRequest;
  /** Which request it is: empty in the handshake, and unlike all others after it. */
  readonly context: Uint8Array;
}

/** A certificate chain with its private key, which may be anywhere. */
export interface Credential {
  /** DER, the leaf first. */
  readonly certificates: readonly Uint8Array[];
  /** What its key can sign a CertificateVerify with. */
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly signer: Signer;
  /** The certificate's public key, if what the signer gives is to be verified before the peer gets it. */
  readonly verifier?: Verifier | undefined;
  /**
   * What the key exchange by RSA of TLS 1.2 decrypts with: the certificate's key, if it is RSA's, is here or whoever has it
   * decrypts, and the certificate says that it may (RFC 5246 §7.4.2).
   */
  readonly decryptionKey?: DecryptionKey | undefined;
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
  decryptionKey: optional(
    anyOf(
      "a decrypter or an RSA private key",
      objectWith("a decrypter", { modulusLength: aNumber, decrypt: aFunction }),
      objectWith("an RSA private key", { type: aString, modulus: bytes }),
      objectWith("a declared private key", { privateKey: anObject }),
    ),
  ),
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

/** It serves any number of connections. */
const aCredential = once(objectWith("a certificate with its signer", expectations));

/** @throws {TlsError} `invalid_argument` (the caller's fault) */
export function checkCredential(credential: Credential): void {
  check(credential, "credential", aCredential);
}
