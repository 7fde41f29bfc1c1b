import { callerError } from "@tlskit/tls";
import {
  aBoolean,
  anObject,
  anything,
  aString,
  check,
  checkOptions,
  type Expectations,
  optional,
} from "@tlskit/wire/arguments";
import { aHandlerSet, aPort } from "./expectations.ts";
import { type BinaryType, HandlersInUse, type SocketHandler } from "./handlers.ts";
import { checkWhomToAsk } from "./options/server-context.ts";
import { listenRaw, type RawListener } from "./runtime.ts";
import { type ServerConnections, type ServerTlsOptions, serverConnections } from "./server-connection.ts";
import { TlsSocket } from "./tls-socket.ts";

/** How to listen, wherever. */
interface CommonListenOptions<Data, Binary extends BinaryType> {
  readonly tls: ServerTlsOptions;
  readonly socket: SocketHandler<Data, Binary>;
  /** What each socket's `data` is at first. */
  readonly data?: Data | undefined;
  /** Whether this side stays open when the peer's has ended. It doesn't unless told otherwise. */
  readonly allowHalfOpen?: boolean | undefined;
}

/** Where to listen for TCP, and how. */
export interface TcpListenOptions<Data = undefined, Binary extends BinaryType = "buffer">
  extends CommonListenOptions<Data, Binary> {
  /** A name or an address: `0.0.0.0` for all of IPv4. */
  readonly hostname: string;
  /** 0: one that is free. */
  readonly port: number;
  /** Whether no other socket may have the same address. As for Bun. */
  readonly exclusive?: boolean | undefined;
  /** As for Bun. */
  readonly reusePort?: boolean | undefined;
  /** As for Bun. */
  readonly ipv6Only?: boolean | undefined;
  readonly unix?: undefined;
}

/** On which Unix socket to listen, and how. */
export interface UnixListenOptions<Data = undefined, Binary extends BinaryType = "buffer">
  extends CommonListenOptions<Data, Binary> {
  readonly unix: string;
  readonly hostname?: undefined;
  readonly port?: undefined;
}

/** Where to listen, and how. */
export type ListenOptions<Data = undefined, Binary extends BinaryType = "buffer"> =
  | TcpListenOptions<Data, Binary>
  | UnixListenOptions<Data, Binary>;

const expectations: Expectations<Record<keyof TcpListenOptions, unknown>> = {
  hostname: optional(aString),
  port: optional(aPort),
  unix: optional(aString),
  tls: anObject,
  socket: aHandlerSet,
  data: anything,
  allowHalfOpen: optional(aBoolean),
  exclusive: optional(aBoolean),
  reusePort: optional(aBoolean),
  ipv6Only: optional(aBoolean),
};

/** A listening socket, shaped like Bun's. */
export class TlsListener<Data = undefined> implements Disposable {
  /** What the `data` of each socket to come is at first. */
  data: Data;
  readonly #below: RawListener;
  readonly #handlers: HandlersInUse<Data>;
  readonly #sockets = new Set<TlsSocket<Data>>();
  readonly #allowHalfOpen: boolean;
  #connections: ServerConnections;

  /** @internal */
  constructor(options: ListenOptions<Data, BinaryType>) {
    checkOptions<object>("listen", options, expectations);
    const place = placeOf(options);
    this.data = options.data as Data; // whoever leaves it out has `undefined` for its type, as with Bun
    this.#handlers = new HandlersInUse(options.socket);
    this.#allowHalfOpen = options.allowHalfOpen ?? false;
    this.#connections = serverConnections(options.tls);
    this.#below = listenRaw(place, () => TlsSocket.rawEvents(this.#accept()));
  }

  #accept(): TlsSocket<Data> {
    const socket: TlsSocket<Data> = new TlsSocket<Data>({
      ...this.#connections.parts(),
      handlers: this.#handlers,
      data: this.data,
      listener: this,
      allowHalfOpen: this.#allowHalfOpen,
      over: () => this.#sockets.delete(socket),
    });
    this.#sockets.add(socket);
    return socket;
  }

  get hostname(): string | undefined {
    return this.#below.hostname;
  }

  /** The port that it listens at; none of a Unix socket. */
  get port(): number | undefined {
    return this.#below.port;
  }

  get unix(): string | undefined {
    return this.#below.unix;
  }

  /**
   * Takes no more connections.
   * @param closeActiveConnections whether those that there are are closed, in order.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  stop(closeActiveConnections: boolean = false): void {
    check(closeActiveConnections, "closeActiveConnections", aBoolean);
    this.#below.stop();
    if (!closeActiveConnections) return;
    for (const socket of [...this.#sockets]) socket.close();
  }

  /** The same as `stop`, of the connections as well, for `using`. */
  [Symbol.dispose](): void {
    this.stop(true);
  }

  /** The process lives as long as it listens, which is so unless told otherwise. */
  ref(): void {
    this.#below.ref();
  }

  unref(): void {
    this.#below.unref();
  }

  /**
   * Other handlers, in place of all that there were, for the sockets that there are and those to come; or other certificates and
   * settings, for those to come.
   * @throws {TlsError} and {X509Error} as `createServerContext` does; `conflicting_options` (the caller's fault) if the
   *   listener asks clients for certificates and the new settings say nothing of it
   */
  reload(options: {
    readonly socket?: SocketHandler<Data, BinaryType> | undefined;
    readonly tls?: ServerTlsOptions | undefined;
  }): void {
    checkOptions("reload", options, { socket: optional(aHandlerSet), tls: optional(anObject) });
    const { socket, tls } = options;
    if (tls !== undefined) {
      const next = serverConnections(tls);
      checkWhomToAsk(this.#connections.context, next.context);
      this.#connections = next;
    }
    if (socket !== undefined) this.#handlers.replace(socket);
  }
}

/**
 * Listens for TLS connections. A client whose handshake fails is told of to `handshake` and `close`, if there is a handler
 * `handshake`, and to nobody otherwise; none of it ends the process.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `refused_option`, `conflicting_options`, and what
 *   `createServerContext` throws (the caller's fault)
 * @throws {X509Error} as `createServerContext` does, and Bun's own error where it can't listen
 */
export function listen<Data = undefined, Binary extends BinaryType = "buffer">(
  options: TcpListenOptions<Data, Binary>,
): TcpTlsListener<Data>;
export function listen<Data = undefined, Binary extends BinaryType = "buffer">(
  options: UnixListenOptions<Data, Binary>,
): UnixTlsListener<Data>;
export function listen<Data>(
  options: ListenOptions<Data, BinaryType>,
): TlsListener<Data> & TcpTlsListener<Data> & UnixTlsListener<Data> {
  // It has those of a listener's places that its options have.
  return new TlsListener<Data>(options) as TlsListener<Data> & TcpTlsListener<Data> & UnixTlsListener<Data>;
}

/** One that listens for TCP. */
export interface TcpTlsListener<Data = undefined> extends TlsListener<Data> {
  readonly hostname: string;
  readonly port: number;
}

/** One that listens on a Unix socket. */
export interface UnixTlsListener<Data = undefined> extends TlsListener<Data> {
  readonly unix: string;
}

/** What Bun is told of where to listen. */
type Place =
  | { readonly unix: string }
  | Pick<TcpListenOptions, "hostname" | "port" | "exclusive" | "reusePort" | "ipv6Only">;

/** @throws {TlsError} `conflicting_options` (the caller's fault) */
function placeOf<Data>(options: ListenOptions<Data, BinaryType>): Place {
  const { hostname, port, unix } = options;
  if (unix !== undefined && hostname === undefined && port === undefined) return { unix };
  if (unix !== undefined || hostname === undefined || port === undefined) {
    throw callerError("conflicting_options", "listen takes either hostname and port, or unix");
  }
  const { exclusive = false, reusePort = false, ipv6Only = false } = options;
  return { hostname, port, exclusive, reusePort, ipv6Only };
}
