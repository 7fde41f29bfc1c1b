import { UsageError } from "./usage.ts";

/** A port number as text. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 0xffff)) throw new UsageError(`not a port: ${JSON.stringify(text)}`);
  return port;
}

/** `HOST`, `HOST:PORT`, `[IPv6]`, `[IPv6]:PORT` or a bare IPv6 address. */
export function parseEndpoint(text: string): { readonly host: string; readonly port: number } {
  const bracketed = /^\[([^\]]+)\](?::(.*))?$/.exec(text);
  const [, host, port] = bracketed ?? /^([^:]+)(?::(.*))?$/.exec(text) ?? [undefined, text, undefined];
  if (host === undefined || host === "") throw new UsageError(`not a host: ${JSON.stringify(text)}`);
  return { host, port: port === undefined ? 443 : parsePort(port) };
}
