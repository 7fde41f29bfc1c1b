import { type Socket, Server as TcpServer } from "node:net";
import type { Duplex } from "node:stream";
import { type ServerContext, TlsServer as ServerEnd, type TraceEvent } from "@tlskit/tls";
import { createServerContext, type ServerContextOptions } from "./server-context.ts";
import { TlsSocket } from "./tls-socket.ts";

/** A server's certificates, and how it treats its connections. */
export interface ServerOptions extends ServerContextOptions {
  /** A context made once by `createServerContext`; the options for contexts are then not looked at. */
  readonly context?: ServerContext | undefined;
  /** Whether our side stays open when the peer's is closed. It doesn't unless told otherwise. */
  readonly allowHalfOpen?: boolean | undefined;
  /** Gets each step of each connection. */
  readonly trace?: ((event: TraceEvent, socket: TlsSocket) => void) | undefined;
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
    // Each side's end is TLS's to say. Small messages are written whole, so waiting to join them only delays.
    super({ allowHalfOpen: true, noDelay: true });
    this.#options = options;
    this.#context = options.context ?? createServerContext(options);
    this.on("connection", (raw: Socket) => this.#accept(raw));
    if (secureConnectionListener !== undefined) this.on("secureConnection", secureConnectionListener);
  }

  /** Goes over to other certificates and settings, for the connections to come. */
  setSecureContext(context: ServerContext): void {
    this.#context = context;
  }

  #accept(raw: Socket): void {
    // A socket remembers where its peer was only if it was asked while it was open: for whoever logs a failure.
    void raw.remoteAddress;
    const socket = accept(raw, { ...this.#options, context: this.#context });
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
 * @throws {TlsError} and {X509Error} as `createServerContext` does
 */
export function accept(raw: Duplex, options: ServerOptions): TlsSocket {
  const context = options.context ?? createServerContext(options);
  const { trace } = options;
  const socket: TlsSocket = new TlsSocket({
    raw,
    open: (handlers) => new ServerEnd(context, handlers),
    role: "server",
    allowHalfOpen: options.allowHalfOpen,
    trace: trace === undefined ? undefined : (event) => trace(event, socket),
  });
  // What a peer does must not end the process: an 'error' without a listener would.
  socket.on("error", () => undefined);
  return socket;
}
