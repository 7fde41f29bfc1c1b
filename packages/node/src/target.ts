import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { Alert, type ClientTarget, callerError, peerError, type VerifiedChain } from "@tlskit/tls";
import type { ConnectOptions } from "./connect.ts";
import { chainToAnchor, detailedPeerCertificate } from "./peer-certificate.ts";

/**
 * Whom a connection is to: the name that the certificate must be for, and who is asked about it besides.
 * @throws {TlsError} `no_host` (the caller's fault)
 */
export function targetOf(options: ConnectOptions): ClientTarget {
  const { servername, sendServerName, host, socket } = options;
  const named = servername === undefined || servername === "" ? undefined : servername;
  // Over a stream that was opened elsewhere nothing tells whose it is.
  const name = named ?? host ?? (socket === undefined ? "localhost" : undefined);
  if (name === undefined) throw callerError("no_host", "there is no servername, nor a host, to verify the server by");
  return {
    host: asciiHost(name),
    sendServerName: sendServerName ?? servername !== "",
    checkServer: checkServerOf(options, name),
    session: options.session,
    sessionsFor: options.sessionsFor ?? `${asciiHost(name)} ${placeOf(options)}`,
    requireFullHandshake: options.requireFullHandshake,
  };
}

/** Where the server is besides its name: several may have one. A stream that was opened elsewhere goes wherever it goes. */
function placeOf({ path, socketPath, port, socket }: ConnectOptions): string {
  return String(path ?? socketPath ?? port ?? (socket === undefined ? 443 : ""));
}

/**
 * Whether a server that can't be verified is accepted. Two options have to say so, since one of them is often set
 * somewhere far away.
 * @throws {TlsError} `refused_option`, `conflicting_options` (the caller's fault)
 */
export function allowsUnverified(options: ConnectOptions): boolean {
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

/** A server that `checkServerIdentity` refused: `cause` is what it gave. */
export const identityRefused = "server_identity_refused";

function checkServerOf(
  { checkServer, checkServerIdentity }: ConnectOptions,
  name: string,
): ClientTarget["checkServer"] {
  if (checkServerIdentity === undefined) return checkServer;
  return (chain) => {
    const refusal = refusalOf(checkServerIdentity, name, chain);
    if (refusal !== undefined) {
      const { given } = refusal;
      const message = given instanceof Error ? given.message : `it gave ${typeof given}, not an Error`;
      throw peerError(
        identityRefused,
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
  checkServerIdentity: NonNullable<ConnectOptions["checkServerIdentity"]>,
  name: string,
  chain: VerifiedChain,
): { readonly given: unknown } | undefined {
  try {
    const certificate = detailedPeerCertificate(chainToAnchor(chain));
    if (certificate === undefined) throw callerError("no_certificates", "a verified chain is never empty");
    const answer: unknown = checkServerIdentity(name, certificate);
    return answer === undefined || answer === null ? undefined : { given: answer };
  } catch (error) {
    return { given: error };
  }
}

/** A host as certificates name it: a name's A-labels, an address without the zone, which is about this machine alone. */
function asciiHost(host: string): string {
  const bare = unbracketed(host);
  if (isIP(bare) !== 0) return bare.replace(/%.*$/, "");
  // A name in other letters has A-labels that stand for it; what has none is for the check of host names to refuse.
  return /^[\0-\x7f]*$/.test(host) ? host : domainToASCII(host) || host;
}

/** An IPv6 address as URLs have it, as an address. */
export function unbracketed(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
