import type { CertificateKeyType } from "@tlskit/ciphersuites";
import type { Awaitable, RsaPublicKey, Steps, Verifier } from "@tlskit/crypto";
import type { CertificateEntry } from "@tlskit/messages";

/** Decides whether a peer's certificates are to be trusted, and what makes them so. */
export type PeerVerifier<Evidence> = (certificates: readonly CertificateEntry[]) => Steps<TrustedPeer<Evidence>>;

/** A peer's key that may be trusted, with what proves it. That the peer has the private key is not yet known. */
export interface TrustedPeer<Evidence> {
  readonly keyType: CertificateKeyType;
  readonly verifier: Verifier;
  readonly evidence: Evidence;
  /**
   * The key, if it is RSA's and the certificate lets it encrypt: for the key exchange by RSA of TLS 1.2, which there is none
   * of with a peer without it.
   */
  readonly encryptionKey?: RsaPublicKey | undefined;
  /**
   * Asked when the peer has proved that it has the private key, before anything else is made of it: the application's
   * own decision, at once or later. Without it whoever is trusted is accepted.
   * @throws {TlsError} made by `peerError`, to refuse the peer with an alert, such as `access_denied`; anything else that it
   * throws is `internal_error` for the peer
   */
  readonly admit?: (() => Awaitable<void>) | undefined;
}
