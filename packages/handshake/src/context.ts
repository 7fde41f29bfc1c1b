import type { CertificateKeyType, CipherSuite, NamedGroup, SignatureScheme } from "@tlskit/ciphersuites";
import type { Awaitable, CryptoProvider, Random, Signer, Steps, Verifier } from "@tlskit/crypto";
import type { CertificateEntry, RawExtension } from "@tlskit/messages";

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
  /**
   * Extensions of the caller's own, such as QUIC's transport parameters, to be sent in ClientHello; the server's answers
   * are among what was negotiated. None that the handshake owns, or that is answered elsewhere than in
   * EncryptedExtensions.
   */
  readonly extensions?: readonly RawExtension[] | undefined;
}

/** What a server brings to one handshake. */
export interface ServerContext extends HandshakeContext {
  /**
   * Whether a client that likes ChaCha20-Poly1305 best gets it though it isn't our first choice: such a client has no AES
   * in hardware.
   */
  readonly followClientToChaCha20: boolean;
  /** RFC 9846 §4.3.10: bytes of records of early data that are passed over. */
  readonly maxSkippedEarlyData: number;
  /**
   * Gives the settings for a client by what its hello offers; without it these here are for everybody. What the settings
   * that it gives say of `forClient` is not looked at.
   * @throws {TlsError} to refuse the client with an alert of its own, such as `access_denied`
   */
  readonly forClient?: ((offer: ClientOffer) => Awaitable<ServerContext>) | undefined;
  /**
   * Extensions of the caller's own for EncryptedExtensions, in answer to those in ClientHello that the handshake doesn't
   * own, known or not. Only what was offered may be answered.
   * @throws {TlsError} to refuse the client with an alert of its own, such as `missing_extension`
   */
  readonly answerExtensions?: ((offer: OwnExtensionsOffer) => Awaitable<readonly RawExtension[]>) | undefined;
  /**
   * The certificate for a client, by what its hello says; none if there is none for it.
   * @throws {TlsError} to refuse the client with an alert of its own, such as `unrecognized_name`
   */
  readonly selectCredential: (hello: CredentialRequest) => Awaitable<Credential | undefined>;
}

/** What a client's hello offers, whether or not it is known here: code points, in the client's order. */
export interface ClientOffer {
  /** The host name in server_name. */
  readonly serverName: string | undefined;
  /** RFC 7301; bytes that are not printable ASCII are escaped. */
  readonly alpnProtocols: readonly string[];
  readonly versions: readonly number[];
  readonly cipherSuites: readonly number[];
  readonly namedGroups: readonly number[];
  readonly signatureSchemes: readonly number[];
  /** The ClientHello as it came, with its header. */
  readonly bytes: Uint8Array;
}

/** What a client's hello offers besides what the handshake owns. */
export interface OwnExtensionsOffer {
  /** In the client's order; their data is in copies. */
  readonly extensions: readonly RawExtension[];
  /** What the client asks for in server_name. */
  readonly serverName: string | undefined;
  /** The application protocol that has been chosen. */
  readonly alpnProtocol: string | undefined;
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
  /** What its key can sign a CertificateVerify with. */
  readonly signatureSchemes: readonly SignatureScheme[];
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
