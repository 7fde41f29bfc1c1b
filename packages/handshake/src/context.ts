import type { CertificateKeyType, CipherSuite, NamedGroup, SignatureScheme } from "@tlskit/ciphersuites";
import type { Awaitable, CryptoProvider, Random, Signer, Steps, Verifier } from "@tlskit/crypto";
import type { CertificateEntry } from "@tlskit/messages";

/** What both roles choose from. Every list is best first. */
interface HandshakeContext {
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly cipherSuites: readonly CipherSuite[];
  readonly namedGroups: readonly NamedGroup[];
  readonly signatureSchemes: readonly SignatureScheme[];
  /** Protocol names (RFC 7301), ASCII. Empty: no ALPN. */
  readonly alpnProtocols: readonly string[];
  /** Gets the lines of an NSS key log (RFC 9850), with which anyone can read the traffic. */
  readonly keyLog: ((line: string) => void) | undefined;
}

/** What a client brings to one handshake. */
export interface ClientContext<Evidence> extends HandshakeContext {
  /** Groups, out of `namedGroups` and in its order, to send key shares for at once. May be empty. */
  readonly keyShareGroups: readonly NamedGroup[];
  /** The host name for the server_name extension, without trailing dot; none for an IP address (RFC 6066 §3). */
  readonly serverName: string | undefined;
  readonly verifyPeer: PeerVerifier<Evidence>;
  /** RFC 9846 §E.4. */
  readonly middleboxCompatibility: boolean;
}

/** What a server brings to one handshake. */
export interface ServerContext extends HandshakeContext {
  /**
   * The certificate for a client, by what its hello says; none if there is none for it.
   * @throws {TlsError} to refuse the client with an alert of its own, such as `unrecognized_name`
   */
  readonly selectCredential: (hello: CredentialRequest) => Awaitable<Credential | undefined>;
}

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
  readonly keyType: CertificateKeyType;
  readonly signer: Signer;
}

/** Decides whether a peer's certificates are to be trusted, and what makes them so. */
export type PeerVerifier<Evidence> = (certificates: readonly CertificateEntry[]) => Steps<TrustedPeer<Evidence>>;

/** A peer's key that may be trusted, with what proves it. That the peer has the private key is not yet known. */
export interface TrustedPeer<Evidence> {
  readonly keyType: CertificateKeyType;
  readonly verifier: Verifier;
  readonly evidence: Evidence;
}
