import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connectArguments, type SecureConnectListener } from "../connect-arguments.ts";
import { openTcp } from "../open-tcp.ts";
import { clientTables } from "../options/client-context.ts";
import { optionsAbout } from "../options/table.ts";
import { sharedReading } from "../raw-stream.ts";
import { unbracketed } from "../target.ts";
import { invalidArgumentValue } from "./argument-errors.ts";
import { checkOptions } from "./check-options.ts";
import { defaults } from "./defaults.ts";
import { type ConnectionOptions, withoutNulls } from "./options.ts";
import { rejectsUnauthorized } from "./reject-unauthorized.ts";
import { createSecureContext, SecureContext } from "./secure-context.ts";
import { TLSSocket } from "./tls-socket.ts";

/**
 * Opens a TLS connection, as `tls.connect` does.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` for a `servername` that is an address, and what `createSecureContext` throws
 */
export function connect(options: ConnectionOptions, listener?: SecureConnectListener): TLSSocket;
export function connect(
  portOrPath: number | string,
  options?: ConnectionOptions | SecureConnectListener,
  listener?: SecureConnectListener,
): TLSSocket;
export function connect(
  port: number | string,
  host?: string,
  options?: ConnectionOptions | SecureConnectListener,
  listener?: SecureConnectListener,
): TLSSocket;
export function connect(...given: readonly unknown[]): TLSSocket {
  const { options: told, listener } = connectArguments<ConnectionOptions>(given.length === 0 ? [{}] : given);
  const options = withoutNulls(told);
  if (isIP(options.servername ?? "") !== 0) {
    const reason = "Setting the TLS ServerName to an IP address is not permitted by RFC 6066.";
    throw invalidArgumentValue("options.servername", options.servername, reason);
  }
  const { secureContext = contextOf(options), timeout, signal, host, port, path } = options;
  const rejectUnauthorized = rejectsUnauthorized(options.rejectUnauthorized);
  if (options.secureContext !== undefined) checkOptions(options);
  const reading = options.socket === undefined ? sharedReading() : undefined;
  const raw = options.socket ?? openTcp({ path, host, port }, optionsAbout("net", options, clientTables), reading);
  const hostname = options.servername || options.host || hostOf(options.socket) || "localhost";
  const socket = new TLSSocket(
    raw,
    {
      // As of node:tls: a socket that is there already has its own.
      allowHalfOpen: options.socket === undefined ? options.allowHalfOpen : options.socket.allowHalfOpen,
      highWaterMark: options.highWaterMark,
      onread: options.socket === undefined ? options.onread : undefined,
      secureContext,
      rejectUnauthorized,
      session: options.session,
      enableTrace: options.enableTrace,
      requestOCSP: options.requestOCSP,
      signal,
      ALPNProtocols: options.ALPNProtocols,
    },
    {
      hostname: unbracketed(hostname),
      servername: options.servername === "" || isIP(hostname) !== 0 ? undefined : hostname,
      checkServerIdentity: options.checkServerIdentity,
      pskCallback: options.pskCallback,
      sessionsFor: `${hostname} ${options.path ?? options.port ?? ""}`,
      reading,
      place: { path, host, port, localAddress: options.localAddress },
    },
  );
  if (timeout !== undefined && options.socket === undefined) socket.setTimeout(timeout);
  if (listener !== undefined) socket.once("secureConnect", listener);
  return socket;
}

/**
 * By the function that programs may have put in place of ours, as they do in place of `node:tls`'s: to add authorities to
 * every context.
 */
function contextOf(options: ConnectionOptions): SecureContext {
  const make: unknown = Reflect.get(defaults, "createSecureContext");
  const made: unknown =
    typeof make === "function" ? make({ ...options, ciphers: options.ciphers ?? defaults.DEFAULT_CIPHERS }) : undefined;
  return made instanceof SecureContext ? made : createSecureContext(options);
}

/** Whom a socket of node:net was told to connect to. */
function hostOf(socket: Duplex | undefined): string | undefined {
  const host: unknown = socket === undefined ? undefined : Reflect.get(socket, "_host");
  return typeof host === "string" ? host : undefined;
}
