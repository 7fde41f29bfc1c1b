import type { CertificateKeyType } from "@tlskit/ciphersuites";
import type { Steps, Verifier } from "@tlskit/crypto";
import type { CertificateEntry } from "@tlskit/messages";

/** Decides whether a peer's certificates are to be trusted, and what makes them so. */
export type PeerVerifier<Evidence> = (certificates: readonly CertificateEntry[]) => Steps<TrustedPeer<Evidence>>;

/** A peer's key that may be trusted, with what proves it. That the peer has the private key is not yet known. */
export interface TrustedPeer<Evidence> {
  readonly keyType: CertificateKeyType;
  readonly verifier: Verifier;
  readonly evidence: Evidence;
}
