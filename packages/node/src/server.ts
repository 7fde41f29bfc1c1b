import { type BlockList, type Socket, Server as TcpServer } from "node:net";
import type { Duplex } from "node:stream";
import { ServerContext, TlsServer as ServerEnd, type TraceEvent } from "@tlskit/tls";
import { isBlocked } from "./block-list.ts";
import { createServerContext, type ServerContextOptions, serverTables } from "./options/server-context.ts";
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
  /** Gets each step of each connection. */
  readonly trace?: ((event: TraceEvent, socket: TlsSocket) => void) | undefined;
}

/** The same for a server that listens, and what `node:net` is told of it. */
export interface ServerOptions extends AcceptOptions {
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
 * is done, and `tlsClientError` with the error and the socket when one fails.
 *
 * No peer ends the process: an `error` of a socket that nobody listens to is dropped (`close` follows it).
 */
export class TlsServer extends TcpServer {
  readonly #options: ServerOptions;
  #context: ServerContext;

  /** @throws {TlsError} and {X509Error} as `createServerContext` does */
  constructor(options: ServerOptions, secureConnectionListener?: (socket: TlsSocket) => void) {
    const checked = checkedOptions("createServer", options, serverTables, ["context", "connection", "net"]);
    // Each side's end is TLS's to say. Small messages are written whole, so waiting to join them only delays.
    super({ noDelay: true, ...optionsAbout("net", checked, serverTables), allowHalfOpen: true });
    this.#options = checked;
    this.#context = contextOf(checked);
    this.on("connection", (raw: Socket) => this.#accept(raw));
    if (secureConnectionListener !== undefined) this.on("secureConnection", secureConnectionListener);
  }

  /**
   * Goes over to other certificates and settings, for the connections to come.
   * @throws {TlsError} and {X509Error} as `createServerContext` does
   */
  setSecureContext(context: ServerContext | ServerContextOptions): void {
    this.#context = context instanceof ServerContext ? context : createServerContext(context);
  }

  #accept(raw: Socket): void {
    const { blockList } = this.#options;
    if (blockList !== undefined && isBlocked(raw, blockList)) {
      raw.destroy();
      return;
    }
    // A socket remembers where its peer was only if it was asked while it was open: for whoever logs a failure.
    void raw.remoteAddress;
    const socket = acceptWith(raw, this.#context, this.#options);
    const failed = (error: Error): void => {
      this.emit("tlsClientError", error, socket);
    };
    socket.once("error", failed);
    socket.once("secure", () => {
      socket.off("error", failed);
      this.emit("secureConnection", socket);
    });
  }
}

/**
 * A server that speaks TLS.
 * @param secureConnectionListener gets each connection whose handshake is done.
 * @throws {TlsError} and {X509Error} as `createServerContext` does
 */
export function createServer(
  options: ServerOptions,
  secureConnectionListener?: (socket: TlsSocket) => void,
): TlsServer {
  return new TlsServer(options, secureConnectionListener);
}

/**
 * The server's side of TLS over a stream that is there already, such as a socket after STARTTLS. The socket emits
 * `secure` when the handshake is done.
 * @throws {TlsError} `raw_encoding`, and {TlsError} and {X509Error} as `createServerContext` does
 */
export function accept(raw: Duplex, options: AcceptOptions): TlsSocket {
  const checked = checkedOptions("accept", options, serverTables, ["context", "connection"]);
  return acceptWith(raw, contextOf(checked), checked);
}

function contextOf(options: AcceptOptions): ServerContext {
  checkContextAlone(options, serverTables);
  return options.context ?? createServerContext(optionsAbout("context", options, serverTables));
}

function acceptWith(
  raw: Duplex,
  context: ServerContext,
  { allowHalfOpen, highWaterMark, trace }: Pick<AcceptOptions, "allowHalfOpen" | "highWaterMark" | "trace">,
): TlsSocket {
  const socket: TlsSocket = new TlsSocket({
    raw,
    open: (handlers) => new ServerEnd(context, handlers),
    role: "server",
    allowHalfOpen,
    highWaterMark,
    trace: trace === undefined ? undefined : (event) => trace(event, socket),
  });
  // What a peer does must not end the process: an 'error' without a listener would.
  socket.on("error", () => undefined);
  return socket;
}
