import { isIP } from "node:net";
import type { PeerCertificate } from "node:tls";
import { domainToASCII } from "node:url";
import {
  Alert,
  type ClientContext,
  type ClientTarget,
  callerError,
  type EarlyDataOutcome,
  type PskClientContext,
  peerError,
  type TraceEvent,
  type VerifiedChain,
} from "@tlskit/tls";
import { certificateObject } from "../certificate-objects.ts";

/** Early data (0-RTT), and whoever learns what became of it. */
export interface EarlyDataOption {
  /**
   * What is sent with the first flight, as a whole or not at all, if there is a session that allows it. Whoever sees it on
   * its way can send it to the server again, which may act on it once more; whoever gets at the server's ticket key, even
   * later, can read it (RFC 9846 §8). Only what does no harm when it is done twice: a GET without side effects, say.
   */
  readonly replayable: Uint8Array;
  /**
   * Told, once, what became of it. Unless it was accepted it is given back: it is never sent again by itself.
   */
  outcome(outcome: EarlyDataOutcome, data: Buffer): void;
}

/** What belongs to one connection of a client, and not to its context. */
export interface TargetOptions extends Omit<ClientTarget, "host"> {
  /** A context made once by `createClientContext` or `createPskClientContext`, instead of the options for contexts. */
  readonly context?: ClientContext | PskClientContext | undefined;
  /** The name, or the address, that the server's certificate must be for: `hostname` unless told otherwise. */
  readonly serverName?: string | undefined;
  /** The same, as `node:tls` spells it; `serverName`, where there is one, comes first. */
  readonly servername?: string | undefined;
  /** `false`, to accept a server that can't be verified, takes `dangerouslyAllowUnverified` as well. */
  readonly rejectUnauthorized?: boolean | undefined;
  /**
   * Whether `rejectUnauthorized: false` is taken at its word. Then whoever is between the two ends can read and change
   * everything; `authorized` and `getAuthorizationError` tell what a check would have said. An environment variable never
   * does this.
   */
  readonly dangerouslyAllowUnverified?: boolean | undefined;
  /**
   * Gets the name and the certificate, and returns an error to refuse the server. It runs after our own checks, those of the
   * name included, and can only refuse.
   */
  readonly checkServerIdentity?: ((name: string, certificate: PeerCertificate) => Error | undefined) | undefined;
  /** Early data, off unless given: it can be replayed. */
  readonly earlyData?: EarlyDataOption | undefined;
  /** Gets each step of the handshake and of what follows. */
  readonly trace?: ((event: TraceEvent) => void) | undefined;
  /**
   * Takes an end of the stream without a close_notify for an orderly one, for peers that never send one. Whoever is on the
   * way can then cut off what the peer sends, and nobody notices (RFC 9846 §6.1): for protocols that say themselves where
   * their messages end. A handshake that is cut off fails as ever.
   */
  readonly dangerouslyAcceptTruncation?: boolean | undefined;
}

/** Where a connection goes, besides its name: several servers may have one. */
export interface Place {
  readonly hostname?: string | undefined;
  readonly port?: number | undefined;
  readonly unix?: string | undefined;
}

/**
 * Whom a connection is to: the name that the certificate must be for, and who is asked about it besides.
 * @param retargeted what the socket was told before its handshake.
 * @throws {TlsError} `no_host` (the caller's fault)
 */
export function targetOf(options: TargetOptions, place: Place, serverName: string | undefined): ClientTarget {
  const { sendServerName, session, sessionsFor, requireFullHandshake } = options;
  const name = serverName ?? options.serverName ?? options.servername ?? place.hostname;
  if (name === undefined) {
    throw callerError("no_host", "there is no serverName, nor a hostname, to verify the server by");
  }
  const host = asciiHost(name);
  return {
    host,
    sendServerName,
    session,
    requireFullHandshake,
    sessionsFor: sessionsFor ?? `${host} ${place.unix ?? place.port ?? ""}`,
    checkServer: checkServerOf(options, name),
  };
}

/**
 * Whether a server that can't be verified is accepted. Two options have to say so, since one of them is often set
 * somewhere far away.
 * @throws {TlsError} `refused_option`, `conflicting_options` (the caller's fault)
 */
export function allowsUnverified(options: TargetOptions): boolean {
  if (options.rejectUnauthorized !== false) return false;
  if (options.dangerouslyAllowUnverified !== true) {
    throw callerError(
      "refused_option",
      "rejectUnauthorized: false is not supported: give the server's authority, or its own certificate, as ca; " +
        "dangerouslyAllowUnverified: true besides accepts anybody",
    );
  }
  if (options.checkServer !== undefined || options.checkServerIdentity !== undefined) {
    throw callerError(
      "conflicting_options",
      "a check of the server and rejectUnauthorized: false contradict each other: a server that can't be verified isn't asked about",
    );
  }
  return true;
}

function checkServerOf({ checkServer, checkServerIdentity }: TargetOptions, name: string): ClientTarget["checkServer"] {
  if (checkServerIdentity === undefined) return checkServer;
  return (chain) => {
    const refusal = refusalOf(checkServerIdentity, name, chain);
    if (refusal !== undefined) {
      const { given } = refusal;
      const message = given instanceof Error ? given.message : `it gave ${typeof given}, not an Error`;
      throw peerError(
        "server_identity_refused",
        Alert.certificateUnknown,
        `checkServerIdentity refused the server: ${message}`,
        given,
      );
    }
    return checkServer?.(chain);
  };
}

/** What it returns or throws, whatever that is. It fails closed: a promise, for one, is a refusal, since it may be one. */
function refusalOf(
  checkServerIdentity: NonNullable<TargetOptions["checkServerIdentity"]>,
  name: string,
  chain: VerifiedChain,
): { readonly given: unknown } | undefined {
  try {
    const answer: unknown = checkServerIdentity(name, certificateObject(chain.certificates[0]?.der));
    return answer === undefined || answer === null ? undefined : { given: answer };
  } catch (error) {
    return { given: error };
  }
}

/** A host as certificates name it: a name's A-labels, an address without the zone, which is about this machine alone. */
function asciiHost(host: string): string {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  if (isIP(bare) !== 0) return bare.replace(/%.*$/, "");
  // A name in other letters has A-labels that stand for it; what has none is for the check of host names to refuse.
  return /^[\0-\x7f]*$/.test(host) ? host : domainToASCII(host) || host;
}
