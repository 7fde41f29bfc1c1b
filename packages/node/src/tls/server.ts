import type { ServerHttp2Session } from "node:http2";
import { type Socket, Server as TcpServer } from "node:net";
import { callerError } from "@tlskit/tls";
import { adoptSession } from "../http/http2-session.ts";
import { type TlsOptions, withoutNulls } from "./options.ts";
import { createSecureContext, SecureContext, type ServerRules } from "./secure-context.ts";
import { serverRules } from "./server-rules.ts";
import { TLSSocket } from "./tls-socket.ts";

/** Gets each connection whose handshake is done. */
export type SecureConnectionListener = (socket: TLSSocket) => void;

/** What a server has for its connections. It is apart from the server, which may be somebody else's: `https.Server` is one. */
class Acceptor {
  readonly #server: TcpServer;
  readonly #options: TlsOptions;
  readonly #rules: ServerRules;
  #context: SecureContext;
  #named: (readonly [pattern: RegExp, context: SecureContext])[] = [];

  constructor(server: TcpServer, options: TlsOptions) {
    this.#server = server;
    this.#options = options;
    this.#context = options.secureContext ?? createSecureContext(options);
    this.#rules = serverRules(
      options,
      () => this.#context,
      (servername) => this.#named.find(([pattern]) => pattern.test(servername))?.[1],
    );
  }

  accept(raw: Socket): void {
    const server = this.#server;
    // A socket remembers where its peer was only if it was asked while it was open: for whoever logs a failure.
    void raw.remoteAddress;
    const socket = new TLSSocket(
      raw,
      { ...this.#options, isServer: true, server },
      { rules: this.#rules, secureContext: () => this.#context },
    );
    // What a peer does must not end the process: an 'error' without a listener would.
    socket.on("error", () => undefined);
    if (server.listenerCount("keylog") > 0) socket.on("keylog", (line: Buffer) => server.emit("keylog", line, socket));
    const failed = (error: Error): void => {
      server.emit("tlsClientError", error, socket);
    };
    socket.once("error", failed);
    socket.once("secure", () => {
      socket.off("error", failed);
      // A session of HTTP/2 that begins now, as of a server of node:http2, is over this socket.
      const adopt = (session: ServerHttp2Session): void => adoptSession(session, socket);
      if (socket.alpnProtocol === "h2") server.prependOnceListener("session", adopt);
      server.emit("secureConnection", socket);
      server.off("session", adopt);
    });
  }

  addContext(hostname: string, context: SecureContext): void {
    const pattern = new RegExp(`^${hostname.replace(/([.^$+?\-\\[\]{}])/g, "\\$1").replaceAll("*", "[^.]*")}$`);
    this.#named.unshift([pattern, context]);
  }

  setSecureContext(context: SecureContext): void {
    this.#context = context;
  }
}

const acceptors = new WeakMap<TcpServer, Acceptor>();

function acceptorOf(server: TcpServer): Acceptor {
  const acceptor = acceptors.get(server);
  if (acceptor === undefined) throw callerError("not_constructed", "this server's constructor wasn't called");
  return acceptor;
}

type ServerArguments = [
  options?: TlsOptions | SecureConnectionListener | undefined,
  listener?: SecureConnectionListener | undefined,
];

function toldOptions(options: TlsOptions | SecureConnectionListener = {}): TlsOptions {
  return typeof options === "function" ? {} : withoutNulls(options);
}

function tcpOptions(options: TlsOptions): object {
  return { noDelay: true, ...options, allowHalfOpen: true, pauseOnConnect: false };
}

function receive(server: TcpServer, [options, listener]: ServerArguments): void {
  const acceptor = new Acceptor(server, toldOptions(options));
  acceptors.set(server, acceptor);
  server.on("connection", (raw: Socket) => acceptor.accept(raw));
  const secured = typeof options === "function" ? options : listener;
  if (secured !== undefined) server.on("secureConnection", secured);
}

class Server extends TcpServer {
  constructor(...given: ServerArguments) {
    super(tcpOptions(toldOptions(given[0])));
    receive(this, given);
  }

  /** Has clients that ask for this name get this context: a name, or one with `*` for a label. The latest comes first. */
  addContext(hostname: string, context: SecureContext | Parameters<typeof createSecureContext>[0]): void {
    acceptorOf(this).addContext(hostname, context instanceof SecureContext ? context : createSecureContext(context));
  }

  /** Goes over to other certificates and settings, for the connections to come. */
  setSecureContext(options: Parameters<typeof createSecureContext>[0]): void {
    acceptorOf(this).setSecureContext(createSecureContext(options));
  }
}

/**
 * As in `node:tls` it is a class that is called without `new` as well: by itself, or on what inherits from it, as
 * `https.Server` does.
 */
const CallableServer = new Proxy(Server, {
  apply: (made, self: unknown, given: ServerArguments) => {
    if (!(self instanceof made)) return new made(...given);
    // node:net's is a function, which node:tls calls in just this way.
    Reflect.apply(TcpServer as unknown as (options: object) => void, self, [tcpOptions(toldOptions(given[0]))]);
    receive(self, given);
    return self;
  },
}) as typeof Server & ((...given: ServerArguments) => Server); // callable by the trap, of which a proxy's type says nothing
Server.prototype.constructor = CallableServer;

export { CallableServer as Server };

/** A server that speaks TLS. */
export function createServer(...given: ServerArguments): Server {
  return new Server(...given);
}
