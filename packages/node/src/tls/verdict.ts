import type { PeerCertificate } from "node:tls";
import {
  Alert,
  type Certificate,
  callerError,
  peerError,
  TlsError,
  UnverifiedPeer,
  type VerifiedChain,
} from "@tlskit/tls";
import { certificateNames, X509Error } from "@tlskit/x509";
import { chainToAnchor, detailedPeerCertificate } from "../peer-certificate.ts";
import { nameError, nodeError, verificationError } from "./error-codes.ts";

/** As of `node:tls`: gets the name and the certificate, and returns an error to refuse the server. */
export type CheckServerIdentity = (hostname: string, certificate: PeerCertificate) => Error | undefined;

/** What a client has found out about the server, in the words of `node:tls`. */
export class Verdict {
  /** Why the server isn't who it should be: it was let in nevertheless if there is a connection. */
  error: Error | undefined;
  readonly #role: "client" | "server";

  constructor(role: "client" | "server") {
    this.#role = role;
  }

  /** What the socket ends with: the very error that refused the server. */
  readonly errorOf = (error: TlsError): Error =>
    this.error !== undefined && error.cause === this.error ? this.error : nodeError(error, this.#role);
}

/**
 * What a client asks about whoever answers, in the handshake: whether its chain leads to whom it trusts, and then whether it
 * is the one that was meant, which `checkServerIdentity` says, if it was given, and the certificate's names otherwise.
 */
export function judging(
  verdict: Verdict,
  hostname: string,
  {
    checkServerIdentity,
    rejectUnauthorized,
  }: {
    readonly checkServerIdentity: CheckServerIdentity | undefined;
    readonly rejectUnauthorized: boolean;
  },
): (peer: VerifiedChain | UnverifiedPeer) => void {
  return (peer) => {
    verdict.error =
      peer instanceof UnverifiedPeer
        ? verificationError(peer.refusal, peer.certificates)
        : identityError(peer, hostname, checkServerIdentity);
    if (verdict.error === undefined || !rejectUnauthorized) return;
    if (peer instanceof UnverifiedPeer) {
      const { kind, code, message, alert = Alert.certificateUnknown } = peer.refusal;
      throw new TlsError(kind, code, message, { alert, cause: verdict.error });
    }
    throw peerError("server_identity_refused", Alert.badCertificate, verdict.error.message, verdict.error);
  };
}

function identityError(
  chain: VerifiedChain,
  hostname: string,
  checkServerIdentity: CheckServerIdentity | undefined,
): Error | undefined {
  const certificate = detailedPeerCertificate(chainToAnchor(chain));
  const [leaf] = chain.certificates;
  if (certificate === undefined || leaf === undefined) throw callerError("no_certificates", "a chain is never empty");
  if (checkServerIdentity === undefined) return named(leaf, hostname) ? undefined : nameError(hostname, certificate);
  try {
    const answer: unknown = checkServerIdentity(hostname, certificate);
    // It fails closed: a promise, for one, is a refusal, since it may be one.
    return answer === undefined || answer === null ? undefined : asError(answer);
  } catch (error) {
    return asError(error);
  }
}

/** RFC 9525 §2: by its subject alternative names. A host that no certificate can name is nobody's. */
function named(leaf: Certificate, hostname: string): boolean {
  try {
    return certificateNames(leaf, hostname);
  } catch (error) {
    if (error instanceof X509Error) return false;
    throw error;
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`checkServerIdentity gave ${typeof thrown}, not an Error`);
}
