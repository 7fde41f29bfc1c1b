import { type Socket, Server as TcpServer } from "node:net";
import { type TlsOptions, withoutNulls } from "./options.ts";
import { createSecureContext, SecureContext, type ServerRules } from "./secure-context.ts";
import { serverRules } from "./server-rules.ts";
import { TLSSocket } from "./tls-socket.ts";

/** Gets each connection whose handshake is done. */
export type SecureConnectionListener = (socket: TLSSocket) => void;

class Server extends TcpServer {
  readonly #options: TlsOptions;
  readonly #rules: ServerRules;
  #context: SecureContext;
  #named: (readonly [pattern: RegExp, context: SecureContext])[] = [];

  constructor(options: TlsOptions | SecureConnectionListener = {}, listener?: SecureConnectionListener) {
    const told = typeof options === "function" ? {} : withoutNulls(options);
    super({ noDelay: true, ...told, allowHalfOpen: true, pauseOnConnect: false });
    this.#options = told;
    this.#context = told.secureContext ?? createSecureContext(told);
    this.#rules = serverRules(
      told,
      () => this.#context,
      (servername) => this.#named.find(([pattern]) => pattern.test(servername))?.[1],
    );
    this.on("connection", (raw: Socket) => this.#accept(raw));
    const secured = typeof options === "function" ? options : listener;
    if (secured !== undefined) this.on("secureConnection", secured);
  }

  #accept(raw: Socket): void {
    // A socket remembers where its peer was only if it was asked while it was open: for whoever logs a failure.
    void raw.remoteAddress;
    const socket = new TLSSocket(
      raw,
      { ...this.#options, isServer: true, server: this },
      { rules: this.#rules, secureContext: () => this.#context },
    );
    // What a peer does must not end the process: an 'error' without a listener would.
    socket.on("error", () => undefined);
    if (this.listenerCount("keylog") > 0) socket.on("keylog", (line: Buffer) => this.emit("keylog", line, socket));
    const failed = (error: Error): void => {
      this.emit("tlsClientError", error, socket);
    };
    socket.once("error", failed);
    socket.once("secure", () => {
      socket.off("error", failed);
      this.emit("secureConnection", socket);
    });
  }

  /** Has clients that ask for this name get this context: a name, or one with `*` for a label. The latest comes first. */
  addContext(hostname: string, context: SecureContext | Parameters<typeof createSecureContext>[0]): void {
    const pattern = new RegExp(`^${hostname.replace(/([.^$+?\-\\[\]{}])/g, "\\$1").replaceAll("*", "[^.]*")}$`);
    this.#named.unshift([pattern, context instanceof SecureContext ? context : createSecureContext(context)]);
  }

  /** Goes over to other certificates and settings, for the connections to come. */
  setSecureContext(options: Parameters<typeof createSecureContext>[0]): void {
    this.#context = createSecureContext(options);
  }
}

type ServerArguments = ConstructorParameters<typeof Server>;

/** As in `node:tls` it is a class that is called without `new` as well. */
const CallableServer = new Proxy(Server, {
  apply: (made, _this, given: ServerArguments) => new made(...given),
}) as typeof Server & ((...given: ServerArguments) => Server); // callable by the trap, of which a proxy's type says nothing

export { CallableServer as Server };

/** A server that speaks TLS. */
export function createServer(...given: ServerArguments): Server {
  return new Server(...given);
}
