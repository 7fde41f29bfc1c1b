import type { CertificateKeyType } from "@tlskit/ciphersuites";
import type { Awaitable, RsaPublicKey, Steps, Verifier } from "@tlskit/crypto";
import type { CertificateEntry } from "@tlskit/messages";

/** What a peer proves that it has its certificate's private key by: a signature, or in the key exchange by RSA of TLS 1.2 a decryption. */
export type PeerKeyUse = "sign" | "decrypt";

/**
 * Decides whether a peer's certificates are to be trusted, and what makes them so.
 * @param keyUse what the peer's own certificate has to allow (RFC 5246 §7.4.2): to sign unless told. What it takes to
 * decrypt is for `encryptionKey` to say.
 */
export type PeerVerifier<Evidence> = (
  certificates: readonly CertificateEntry[],
  keyUse?: PeerKeyUse,
) => Steps<TrustedPeer<Evidence>>;

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
