import { isIPv6 } from "node:net";

/** Where a page may want to go: a host as it is named, and a port. */
export interface Target {
  /** A name in lower case, or an address; that of IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The longest that a name can be (RFC 1035 §2.3.4, as text), and an address with brackets. */
const maxHostLength = 255;

/**
 * What `HOST:PORT` says, an address of IPv6 in brackets; nothing if it says nothing. Names are compared as they are
 * written, but for their case: what they resolve to is nobody's question before one is allowed.
 */
export function readTarget(text: string): Target | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):([1-9]\d{0,4})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || host.length > maxHostLength || port > 65_535) return undefined;
  if (bracketed === undefined) return { host: host.toLowerCase(), port };
  if (!isIPv6(bracketed)) return undefined;
  // One address has many ways to be written.
  return { host: new URL(`http://[${bracketed}]`).hostname.slice(1, -1), port };
}

/** A request's target (RFC 9112 §3.2.1) without its query, which may be a secret between the page and `authorize`. */
export function pathOf(requestTarget: string): string {
  return requestTarget.replace(/\?.*/s, "");
}

/** What a path says: `/HOST:PORT`, percent-encoded, and nothing behind it. */
export function targetOfPath(path: string): Target | undefined {
  if (!path.startsWith("/")) return undefined;
  try {
    return readTarget(decodeURIComponent(path.slice(1)));
  } catch {
    return undefined;
  }
}

export function targetName({ host, port }: Target): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
