import { type BlockList, type Socket, Server as TcpServer } from "node:net";
import type { Duplex } from "node:stream";
import { callerError, DangerousTlsServer, ServerContext, TlsServer, type TraceEvent } from "@tlskit/tls";
import { check, instanceOf } from "@tlskit/wire/arguments";
import { isBlocked } from "./block-list.ts";
import { acceptsUnverified, checkWhomToAsk } from "./options/client-authentication.ts";
import { aDuplex } from "./options/expectations.ts";
import { createServerContext, type ServerContextOptions, serverTables } from "./options/server-context.ts";
import { ticketKeysOf } from "./options/server-tickets.ts";
import { checkContextAlone, checkedOptions, optionsAbout } from "./options/table.ts";
import { TlsSocket } from "./tls-socket.ts";

/** A server's certificates, and how it treats its connections. */
export interface AcceptOptions extends ServerContextOptions {
  /** A context made once by `createServerContext`, instead of the options for contexts. */
  readonly context?: ServerContext | undefined;
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
  /** Gets each step of each connection. */
  readonly trace?: ((event: TraceEvent, socket: TlsSocket) => void) | undefined;
}

/** The same for a server that listens, and what `node:net` is told of it. */
export interface CreateServerOptions extends AcceptOptions {
  /** Addresses whose connections are dropped. */
  readonly blockList?: BlockList | undefined;
  readonly keepAlive?: boolean | undefined;
  /** Milliseconds. */
  readonly keepAliveInitialDelay?: number | undefined;
  /** Whether small writes go out at once. They do unless told otherwise. */
  readonly noDelay?: boolean | undefined;
}

/**
 * A `net.Server` whose connections speak TLS. Events besides those: `secureConnection` with the socket when a handshake
 * is done, `tlsClientError` with the error and the socket when one fails, `keylog` with a line and the socket, and
 * `earlyData` with the data and the socket for what clients send before the handshake's end: with the option `earlyData`,
 * and if somebody listens.
 *
 * No peer ends the process: an `error` of a socket that nobody listens to is dropped (`close` follows it).
 */
export class SecureServer extends TcpServer {
  #context: ServerContext;

  /** @throws {TlsError} and {X509Error} as `createServerContext` does */
  constructor(options: CreateServerOptions, secureConnectionListener?: (socket: TlsSocket) => void) {
    const checked = checkedOptions("createServer", options, serverTables, ["context", "connection", "net"]);
    // Each side's end is TLS's to say. Small messages are written whole, so waiting to join them only delays.
    super({ noDelay: true, ...optionsAbout("net", checked, serverTables), allowHalfOpen: true });
    this.#context = contextOf(checked);
    secureConnections(
      this,
      checked,
      () => this.#context,
      (socket) => {
        if (this.listenerCount("earlyData") === 0) return;
        socket.on("earlyData", (data: Buffer) => this.emit("earlyData", data, socket));
      },
    );
    if (secureConnectionListener !== undefined) this.on("secureConnection", secureConnectionListener);
  }

  /**
   * Goes over to other certificates and settings, for the connections to come.
   * @throws {TlsError} and {X509Error} as `createServerContext` does
   */
  setSecureContext(context: ServerContext | ServerContextOptions): void {
    const next = context instanceof ServerContext ? context : createServerContext(context);
    this.#context = checkWhomToAsk(this.#context, next);
  }

  /**
   * The 48 bytes of the ticket key that seals now, for another server's `ticketKeys`. They are secret.
   * @throws {TlsError} `no_ticket_keys` (the caller's fault) where tickets aren't sealed by the server's own keys
   */
  getTicketKeys(): Buffer {
    return ticketKeysOf(this.#context).bytes;
  }

  /**
   * Goes over to another ticket key, which stays until the next one is set; tickets of those before are worth nothing.
   * @throws {TlsError} `invalid_argument`, `out_of_range`, `no_ticket_keys` (the caller's fault)
   */
  setTicketKeys(keys: Uint8Array): void {
    ticketKeysOf(this.#context).bytes = keys;
  }
}

/** Events of `node:tls` that never come here: whoever waited for them would wait in vain. */
const eventsElsewhere: ReadonlyMap<string | symbol, string> = new Map([
  ["newSession", "give tickets, whose ticketFor gets each session"],
  ["resumeSession", "give tickets, whose sessionOf is asked for each session"],
]);

function refuseEvents(server: TcpServer): void {
  server.on("newListener", (event: string | symbol) => {
    const instead = eventsElsewhere.get(event);
    if (instead !== undefined) throw callerError("refused_event", `there is no event ${String(event)}: ${instead}`);
  });
}

/**
 * @internal Makes TLS of a server's connections: it emits `secureConnection` with the socket when a handshake is done,
 * and `tlsClientError` with the error and the socket when one fails.
 * @param options which have been checked.
 * @param context gives the one for the connections to come.
 * @param begun gets each socket before its handshake begins.
 */
export function secureConnections(
  server: TcpServer,
  options: CreateServerOptions,
  context: () => ServerContext,
  begun: (socket: TlsSocket) => void = () => undefined,
): void {
  refuseEvents(server);
  server.on("connection", (raw: Socket) => {
    const { blockList } = options;
    if (blockList !== undefined && isBlocked(raw, blockList)) {
      raw.destroy();
      return;
    }
    // A socket remembers where its peer was only if it was asked while it was open: for whoever logs a failure.
    void raw.remoteAddress;
    const socket = acceptWith(raw, context(), options);
    if (server.listenerCount("keylog") > 0) {
      socket.on("keylog", (line: Buffer) => server.emit("keylog", line, socket));
    }
    begun(socket);
    const failed = (error: Error): void => {
      server.emit("tlsClientError", error, socket);
    };
    socket.once("error", failed);
    socket.once("secure", () => {
      socket.off("error", failed);
      server.emit("secureConnection", socket);
    });
  });
}

/**
 * A server that speaks TLS.
 * @param secureConnectionListener gets each connection whose handshake is done.
 * @throws {TlsError} and {X509Error} as `createServerContext` does
 */
export function createServer(
  options: CreateServerOptions,
  secureConnectionListener?: (socket: TlsSocket) => void,
): SecureServer {
  return new SecureServer(options, secureConnectionListener);
}

/**
 * The server's side of TLS over a stream that is there already, such as a socket after STARTTLS. The socket emits
 * `secure` when the handshake is done.
 * @throws {TlsError} `raw_encoding`, and {TlsError} and {X509Error} as `createServerContext` does
 */
export function accept(raw: Duplex, options: AcceptOptions): TlsSocket {
  check(raw, "raw", aDuplex);
  const checked = checkedOptions("accept", options, serverTables, ["context", "connection"]);
  return acceptWith(raw, contextOf(checked), checked);
}

/** @internal The context that some checked options give, or say. */
export function contextOf(options: AcceptOptions): ServerContext {
  checkContextAlone(options, instanceOf(ServerContext, "@tlskit/tls"), serverTables);
  return options.context ?? createServerContext(optionsAbout("context", options, serverTables));
}

function acceptWith(
  raw: Duplex,
  context: ServerContext,
  { allowHalfOpen, dangerouslyAcceptTruncation, highWaterMark, trace }: AcceptOptions,
): TlsSocket {
  let connection: TlsServer | DangerousTlsServer | undefined;
  const socket: TlsSocket = new TlsSocket({
    raw,
    open: (handlers) => {
      connection = acceptsUnverified(context)
        ? new DangerousTlsServer(context, handlers)
        : new TlsServer(context, handlers);
      return connection;
    },
    role: "server",
    askForCertificate: () => connection?.requestClientCertificate() ?? new Uint8Array(0),
    allowHalfOpen,
    highWaterMark,
    acceptTruncation: dangerouslyAcceptTruncation,
    trace: () => trace && ((event) => trace(event, socket)),
  });
  // What a peer does must not end the process: an 'error' without a listener would.
  socket.on("error", () => undefined);
  return socket;
}
