import type { Duplex } from "node:stream";
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
import { isReadByUndici } from "../http/undici-parser.ts";
import { chainToAnchor, detailedPeerCertificate } from "../peer-certificate.ts";
import { runtimeTls } from "../runtime-tls.ts";
import { isOfTheWeb } from "./default-authorities.ts";
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
  errorOf(error: TlsError, socket: Duplex | undefined): Error {
    if (this.error !== undefined && error.cause === this.error) return this.error;
    return nodeError(error, this.#role, socket !== undefined && isReadByUndici(socket));
  }
}

/** Whom a client means, and what refuses everybody else. */
export interface Meant {
  readonly hostname: string;
  /** Asked about the name, instead of the certificate's names. */
  readonly checkServerIdentity: CheckServerIdentity | undefined;
  readonly rejectUnauthorized: boolean;
  /** Whether the authorities were named, so that these aren't those of the web. */
  readonly namedAuthorities: boolean;
}

/**
 * What a client asks about whoever answers, in the handshake: whether its chain leads to whom it trusts, and then whether it
 * is the one that was meant, which `checkServerIdentity` says, if it was given, and the certificate's names otherwise.
 */
export function judging(verdict: Verdict, meant: Meant): (peer: VerifiedChain | UnverifiedPeer) => void {
  return (peer) => {
    verdict.error =
      peer instanceof UnverifiedPeer ? verificationError(peer.refusal, peer.certificates) : identityError(peer, meant);
    if (verdict.error === undefined || !meant.rejectUnauthorized) return;
    if (peer instanceof UnverifiedPeer) {
      const { kind, code, message, alert = Alert.certificateUnknown } = peer.refusal;
      throw new TlsError(kind, code, message, { alert, cause: verdict.error });
    }
    throw peerError("server_identity_refused", Alert.badCertificate, verdict.error.message, verdict.error);
  };
}

function identityError(chain: VerifiedChain, meant: Meant): Error | undefined {
  const { hostname, checkServerIdentity } = meant;
  const certificate = detailedPeerCertificate(chainToAnchor(chain));
  const [leaf] = chain.certificates;
  if (certificate === undefined || leaf === undefined) throw callerError("no_certificates", "a chain is never empty");
  if (checkServerIdentity === undefined) {
    if (named(leaf, hostname)) return undefined;
    return mayGoByCommonName(chain, meant)
      ? runtimeTls.checkServerIdentity(hostname, certificate)
      : nameError(hostname, certificate);
  }
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

/**
 * RFC 9525 §2 takes nothing for a host's name but alternative names, which every authority of the web puts into its
 * certificates. One's own authority often doesn't, and `node:tls` takes a common name then: so it is here, if there are no
 * alternative names at all, the authorities were named, and none of them is held to names, which common names escape. Those
 * of the web stay what they are where they were named beside one's own.
 */
function mayGoByCommonName(chain: VerifiedChain, { namedAuthorities }: Meant): boolean {
  const certificates = chainToAnchor(chain);
  return (
    namedAuthorities &&
    !certificates.some(isOfTheWeb) &&
    certificates[0]?.subjectAlternativeName === undefined &&
    certificates.every(({ nameConstraints }) => nameConstraints === undefined)
  );
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`checkServerIdentity gave ${typeof thrown}, not an Error`);
}
