import type { CipherSuite, NamedGroup, SignatureScheme, Tls12CipherSuite } from "@tlskit/ciphersuites";
import type { Exporter, ExternalPsk, Tls12Exporter, TrafficSecret } from "@tlskit/keyschedule";
import type { RawExtension } from "@tlskit/messages";
import type { Attestations } from "./attestations.ts";
import { AuthenticatedPeer } from "./certificate-verify.ts";
import type { EarlyDataDecline } from "./early-data.ts";
import { VerifiedFinished } from "./finished.ts";
import type { Resumption } from "./resumption.ts";
import type { CertificateAnswers } from "./tls13/certificate-answers.ts";
import type { CertificateRequests } from "./tls13/certificate-requests.ts";

/** What a handshake negotiated. */
export interface Negotiated {
  /** 0x0304: TLS 1.3; 0x0303: TLS 1.2. */
  readonly version: number;
  readonly cipherSuite: CipherSuite | Tls12CipherSuite;
  /** None if a pre-shared key was used without a key exchange; in TLS 1.2 neither with RSA's, nor if the group has no name. */
  readonly namedGroup: NamedGroup | undefined;
  /**
   * What the server's CertificateVerify was signed with, the last one if the session is resumed; nothing where a pre-shared
   * key from outside did without, or the key exchange by RSA of TLS 1.2.
   */
  readonly signatureScheme: SignatureScheme | undefined;
  /**
   * At a server, the schemes for signatures that it takes and the client offers, best first by the server's order, those for
   * certificates alone too; empty at a client, which isn't told what its server takes.
   */
  readonly sharedSignatureSchemes: readonly SignatureScheme[];
  /**
   * The pre-shared key from outside that both have shown to have, if there is one: instead of a certificate, or besides one
   * (RFC 8773). If a session is resumed, the one that it began with.
   */
  readonly externalPsk: ExternalPsk | undefined;
  /** RFC 7301; none was agreed upon if it is absent, and none may be assumed. */
  readonly alpnProtocol: string | undefined;
  /** The certificates that the server showed: DER, the leaf first; none where a pre-shared key did without. */
  readonly serverCertificates: readonly Uint8Array[];
  /**
   * What was shown beside each of them, because the client asked for it: as it came, whatever was made of it. Of a session
   * that is resumed only the client knows.
   */
  readonly serverAttestations: readonly Attestations[];
  /** The certificates that the client showed: DER, the leaf first; none if it showed none. */
  readonly clientCertificates: readonly Uint8Array[];
  /** What the client's CertificateVerify was signed with; nothing if it showed no certificate. */
  readonly clientSignatureScheme: SignatureScheme | undefined;
  /** What the client asked for in server_name: now, if a session is resumed (RFC 9846 §4.7.1#new-name). */
  readonly serverName: string | undefined;
  /** Whether it took a HelloRetryRequest. */
  readonly helloRetryRequest: boolean;
  /**
   * Extensions of the caller's own that the peer sent: at a client the server's answers to them, at a server those that
   * its `answerExtensions` was asked about.
   */
  readonly peerExtensions: readonly RawExtension[];
  /** Whether an earlier session was resumed: then certificates were shown and verified in that. */
  readonly resumed: boolean;
  /**
   * When the server last proved by a CertificateVerify, or a pre-shared key from outside, who it is, in milliseconds since 1970.
   * Not a number at a client that asks nobody who they are.
   */
  readonly verifiedAt: number;
  /** What became of early data; nothing if none was offered. */
  readonly earlyData: "accepted" | "rejected" | undefined;
  /** At a server, why it rejected early data. */
  readonly earlyDataDeclined: EarlyDataDecline | undefined;
}

/** What the two Finished messages of a handshake proved themselves with (RFC 9846 §4.5.3, RFC 5246 §7.4.9). */
export interface VerifyData {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** What a finished handshake leaves. */
export type EstablishedSecrets = Tls13Secrets | EarlierSecrets;

/** The secrets that a finished handshake of TLS 1.3 leaves. */
export interface Tls13Secrets {
  readonly type: "TLS 1.3";
  readonly cipherSuite: CipherSuite;
  readonly client: TrafficSecret<"client application">;
  readonly server: TrafficSecret<"server application">;
  readonly exporter: Exporter;
  readonly verifyData: VerifyData;
}

/** How certificates may be asked for after the handshake; neither where they may not. */
export interface LaterAuthentication<Evidence> {
  readonly certificateRequests?: CertificateRequests<Evidence> | undefined;
  readonly certificateAnswers?: CertificateAnswers | undefined;
}

/** What a finished handshake of TLS 1.2 or earlier leaves. */
export interface EarlierSecrets {
  readonly type: "earlier";
  readonly exporter: Tls12Exporter;
  /** Whether the secrets are bound to their handshake (RFC 7627): without that tls-unique and resumption aren't safe. */
  readonly extendedMainSecret: boolean;
  /** RFC 5746 §3.1: whether the peer binds renegotiations to what was before them. */
  readonly secureRenegotiation: boolean;
  readonly verifyData: VerifyData;
  /** RFC 5929 §3.1: whose Finished came first: its verify_data is tls-unique. */
  readonly finishedFirst: "client" | "server";
  /** At a client: what another handshake in the connection is bound to. */
  readonly renegotiation?: RenegotiationState | undefined;
}

/** What a handshake leaves for the next one in the same connection (RFC 5746 §3.1). */
export interface RenegotiationState {
  /** RFC 5246 §7.4.1.2: what the ClientHello said, which servers want to be told again. */
  readonly legacyVersion: number;
  readonly verifyData: VerifyData;
  /** RFC 7627 §5.4: whether the last handshake had it, so that the next one has to have it. */
  readonly extendedMainSecret: boolean;
  /** RFC 7366 §3.1: whether the MAC is over the ciphertext, by the last handshake that took a suite with CBC; nothing if none did. */
  readonly encryptThenMac: boolean | undefined;
}

/** The handshake before another one in the same connection. */
export interface PreviousHandshake extends RenegotiationState {
  readonly negotiated: Negotiated;
}

/**
 * A handshake that came to its end. It can't be made without the proofs: that the peer's Finished was right and, where
 * the peer authenticates itself with a certificate, that it holds the certificate's key.
 */
export class Established<Evidence> {
  readonly negotiated: Negotiated;
  readonly secrets: EstablishedSecrets;
  /** What lets another connection resume this one. */
  readonly resumption: Resumption;
  /** What the peer's certificate was verified by; nothing for a peer that showed none. */
  readonly peer: Evidence | undefined;
  /** RFC 9846 §4.7.2: what a server asks for a certificate with from here on, of a client that may be asked. */
  readonly certificateRequests: CertificateRequests<Evidence> | undefined;
  /** RFC 9846 §4.7.2: what a client answers such requests with, if it offered to. */
  readonly certificateAnswers: CertificateAnswers | undefined;

  private constructor(
    negotiated: Negotiated,
    secrets: EstablishedSecrets,
    resumption: Resumption,
    peer: Evidence | undefined,
    { certificateRequests, certificateAnswers }: LaterAuthentication<Evidence>,
  ) {
    this.negotiated = negotiated;
    this.secrets = secrets;
    this.resumption = resumption;
    this.peer = peer;
    this.certificateRequests = certificateRequests;
    this.certificateAnswers = certificateAnswers;
  }

  /** At a client: the server has authenticated itself. */
  static withServer<Evidence>(
    server: AuthenticatedPeer<Evidence>,
    finished: VerifiedFinished,
    negotiated: Omit<Negotiated, "signatureScheme" | "verifiedAt" | "externalPsk">,
    secrets: EstablishedSecrets,
    resumption: Resumption,
    certificateAnswers?: CertificateAnswers | undefined,
  ): Established<Evidence> {
    AuthenticatedPeer.check(server);
    VerifiedFinished.check(finished);
    const { signatureScheme, verifiedAt, externalPsk, evidence } = server;
    return new Established({ ...negotiated, signatureScheme, verifiedAt, externalPsk }, secrets, resumption, evidence, {
      certificateAnswers,
    });
  }

  /**
   * RFC 5246 §A.5#anonymous: at a client that asks nobody who they are: the server is whoever answered, and all that is shown is
   * that it was one all along.
   */
  static dangerouslyWithAnybody(
    finished: VerifiedFinished,
    negotiated: Omit<Negotiated, "signatureScheme" | "verifiedAt" | "externalPsk">,
    secrets: EstablishedSecrets,
    resumption: Resumption,
  ): Established<never> {
    VerifiedFinished.check(finished);
    const proved = { signatureScheme: undefined, verifiedAt: Number.NaN, externalPsk: undefined };
    return new Established<never>({ ...negotiated, ...proved }, secrets, resumption, undefined, {});
  }

  /** At a server: the client has authenticated itself, or is anybody. */
  static withClient<Evidence>(
    client: AuthenticatedPeer<Evidence> | undefined,
    finished: VerifiedFinished,
    negotiated: Negotiated,
    secrets: EstablishedSecrets,
    resumption: Resumption,
    certificateRequests?: CertificateRequests<Evidence> | undefined,
  ): Established<Evidence> {
    if (client !== undefined) AuthenticatedPeer.check(client);
    VerifiedFinished.check(finished);
    return new Established(negotiated, secrets, resumption, client?.evidence, { certificateRequests });
  }
}
