import { callerError } from "@tlskit/tls";
import {
  aBoolean,
  aFunction,
  anything,
  aString,
  checkOptions,
  type Expectations,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { type ClientTlsOptions, clientParts } from "./client-connection.ts";
import { aHandlerSet, aPort } from "./expectations.ts";
import type { BinaryType, SocketHandler } from "./handlers.ts";
import { begun, opening } from "./opening.ts";
import type { Place } from "./options/target.ts";
import { connectRaw } from "./runtime.ts";
import type { TlsSocket } from "./tls-socket.ts";

/** How to connect, wherever. */
interface CommonConnectOptions<Data, Binary extends BinaryType> {
  /** `true` for what there is unless told otherwise, which it is. */
  readonly tls?: ClientTlsOptions | true | undefined;
  readonly socket: SocketHandler<Data, Binary>;
  /** What the socket's `data` is at first. */
  readonly data?: Data | undefined;
  /** Whether this side stays open when the peer's has ended. It doesn't unless told otherwise. */
  readonly allowHalfOpen?: boolean | undefined;
  /**
   * Gives connecting up, with the code `aborted`, when it is aborted before the handshake is done; later it means nothing.
   * `AbortSignal.timeout` bounds the time of all of it, that of TCP included.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Whom to connect to over TCP, and how. */
export interface TcpConnectOptions<Data = undefined, Binary extends BinaryType = "buffer">
  extends CommonConnectOptions<Data, Binary> {
  /** A name or an address. */
  readonly hostname: string;
  readonly port: number;
  readonly unix?: undefined;
}

/** Whom to connect to over a Unix socket, and how. */
export interface UnixConnectOptions<Data = undefined, Binary extends BinaryType = "buffer">
  extends CommonConnectOptions<Data, Binary> {
  /** The Unix socket. */
  readonly unix: string;
  /** `serverName` says whom the server's certificate must be for. */
  readonly tls: ClientTlsOptions;
  readonly hostname?: undefined;
  readonly port?: undefined;
}

/** Whom to connect to, and how. */
export type ConnectOptions<Data = undefined, Binary extends BinaryType = "buffer"> =
  | TcpConnectOptions<Data, Binary>
  | UnixConnectOptions<Data, Binary>;

const expectations: Expectations<Record<keyof ConnectOptions, unknown>> = {
  hostname: optional(aString),
  port: optional(aPort),
  unix: optional(aString),
  tls: anything, // looked at where it is used
  socket: aHandlerSet,
  data: anything,
  allowHalfOpen: optional(aBoolean),
  signal: optional(objectWith("an AbortSignal", { aborted: aBoolean, addEventListener: aFunction })),
};

/**
 * Opens a TLS connection. The promise is kept when the handshake is done and the server verified, where that of `Bun.connect`
 * is when TCP is connected: whoever awaits it has a socket that can be written to.
 *
 * What fails is told to `connectError`, or to `handshake` and `close` where the socket was opened before; then the promise
 * need not be looked at.
 * @throws {TlsError} (the promise) for what is wrong with the options: `invalid_argument`, `unknown_option`, `refused_option`,
 *   `conflicting_options`, `no_host`, `invalid_host`, and what `createClientContext` throws (the caller's fault)
 * @throws {TlsError} (the promise) for a handshake that fails, and Bun's own error where TCP can't be connected
 */
export function connect<Data = undefined, Binary extends BinaryType = "buffer">(
  options: ConnectOptions<Data, Binary>,
): Promise<TlsSocket<Data>> {
  return begun(() => begin(options));
}

function begin<Data>(options: ConnectOptions<Data, BinaryType>): Promise<TlsSocket<Data>> {
  checkOptions<object>("connect", options, expectations);
  const place = placeOf(options);
  const { events, established } = opening<Data>(clientParts(options.tls, options), options);
  connectRaw(place, events).catch((error: unknown) => {
    events.refused(error instanceof Error ? error : callerError("refused", "Bun.connect failed", error));
  });
  return established;
}

/** @throws {TlsError} `conflicting_options` (the caller's fault) */
function placeOf({ hostname, port, unix }: Place): { unix: string } | { hostname: string; port: number } {
  if (unix !== undefined && hostname === undefined && port === undefined) return { unix };
  if (unix === undefined && hostname !== undefined && port !== undefined) return { hostname, port };
  throw callerError("conflicting_options", "connect takes either hostname and port, or unix");
}
