import { byCode, type SignatureScheme } from "@tlskit/ciphersuites";
import { type Steps, wait } from "@tlskit/crypto";
import { Certificate } from "@tlskit/messages";
import type { ServerSession } from "@tlskit/sessions";
import { decode, TlsError } from "@tlskit/wire";
import { provesEarlier } from "./earlier-proofs.ts";
import type { TrustedPeer } from "./peer-verifier.ts";
import type { ServerHandshakeSettings } from "./settings.ts";

/**
 * A client that showed a certificate before the session was made, which is trusted now, by whom the server trusts now. Only
 * {@link ResumedClient.recall} makes one.
 */
export class ResumedClient<Evidence> {
  readonly peer: TrustedPeer<Evidence>;
  readonly signatureScheme: SignatureScheme;
  readonly verifiedAt: number;
  readonly certificate: Certificate;
  private constructor(
    peer: TrustedPeer<Evidence>,
    signatureScheme: SignatureScheme,
    verifiedAt: number,
    certificate: Certificate,
  ) {
    this.peer = peer;
    this.signatureScheme = signatureScheme;
    this.verifiedAt = verifiedAt;
    this.certificate = certificate;
    provesEarlier(this, { evidence: peer.evidence, signatureScheme, externalPsk: undefined, verifiedAt });
  }

  /**
   * The client of a session. Its certificate is verified once more, as in a full handshake: so the session doesn't outlive it.
   * What fails means a full handshake, in which the same will fail again, or not. The application isn't asked yet: it is
   * when the client has proved that it has the session's secret.
   * @param schemes what clients may sign with.
   * @returns nothing for a session that can't be resumed for its client's sake; `anonymous` if it showed no certificate
   */
  static *recall<Evidence>(
    context: ServerHandshakeSettings<Evidence>,
    session: ServerSession,
    schemes: readonly SignatureScheme[],
  ): Steps<ResumedClient<Evidence> | "anonymous" | undefined> {
    const { clientAuthentication } = context;
    if (session.certificate.length === 0) {
      // A client that has a pre-shared key from outside has shown who it is by that.
      const mayBeAnonymous = clientAuthentication?.demand !== "required" || session.externalMark.length > 0;
      return mayBeAnonymous ? "anonymous" : undefined;
    }
    // Of a server that asks nobody a session of a client that showed a certificate is none.
    if (clientAuthentication === undefined) return undefined;
    try {
      const signatureScheme = byCode(schemes, session.clientSignatureScheme);
      const certificate = decode(Certificate.body, session.certificate);
      if (signatureScheme === undefined || certificate.certificateList.length === 0) return undefined;
      const peer = yield* clientAuthentication.verifyPeer(certificate.certificateList);
      return new ResumedClient(peer, signatureScheme, session.verifiedAt, certificate);
    } catch (error) {
      notTrusted(context, error);
      return undefined;
    }
  }

  /** Whether the application admits the client once more, by the session that it has proved to have. */
  *isAdmitted(context: ServerHandshakeSettings<Evidence>): Steps<boolean> {
    try {
      yield* wait(this.peer.admit?.());
      return true;
    } catch (error) {
      notTrusted(context, error);
      return false;
    }
  }
}

/** A client that isn't trusted any more is nothing that failed here. */
function notTrusted({ resumptionFailed }: Pick<ServerHandshakeSettings, "resumptionFailed">, error: unknown): void {
  if (!(error instanceof TlsError && error.kind === "peer")) resumptionFailed?.(error);
}
