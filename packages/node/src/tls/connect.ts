import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connectArguments, type SecureConnectListener } from "../connect-arguments.ts";
import { openTcp } from "../open-tcp.ts";
import { clientTables } from "../options/client-context.ts";
import { optionsAbout } from "../options/table.ts";
import { sharedReading } from "../raw-stream.ts";
import { unbracketed } from "../target.ts";
import { type ConnectionOptions, withoutNulls } from "./options.ts";
import { rejectsUnauthorized } from "./reject-unauthorized.ts";
import { createSecureContext } from "./secure-context.ts";
import { TLSSocket } from "./tls-socket.ts";

/**
 * Opens a TLS connection, as `tls.connect` does.
 * @throws {TlsError} and {X509Error} as `createSecureContext` does
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
  const { options: told, listener } = connectArguments<ConnectionOptions>(given);
  const options = withoutNulls(told);
  const { secureContext = createSecureContext(options), timeout, signal, host, port, path } = options;
  const rejectUnauthorized = rejectsUnauthorized(options.rejectUnauthorized);
  const reading = options.socket === undefined ? sharedReading() : undefined;
  const raw = options.socket ?? openTcp({ path, host, port }, optionsAbout("net", options, clientTables), reading);
  const hostname = options.servername || options.host || hostOf(options.socket) || "localhost";
  const socket = new TLSSocket(
    raw,
    {
      // As of node:tls: a socket that is there already has its own.
      allowHalfOpen: options.socket === undefined ? options.allowHalfOpen : options.socket.allowHalfOpen,
      highWaterMark: options.highWaterMark,
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

/** Whom a socket of node:net was told to connect to. */
function hostOf(socket: Duplex | undefined): string | undefined {
  const host: unknown = socket === undefined ? undefined : Reflect.get(socket, "_host");
  return typeof host === "string" ? host : undefined;
}
