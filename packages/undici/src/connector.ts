import { type ConnectOptions, connect, type TlsSocket } from "@tlskit/node";
import { MemorySessionStore, type SessionStore } from "@tlskit/sessions";
import { callerError } from "@tlskit/wire";
import { aBoolean, aNumber, check, optional } from "@tlskit/wire/arguments";
import { buildConnector, errors } from "undici";
import {
  cachedSessionLength,
  defaultCachedSessions,
  defaultConnectTimeout,
  defaultKeepAliveDelay,
  maxTimerDelay,
} from "./limits.ts";

/** What is a connection's own: undici says it for each. */
type Own =
  | "ALPNProtocols"
  | "alpnProtocols"
  | "earlyData"
  | "host"
  | "path"
  | "port"
  | "session"
  | "sessionsFor"
  | "signal"
  | "socket"
  | "timeout";

/** As of `connect` of `@tlskit/node`, for all connections, and what undici's own connectors have. */
export interface ConnectorOptions extends Omit<ConnectOptions, Own> {
  /**
   * Whether HTTP/2 is offered, which the server chooses if it has it. It is unless told otherwise, here or by the options of
   * the dispatcher.
   */
  readonly allowH2?: boolean | undefined;
  /** Milliseconds until the handshake has to be done: 10 seconds unless told otherwise; 0: as long as `handshakeTimeout`. */
  readonly timeout?: number | undefined;
  /** Sessions that are kept, as bytes with a chain of 4 kB: 100 unless told otherwise; 0: none. Not if `sessions` are given. */
  readonly maxCachedSessions?: number | undefined;
}

/** What undici asks a connector for; newer versions say whether the dispatcher allows HTTP/2. */
interface Asked extends buildConnector.Options {
  readonly allowH2?: boolean;
}

/**
 * Opens connections for undici: `new Agent({ connect: connector({ ca }) })`, or for its `Client` and `Pool`. Those of `https:`
 * are of `@tlskit/node`, all others undici's own.
 * @throws {TlsError} `invalid_argument`, `conflicting_options`, and at each connection what `connect` throws, which undici
 *   fails the request with
 */
export function connector(options: ConnectorOptions = {}): buildConnector.connector {
  const { allowH2, timeout = defaultConnectTimeout, maxCachedSessions, ...tls } = options;
  check(allowH2, "allowH2", optional(aBoolean));
  check(timeout, "timeout", aNumber);
  check(maxCachedSessions, "maxCachedSessions", optional(aNumber));
  const sessions = tls.sessions ?? ownSessions(tls, maxCachedSessions);
  const plain = buildConnector({ timeout, ...(tls.socketPath === undefined ? {} : { socketPath: tls.socketPath }) });
  return (asked, connected) => {
    if (asked.protocol !== "https:") {
      plain(asked, connected);
      return undefined;
    }
    const socket = connectFor(asked, { ...tls, allowH2, sessions });
    const forget = failInTime(socket, timeout, asked);
    let told = false;
    const tell = (...outcome: Parameters<buildConnector.Callback>): void => {
      if (told) return;
      told = true;
      forget();
      connected(...outcome);
    };
    socket.once("secureConnect", () => tell(null, socket));
    // undici listens for itself, once it has the socket.
    socket.on("error", (error) => tell(asTimeout(error, timeout, asked), null));
    socket.once("close", () => {
      tell(callerError("closed_during_handshake", "the connection was given up"), null);
    });
    // Who gives up before it is connected destroys what it got here.
    return socket;
  };
}

function connectFor(
  { hostname, host, port, servername, localAddress, httpSocket, allowH2: dispatcherAllows }: Asked,
  { allowH2, keepAlive = true, keepAliveInitialDelay = defaultKeepAliveDelay, ...tls }: ConnectorOptions,
): TlsSocket {
  const alpnProtocols = allowH2 === false || dispatcherAllows === false ? ["http/1.1"] : ["h2", "http/1.1"];
  const socket = connect({
    ...tls,
    // A context says itself what it offers.
    ...(tls.context === undefined ? { alpnProtocols } : {}),
    host: hostname,
    port: port === "" ? 443 : port,
    // An address has none, and is what is verified then.
    servername: firstName(servername, tls.servername, nameOf(host)),
    localAddress: localAddress ?? tls.localAddress,
    socket: httpSocket,
  });
  // Also of a socket that was there before.
  return socket.setKeepAlive(keepAlive, keepAliveInitialDelay).setNoDelay(true);
}

function firstName(...names: readonly (string | null | undefined)[]): string | undefined {
  return names.find((name) => name !== undefined && name !== null && name !== "") ?? undefined;
}

/** The name in an authority: without its port. */
function nameOf(host: string | undefined): string | undefined {
  const url = `https://${host}`;
  return host !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

/** Ends a connection that takes too long. */
function failInTime(socket: TlsSocket, timeout: number, asked: Asked): () => void {
  if (timeout === 0) return () => undefined;
  const timer = setTimeout(() => socket.destroy(timeoutError(timeout, asked)), Math.min(timeout, maxTimerDelay));
  return () => clearTimeout(timer);
}

/** Where several addresses were tried, and time ran out for one of them: the same error as where it ran out for all. */
function asTimeout(error: Error, timeout: number, asked: Asked): Error {
  if (!(error instanceof AggregateError)) return error;
  const timedOut = [error, ...error.errors].some((one) => Reflect.get(Object(one), "code") === "ETIMEDOUT");
  return timedOut ? Object.assign(timeoutError(timeout, asked), { cause: error }) : error;
}

/** undici's, by which programs know it. */
function timeoutError(timeout: number, { hostname, port }: Asked): Error {
  const address = `${hostname}:${port === "" ? 443 : port}`;
  return new errors.ConnectTimeoutError(`Connect Timeout Error (attempted address: ${address}, timeout: ${timeout}ms)`);
}

/** Sessions of a connector; bounded in bytes, since that is what they cost. A context says itself what is resumed. */
function ownSessions(
  { context, requireFullHandshake }: ConnectorOptions,
  maxCachedSessions: number = defaultCachedSessions,
): SessionStore | undefined {
  if (maxCachedSessions === 0 || context !== undefined || requireFullHandshake === true) return undefined;
  return new MemorySessionStore({ clock: Date.now, size: maxCachedSessions * cachedSessionLength });
}
