import {
  type ServerOptions as HttpOptions,
  Server as HttpServer,
  IncomingMessage,
  type RequestListener,
  ServerResponse,
} from "node:http";
import { Duplex } from "node:stream";
import { ServerContext } from "@tlskit/tls";
import { checkWhomToAsk } from "../options/client-authentication.ts";
import { http1ServerOptions } from "../options/http-options.ts";
import { createServerContext, type ServerContextOptions, serverTables } from "../options/server-context.ts";
import { ticketKeysOf } from "../options/server-tickets.ts";
import { checkedOptions, type OptionTable, optionsAbout } from "../options/table.ts";
import { type CreateServerOptions, contextOf, secureConnections } from "../server.ts";
import { TlsSocket } from "../tls-socket.ts";
import { offering } from "./alpn.ts";
import { takeConnectionListener } from "./connection-listener.ts";
import { closeBehindLast, passOverWhatFollows } from "./last-response.ts";
import { refuseEarly, refuseEarlyUpgrade } from "./too-early.ts";

/** What `http.createServer` is told, and what our own `createServer` is. */
export interface HttpsServerOptions extends Omit<HttpOptions, keyof CreateServerOptions>, CreateServerOptions {}

const http1 = ["http/1.1"];
const tables: readonly OptionTable[] = [...serverTables, http1ServerOptions];

/**
 * An `http.Server` whose connections speak TLS: with its limits of time and of sizes, its lists of connections and its
 * events. Besides those, as of `https.Server`, `secureConnection` and `tlsClientError`; the latter is a `clientError`
 * too.
 *
 * With the option `earlyData`, requests that come as early data are an event of their own, `earlyRequest`, with what
 * `request` has: whoever has seen one can have it made again. Without a listener for it they are answered with 425 (RFC
 * 8470 §5.2), and the client asks again, on the same connection.
 */
export class HttpsServer extends HttpServer {
  #context: ServerContext;
  /** Sockets that HTTP has got already, for their early data. */
  readonly #early = new WeakSet<TlsSocket>();

  /** @throws {TlsError} and {X509Error} as `createServerContext` does, and what `http.createServer` throws */
  constructor(options: HttpsServerOptions, requestListener?: RequestListener) {
    const checked = checkedOptions("createHttpsServer", options, tables, ["context", "connection", "net", "http"]);
    super({ ...optionsAbout("http", checked, tables), ...optionsAbout("net", checked, tables) });
    this.#context = contextOf(offering(checked, http1));
    const listener = takeConnectionListener(this);
    secureConnections(
      this,
      checked,
      () => this.#context,
      (socket) => {
        socket.on("earlyData", (data: Buffer) => {
          if (!this.#early.has(socket)) listener.call(this, socket);
          this.#early.add(socket);
          socket.push(data);
        });
      },
    );
    this.on("secureConnection", (socket: TlsSocket) => {
      if (!this.#early.has(socket)) listener.call(this, socket);
    });
    this.on("request", (_request, response) => closeBehindLast(response));
    passOverWhatFollows(this);
    if (requestListener !== undefined) this.on("request", requestListener);
    this.on("tlsClientError", (error: Error, socket: TlsSocket) => {
      // HTTP tells of what it has got already.
      if (this.#early.has(socket)) return;
      if (!this.emit("clientError", error, socket)) socket.destroy(error);
    });
  }

  /**
   * Goes over to other certificates and settings, for the connections to come.
   * @throws {TlsError} and {X509Error} as `createServerContext` does
   */
  setSecureContext(context: ServerContext | ServerContextOptions): void {
    const next = context instanceof ServerContext ? context : createServerContext(offering(context, http1));
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

  /** RFC 8470 §3: a request is early as long as the handshake isn't done, for until then it may be a replay. */
  override emit(event: string | symbol, ...args: readonly unknown[]): boolean {
    const [request, answer] = args;
    if (!requests.has(event) || !(request instanceof IncomingMessage) || !isEarly(request)) {
      return super.emit(event, ...args);
    }
    if (answer instanceof ServerResponse) {
      closeBehindLast(answer);
      return super.emit("earlyRequest", request, answer) || refuseEarly(request, answer);
    }
    return answer instanceof Duplex && refuseEarlyUpgrade(answer);
  }
}

/** Events that a request is told by. */
const requests: ReadonlySet<string | symbol> = new Set([
  "request",
  "checkContinue",
  "checkExpectation",
  "connect",
  "upgrade",
]);

function isEarly({ socket }: { readonly socket: unknown }): boolean {
  // Also on a socket that was destroyed meanwhile: more requests may have come with the one that did it.
  return socket instanceof TlsSocket && socket.info === undefined;
}

/**
 * A server for HTTP/1.1 over TLS, which offers just that by ALPN unless told otherwise.
 * @param options as of `http.createServer`, and as of our own `createServer`.
 * @throws {TlsError} and {X509Error} as `createServerContext` does, and what `http.createServer` throws
 */
export function createHttpsServer(options: HttpsServerOptions, requestListener?: RequestListener): HttpsServer {
  return new HttpsServer(options, requestListener);
}
