import type { CipherSuite, NamedGroup, SignatureScheme } from "@tlskit/ciphersuites";
import type { Exporter, ResumptionSecret, TrafficSecret } from "@tlskit/keyschedule";
import type { RawExtension } from "@tlskit/messages";
import { AuthenticatedPeer } from "./certificate-verify.ts";
import { VerifiedFinished } from "./finished.ts";

/** What a handshake negotiated. */
export interface Negotiated {
  /** 0x0304: TLS 1.3. */
  readonly version: number;
  readonly cipherSuite: CipherSuite;
  readonly namedGroup: NamedGroup;
  /** What the server's CertificateVerify was signed with. */
  readonly signatureScheme: SignatureScheme;
  /** RFC 7301; none was agreed upon if it is absent, and none may be assumed. */
  readonly alpnProtocol: string | undefined;
  /** The certificates that the server showed: DER, the leaf first. */
  readonly serverCertificates: readonly Uint8Array[];
  /** What the client asked for in server_name. */
  readonly serverName: string | undefined;
  /** Whether it took a HelloRetryRequest. */
  readonly helloRetryRequest: boolean;
  /**
   * Extensions of the caller's own that the peer sent: at a client the server's answers to them, at a server those that
   * its `answerExtensions` was asked about.
   */
  readonly peerExtensions: readonly RawExtension[];
}

/** The secrets that a finished handshake leaves. */
export interface EstablishedSecrets {
  readonly client: TrafficSecret<"client application">;
  readonly server: TrafficSecret<"server application">;
  readonly exporter: Exporter;
  readonly resumption: ResumptionSecret;
}

/**
 * A handshake that came to its end. It can't be made without the proofs: that the peer's Finished was right and, where
 * the peer authenticates itself with a certificate, that it holds the certificate's key.
 */
export class Established<Evidence> {
  readonly negotiated: Negotiated;
  readonly secrets: EstablishedSecrets;
  /** What the peer's certificate was verified by; nothing for a peer that showed none. */
  readonly peer: Evidence | undefined;

  private constructor(negotiated: Negotiated, secrets: EstablishedSecrets, peer: Evidence | undefined) {
    this.negotiated = negotiated;
    this.secrets = secrets;
    this.peer = peer;
  }

  /** At a client: the server has authenticated itself. */
  static withServer<Evidence>(
    server: AuthenticatedPeer<Evidence>,
    finished: VerifiedFinished,
    negotiated: Omit<Negotiated, "signatureScheme">,
    secrets: EstablishedSecrets,
  ): Established<Evidence> {
    AuthenticatedPeer.check(server);
    VerifiedFinished.check(finished);
    return new Established({ ...negotiated, signatureScheme: server.signatureScheme }, secrets, server.evidence);
  }

  /** At a server: the client is anybody. */
  static withAnonymousClient(
    finished: VerifiedFinished,
    negotiated: Negotiated,
    secrets: EstablishedSecrets,
  ): Established<never> {
    VerifiedFinished.check(finished);
    return new Established<never>(negotiated, secrets, undefined);
  }
}
