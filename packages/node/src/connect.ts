import { type BlockList, isIP, type LookupFunction } from "node:net";
import { addAbortSignal, type Duplex } from "node:stream";
import type { checkServerIdentity } from "node:tls";
import {
  ClientContext,
  type ClientTarget,
  type ConnectionHandlers,
  callerError,
  DangerousTlsClient,
  type EarlyDataOutcome,
  PskClient,
  PskClientContext,
  TlsClient,
  type TraceEvent,
} from "@tlskit/tls";
import { type Expectation, instanceOf } from "@tlskit/wire/arguments";
import { refuseBlocked } from "./block-list.ts";
import { connectArguments, type SecureConnectListener } from "./connect-arguments.ts";
import { openTcp } from "./open-tcp.ts";
import { type ClientContextOptions, clientTables, sharedClientContext } from "./options/client-context.ts";
import { checkContextAlone, checkedOptions, optionsAbout } from "./options/table.ts";
import { type SharedReading, sharedReading } from "./raw-stream.ts";
import { allowsUnverified, targetOf } from "./target.ts";
import { type SocketInfo, TlsSocket } from "./tls-socket.ts";

/** What `node:net` is told of the TCP connection below, as it is. */
export interface TcpOptions {
  /** The address to connect from. */
  readonly localAddress?: string | undefined;
  /** The port to connect from. */
  readonly localPort?: number | undefined;
  /** The version of IP: 4, 6, or 0 for either. */
  readonly family?: number | undefined;
  /** Flags for `dns.lookup`. */
  readonly hints?: number | undefined;
  /** Looks the host's addresses up, instead of `dns.lookup`; an error of it ends the socket. */
  readonly lookup?: LookupFunction | undefined;
  readonly autoSelectFamily?: boolean | undefined;
  /** Milliseconds. */
  readonly autoSelectFamilyAttemptTimeout?: number | undefined;
  /** Addresses that are not connected to. */
  readonly blockList?: BlockList | undefined;
  readonly keepAlive?: boolean | undefined;
  /** Milliseconds. */
  readonly keepAliveInitialDelay?: number | undefined;
  /** Whether small writes go out at once. They do unless told otherwise. */
  readonly noDelay?: boolean | undefined;
  readonly typeOfService?: number | undefined;
}

/** Early data (0-RTT), and whoever learns what became of it. */
export interface EarlyDataOption {
  /**
   * What is sent with the first flight, as a whole or not at all, if there is a session that allows it. Whoever sees it on
   * its way can send it to the server again, which may act on it once more; whoever gets at the server's ticket key, even
   * later, can read it (RFC 9846 §8). Only what does no harm when it is done twice: a GET without side effects, say.
   */
  readonly replayable: Uint8Array;
  /**
   * Told, once, what became of it. Unless it was accepted it is given back: it is never sent again by itself. Until then
   * what is written goes behind it.
   */
  outcome(outcome: EarlyDataOutcome, data: Buffer): void;
}

/** Whom to connect to, and how. */
export interface ConnectOptions extends ClientContextOptions, TcpOptions {
  /** A name or an address, also with a zone (`fe80::1%eth0`): `localhost` unless told otherwise. */
  readonly host?: string | null | undefined;
  /** 443 unless told otherwise. */
  readonly port?: number | string | null | undefined;
  /** A Unix socket, or a named pipe of Windows, instead of a host and a port. */
  readonly path?: string | null | undefined;
  /** The same, under the name that it has in `http.request`. */
  readonly socketPath?: string | null | undefined;
  /**
   * The name, or the address, that the server's certificate must be for: `host` unless told otherwise. If it is empty, as
   * Node's agents have it for addresses, that is `host` too, and no name is sent.
   */
  readonly servername?: string | undefined;
  /** Whether a name is sent to the server (SNI), in the clear. It is unless told otherwise. */
  readonly sendServerName?: boolean | undefined;
  /** Asked about the server when its chain has been verified: for what is wanted besides. Throws a `peerError` to refuse it. */
  readonly checkServer?: ClientTarget["checkServer"];
  /**
   * The same as `node:tls` has it: gets the name and the certificate, and returns an error to refuse the server, which
   * the socket then ends with. It runs after our own checks, those of the name included, and can only refuse.
   */
  readonly checkServerIdentity?: typeof checkServerIdentity | undefined;
  /** `false`, to accept a server that can't be verified, takes `dangerouslyAllowUnverified` as well. */
  readonly rejectUnauthorized?: boolean | undefined;
  /**
   * Whether `rejectUnauthorized: false` is taken at its word. Then whoever is between the two ends can read and change
   * everything; `authorized` and `authorizationError` tell what a check would have said. An environment variable never
   * does this.
   */
  readonly dangerouslyAllowUnverified?: boolean | undefined;
  /** What to run over, instead of a TCP connection: any Duplex, such as a socket after STARTTLS. It is ended with this one. */
  readonly socket?: Duplex | undefined;
  /** A context made once by `createClientContext` or `createPskClientContext`, instead of the options for contexts. */
  readonly context?: ClientContext | PskClientContext | undefined;
  /** Whether our side stays open when the peer's is closed. It doesn't unless told otherwise. */
  readonly allowHalfOpen?: boolean | undefined;
  /** Bytes that a reader or writer buffers before it is told to wait; as for any stream. */
  readonly highWaterMark?: number | undefined;
  /**
   * Takes an end of the stream without a close_notify for an orderly end, for peers that never send one. Whoever is on
   * the way can then cut off what the peer sends, and nobody notices (RFC 9846 §6.1): for protocols that say themselves
   * where their messages end. HTTP over Node's own clients and servers needs it only for responses that end with the
   * stream. A handshake that is cut off fails as ever.
   */
  readonly dangerouslyAcceptTruncation?: boolean | undefined;
  /**
   * A session to resume: what a `session` event or `getSession` gave, for this server. One that isn't understood, or is
   * over, or isn't taken, means a full handshake. The server's certificate is verified again either way.
   */
  readonly session?: Uint8Array | undefined;
  /** Under what name `sessions` has those of this server: its name and port unless told otherwise. */
  readonly sessionsFor?: string | undefined;
  /** Whether no session is resumed, so that the server proves anew who it is. */
  readonly requireFullHandshake?: boolean | undefined;
  /** Early data, off unless given: it can be replayed. */
  readonly earlyData?: EarlyDataOption | undefined;
  /** Milliseconds without a byte until `timeout` is emitted, as by `setTimeout`. `http.request` hands its own on. */
  readonly timeout?: number | undefined;
  /** Destroys the socket when aborted. For the time that connecting may take, `AbortSignal.timeout`. */
  readonly signal?: AbortSignal | undefined;
  /** Gets each step of the handshake and of what follows. */
  readonly trace?: ((event: TraceEvent) => void) | undefined;
}

/**
 * Opens a TLS connection: a socket that can be written to at once, and emits `secureConnect` when the handshake is done
 * and the server verified. Takes its arguments as `tls.connect` does: `(options)`, `(port, host, options)`,
 * `(port, options)`, `(path, options)`, and in each a listener for `secureConnect` at the end.
 * @throws {TlsError} `unknown_option`, `refused_option`, `conflicting_options`, `no_host`, `invalid_host`, `raw_encoding`
 *   and the errors of a client context (the caller's fault)
 */
export function connect(options: ConnectOptions, secureConnectListener?: SecureConnectListener): TlsSocket;
export function connect(
  portOrPath: number | string,
  options?: ConnectOptions | SecureConnectListener,
  secureConnectListener?: SecureConnectListener,
): TlsSocket;
export function connect(
  port: number | string,
  host?: string,
  options?: ConnectOptions | SecureConnectListener,
  secureConnectListener?: SecureConnectListener,
): TlsSocket;
export function connect(...given: readonly unknown[]): TlsSocket {
  const { options: asGiven, listener } = connectArguments<ConnectOptions>(given);
  const { options, target, unverified, context } = checkedConnect("connect", asGiven);
  const { earlyData } = options;
  const reading = options.socket === undefined ? sharedReading() : undefined;
  const raw = options.socket ?? openRaw(options, reading);
  let socket: TlsSocket;
  try {
    socket = new TlsSocket({
      raw,
      reading,
      session: target.session,
      open: (handlers) => {
        const client = clientOf(context, target, unverified, handlers);
        if (earlyData !== undefined) client.sendEarly(earlyData.replayable);
        return client;
      },
      role: "client",
      servername: target.sendServerName === true && isIP(target.host) === 0 ? target.host : undefined,
      allowHalfOpen: options.allowHalfOpen,
      highWaterMark: options.highWaterMark,
      acceptTruncation: options.dangerouslyAcceptTruncation,
      trace: () => options.trace,
      earlyDataOutcome: earlyData && ((outcome, data) => earlyData.outcome(outcome, data)),
    });
  } catch (error) {
    if (options.socket === undefined) raw.destroy();
    throw error;
  }
  if (options.blockList !== undefined) refuseBlocked(raw, options.blockList, socket);
  if (options.timeout !== undefined) socket.setTimeout(options.timeout);
  if (options.signal !== undefined) addAbortSignal(options.signal, socket);
  if (listener !== undefined) socket.once("secureConnect", listener);
  return socket;
}

/** What is to be done, once nothing is wrong with it. */
interface CheckedConnect {
  readonly options: ConnectOptions;
  readonly target: ClientTarget;
  readonly unverified: boolean;
  readonly context: ClientContext | PskClientContext;
}

/** @internal Everything that can be wrong with options for clients, before anybody is connected to. */
export function checkedConnect(caller: string, asGiven: ConnectOptions): CheckedConnect {
  const options = checkedOptions(caller, asGiven, clientTables, ["context", "connection", "net"]);
  checkContextAlone(options, aClientContext, clientTables);
  const target = targetOf(options);
  const unverified = allowsUnverified(options);
  const context = options.context ?? sharedClientContext(options);
  if (unverified && context instanceof PskClientContext) {
    throw callerError(
      "conflicting_options",
      "externalPsks accept nobody else: dangerouslyAllowUnverified has no meaning",
    );
  }
  if (options.earlyData?.replayable.length === 0) {
    throw callerError("out_of_range", "earlyData.replayable is empty: there is nothing that could become of it");
  }
  return { options, target, unverified, context };
}

const ofCertificates = instanceOf(ClientContext, "@tlskit/tls");
const aClientContext: Expectation = (value, name) =>
  value instanceof PskClientContext ? undefined : ofCertificates(value, name);

function clientOf(
  context: ClientContext | PskClientContext,
  target: ClientTarget,
  unverified: boolean,
  handlers: ConnectionHandlers<SocketInfo>,
): TlsClient | PskClient | DangerousTlsClient {
  if (context instanceof PskClientContext) return new PskClient(context, target, handlers);
  return unverified ? new DangerousTlsClient(context, target, handlers) : new TlsClient(context, target, handlers);
}

/** @internal The TCP connection, or the pipe, that some checked options name. */
export function openRaw(options: ConnectOptions, reading: SharedReading | undefined): Duplex {
  const { host, port, path, socketPath } = options;
  const place = { path: path ?? socketPath, host, port: Number(port ?? 443) };
  return openTcp(place, optionsAbout("net", options, clientTables), reading);
}
