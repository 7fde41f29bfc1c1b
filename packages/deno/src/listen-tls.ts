import { callerError, ServerContext } from "@tlskit/tls";
import {
  aBoolean,
  aNumber,
  anObject,
  aString,
  check,
  checkArguments,
  type Expectations,
  expectation,
  instanceOf,
  optional,
} from "@tlskit/wire/arguments";
import { accepted, type ServerConnOptions, type ServerTlsConn, serverConnOptions } from "./accept-tls.ts";
import { createServerContext, type ServerContextOptions } from "./context.ts";
import { acceptRetryInterval } from "./limits.ts";

/** What Deno is told of the listening socket, as it is. */
interface TcpListenOptions {
  /** The port to listen on: one that is free (0) unless told otherwise. */
  readonly port?: number | undefined;
  /** An address of this machine, or a name of one: `0.0.0.0`, every one of IPv4, unless told otherwise. */
  readonly hostname?: string | undefined;
  readonly transport?: "tcp" | undefined;
  /** Connections that the system keeps until they are accepted. */
  readonly tcpBacklog?: number | undefined;
  /** Whether other processes may listen at the same place (SO_REUSEPORT). */
  readonly reusePort?: boolean | undefined;
}

/** Where a listener is, a server's certificates, and how it treats its connections. */
export interface ListenTlsOptions extends ServerContextOptions, ServerConnOptions, TcpListenOptions {
  /** A context made once by `createServerContext`, instead of the options for contexts. */
  readonly context?: ServerContext | undefined;
}

type OwnOptions = ServerConnOptions & TcpListenOptions & Pick<ListenTlsOptions, "context">;

const expected: Expectations<OwnOptions> = {
  ...serverConnOptions,
  port: optional(aNumber),
  hostname: optional(aString),
  transport: optional(expectation('"tcp"', (value) => value === "tcp")),
  tcpBacklog: optional(aNumber),
  reusePort: optional(aBoolean),
  context: optional(instanceOf(ServerContext, "@tlskit/tls")),
};

/**
 * Listens for TLS connections. As with Deno's own, `accept` gives a connection as soon as its TCP connection is there, and its
 * handshake, which begins by itself, is its own affair: a client that says nothing holds up nobody, and is cut off when
 * `handshakeTimeout` is over. Nothing that a client does ends the listener, or is an error of `accept`.
 *
 * Asks for `--allow-net` to the place and nothing else.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `conflicting_options`, and what `createServerContext` throws (the
 *   caller's fault)
 * @throws {X509Error} for a `cert` or `key` that can't be read
 * @throws {Error} what `Deno.listen` throws: `Deno.errors.AddrInUse`, say
 */
export function listenTls(options: ListenTlsOptions): TlsListener {
  check(options, "options", anObject);
  const { port = 0, hostname, transport, tcpBacklog, reusePort, context, ...more } = options;
  const { earlyPlaintext, dangerouslyAcceptTruncation, trace, ...others } = more;
  const conns = { earlyPlaintext, dangerouslyAcceptTruncation, trace };
  checkArguments<OwnOptions>({ port, hostname, transport, tcpBacklog, reusePort, context, ...conns }, expected);
  const [name] = Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (context !== undefined && name !== undefined) {
    throw callerError("conflicting_options", `${name} is an option of contexts, and there is a context already`);
  }
  const serverContext = context ?? createServerContext(others);
  // Some are known to later Denos than these types are of.
  const place = Object.entries({ hostname, tcpBacklog, reusePort }).filter(([, value]) => value !== undefined);
  return new TlsListener(Deno.listen({ ...Object.fromEntries(place), port }), serverContext, conns);
}

/** A listener in the shape of Deno's. */
export class TlsListener implements Deno.Listener<ServerTlsConn, Deno.NetAddr> {
  readonly addr: Deno.NetAddr;
  readonly #raw: Deno.TcpListener;
  readonly #options: ServerConnOptions;
  #context: ServerContext;
  #isClosed = false;

  /** @internal */
  constructor(raw: Deno.TcpListener, context: ServerContext, options: ServerConnOptions) {
    this.addr = raw.addr;
    this.#raw = raw;
    this.#context = context;
    this.#options = options;
  }

  /**
   * What connections to come are made with: another one can be set, with newer certificates.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  get context(): ServerContext {
    return this.#context;
  }

  set context(context: ServerContext) {
    check(context, "context", instanceOf(ServerContext, "@tlskit/tls"));
    this.#context = context;
  }

  /**
   * The next connection, whose handshake has just begun. Where the process has no room for another one, it is waited for.
   * @throws {Error} (the promise) what that of Deno's listener throws: `Deno.errors.BadResource` once this one is closed
   */
  async accept(): Promise<ServerTlsConn> {
    for (;;) {
      try {
        return accepted(await this.#raw.accept(), { ...this.#options, context: this.#context });
      } catch (error) {
        if (isShortage(error)) await new Promise((resolve) => setTimeout(resolve, acceptRetryInterval));
        else if (!isPeers(error)) throw error;
      }
    }
  }

  /** Takes no more connections; those that there are go on. Having been closed already is no error. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#raw.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  ref(): void {
    this.#raw.ref();
  }

  unref(): void {
    this.#raw.unref();
  }

  /** Connections until the listener is closed. Leaving a loop over them closes it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ServerTlsConn, void, undefined> {
    try {
      for (;;) {
        const conn = await this.#next();
        if (conn === undefined) return;
        yield conn;
      }
    } finally {
      this.close();
    }
  }

  async #next(): Promise<ServerTlsConn | undefined> {
    try {
      return await this.accept();
    } catch (error) {
      if (this.#isClosed) return undefined;
      throw error;
    }
  }
}

/** Whether a client was gone before it was accepted: that is no failure of the listener's. */
function isPeers(error: unknown): boolean {
  const { ConnectionAborted, ConnectionReset, NotConnected } = Deno.errors;
  return [ConnectionAborted, ConnectionReset, NotConnected].some((type) => error instanceof type);
}

/** Whether the system or the process had no room for another connection. */
function isShortage(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"].includes(code);
}
