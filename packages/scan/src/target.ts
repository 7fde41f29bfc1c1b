import type { Protocol } from "@tlskit/starttls";
import { callerError } from "@tlskit/wire";
import { referenceIdentity, X509Error } from "@tlskit/x509";

/** What is scanned: one server, at one address. */
export interface ScanTarget {
  /** The name that the server has to prove, which it is told (SNI), unless this is an address. */
  readonly host: string;
  readonly port: number;
  /** Where to connect to; `host` unless told otherwise. */
  readonly address?: string | undefined;
  /** What goes before TLS, where the protocol begins in the clear. */
  readonly startTls?: Protocol | undefined;
}

/** A target's name as servers are told it (RFC 6066 §3): in small letters, without a dot behind it. Nothing for an address. */
export function serverNameOf({ host }: Pick<ScanTarget, "host">): string | undefined {
  const identity = referenceIdentity(host);
  return "dnsName" in identity ? identity.dnsName : undefined;
}

/**
 * A host goes into hellos and requests, and into what others read: whoever gets it from strangers may rely on this.
 * @throws {TlsError} `invalid_target` (the caller's fault) unless it is a name, in ASCII, or an address without brackets, and a port
 */
export function checkTarget({ host, port }: ScanTarget): void {
  if (!isHost(host)) throw callerError("invalid_target", `neither a name nor an address: ${JSON.stringify(host)}`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw callerError("invalid_target", `a port is a number from 1 to 65535, and not ${port}`);
  }
}

function isHost(host: string): boolean {
  try {
    referenceIdentity(host);
    return !host.startsWith("[");
  } catch (error) {
    if (error instanceof X509Error) return false;
    throw error;
  }
}
