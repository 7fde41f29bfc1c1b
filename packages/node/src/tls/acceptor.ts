import type { ServerHttp2Session } from "node:http2";
import type { Socket, Server as TcpServer } from "node:net";
import type { Certificate } from "@tlskit/tls";
import { adoptSession } from "../http/http2-session.ts";
import { checkOptions } from "./check-options.ts";
import type { TlsOptions } from "./options.ts";
import { createSecureContext, type SecureContext, type ServerRules } from "./secure-context.ts";
import { serverRules } from "./server-rules.ts";
import { ServerTickets } from "./server-tickets.ts";
import { TLSSocket } from "./tls-socket.ts";

/** What a server has for its connections. It is apart from the server, which may be somebody else's: `https.Server` is one. */
export class Acceptor {
  readonly #server: TcpServer;
  readonly #options: TlsOptions;
  readonly #tickets: ServerTickets;
  readonly #rules: ServerRules;
  /** For connections that come while no session can be resumed. */
  readonly #rulesWithoutTickets: ServerRules;
  #context: SecureContext;
  #named: (readonly [pattern: RegExp, context: SecureContext])[] = [];

  constructor(server: TcpServer, options: TlsOptions) {
    this.#server = server;
    this.#options = options;
    if (options.secureContext !== undefined) checkOptions(options);
    this.#context = options.secureContext ?? createSecureContext(options);
    this.#tickets = new ServerTickets(server, options);
    const rulesWith = (tickets: NonNullable<ServerRules["tickets"]>): ServerRules =>
      serverRules(options, {
        own: () => this.#context,
        named: (servername) => this.#named.find(([pattern]) => pattern.test(servername))?.[1],
        tickets,
        ocspResponseFor: (certificate, issuer) => this.#ocspResponse(certificate, issuer),
      });
    this.#rules = rulesWith(this.#tickets);
    this.#rulesWithoutTickets = rulesWith(false);
    this.#tryOut(this.#context);
  }

  /**
   * What a context can't do as a server's shows when it is one: before there is a client, whom nobody could tell.
   * @throws {TlsError} `unsuitable_certificate`, `unsupported_choice`, … (the caller's fault)
   */
  #tryOut(context: SecureContext): void {
    context.serverContext(this.#rulesNow, this.#options.ALPNProtocols);
  }

  get #rulesNow(): ServerRules {
    return this.#tickets.areMade ? this.#rules : this.#rulesWithoutTickets;
  }

  accept(raw: Socket): void {
    const server = this.#server;
    // A socket remembers where its peer was only if it was asked while it was open: for whoever logs a failure.
    void raw.remoteAddress;
    // Each side's end is TLS's to say, whatever the server has of it.
    raw.allowHalfOpen = true;
    const socket = new TLSSocket(
      raw,
      { ...this.#options, isServer: true, server },
      {
        rules: this.#rulesNow,
        secureContext: () => this.#context,
      },
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
    // RFC 6066 §3: host names are compared whatever the case of their letters.
    const pattern = hostname.replace(/([.^$+?\-\\[\]{}])/g, "\\$1").replaceAll("*", "[^.]*");
    this.#tryOut(context);
    this.#named.unshift([new RegExp(`^${pattern}$`, "i"), context]);
  }

  setSecureContext(context: SecureContext): void {
    this.#tryOut(context);
    this.#context = context;
  }

  /** The 48 bytes of the ticket key that seals now. */
  get ticketKeys(): Uint8Array {
    return this.#tickets.keys.bytes;
  }

  set ticketKeys(keys: Uint8Array) {
    this.#tickets.keys.bytes = keys;
  }

  /** What whoever listens to `OCSPRequest` gives for a client that wants an OCSP response; nothing if nobody does. */
  #ocspResponse(
    certificate: Certificate,
    issuer: Certificate | undefined,
  ): Promise<Uint8Array | undefined> | undefined {
    if (this.#server.listenerCount("OCSPRequest") === 0) return undefined;
    return new Promise((resolve, reject) => {
      const answer = (error: unknown, response?: Uint8Array | null): void => {
        if (error !== null && error !== undefined) reject(error);
        else resolve(response ?? undefined);
      };
      this.#server.emit("OCSPRequest", Buffer.from(certificate.der), issuer && Buffer.from(issuer.der), answer);
    });
  }
}
