import { isIPv6 } from "node:net";
import { UsageError } from "./usage.ts";

/** HTTPS. */
export const defaultPort = 443;

/** A port number as text. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 0xffff)) throw new UsageError(`not a port: ${JSON.stringify(text)}`);
  return port;
}

/** `HOST`, `HOST:PORT`, `[IPv6]`, `[IPv6]:PORT` or a bare IPv6 address. */
export function parseEndpoint(text: string): { readonly host: string; readonly port: number } {
  const { host, port = defaultPort } = splitEndpoint(text);
  return { host, port };
}

/** The same, for whoever has another port where none is told. */
export function splitEndpoint(text: string): { readonly host: string; readonly port?: number } {
  if (isIPv6(text)) return { host: text };
  const [, address, name, port] = /^(?:\[([^\]]*)\]|([^:[\]]+))(?::(.*))?$/.exec(text) ?? [];
  const host = address ?? name;
  if (host === undefined || (address !== undefined && !isIPv6(address))) {
    throw new UsageError(`not a host: ${JSON.stringify(text)}`);
  }
  return port === undefined ? { host } : { host, port: parsePort(port) };
}
