import { type ServerOptions as HttpOptions, Server as HttpServer, type RequestListener } from "node:http";
import { ServerContext } from "@tlskit/tls";
import { http1ServerOptions } from "../options/http-options.ts";
import { createServerContext, type ServerContextOptions, serverTables } from "../options/server-context.ts";
import { checkedOptions, type OptionTable, optionsAbout } from "../options/table.ts";
import { type CreateServerOptions, contextOf, secureConnections } from "../server.ts";
import type { TlsSocket } from "../tls-socket.ts";
import { offering } from "./alpn.ts";
import { takeConnectionListener } from "./connection-listener.ts";
import { closeBehindLast, passOverWhatFollows } from "./last-response.ts";

/** What `http.createServer` is told, and what our own `createServer` is. */
export interface HttpsServerOptions extends Omit<HttpOptions, keyof CreateServerOptions>, CreateServerOptions {}

const http1 = ["http/1.1"];
const tables: readonly OptionTable[] = [...serverTables, http1ServerOptions];

/**
 * An `http.Server` whose connections speak TLS: with its limits of time and of sizes, its lists of connections and its
 * events. Besides those, as of `https.Server`, `secureConnection` and `tlsClientError`; the latter is a `clientError`
 * too.
 */
export class HttpsServer extends HttpServer {
  #context: ServerContext;

  /** @throws {TlsError} and {X509Error} as `createServerContext` does, and what `http.createServer` throws */
  constructor(options: HttpsServerOptions, requestListener?: RequestListener) {
    const checked = checkedOptions("createHttpsServer", options, tables, ["context", "connection", "net", "http"]);
    super({ ...optionsAbout("http", checked, tables), ...optionsAbout("net", checked, tables) });
    this.#context = contextOf(offering(checked, http1));
    const listener = takeConnectionListener(this);
    secureConnections(this, checked, () => this.#context);
    this.on("secureConnection", listener);
    this.on("request", (_request, response) => closeBehindLast(response));
    passOverWhatFollows(this);
    if (requestListener !== undefined) this.on("request", requestListener);
    this.on("tlsClientError", (error: Error, socket: TlsSocket) => {
      if (!this.emit("clientError", error, socket)) socket.destroy(error);
    });
  }

  /**
   * Goes over to other certificates and settings, for the connections to come.
   * @throws {TlsError} and {X509Error} as `createServerContext` does
   */
  setSecureContext(context: ServerContext | ServerContextOptions): void {
    this.#context = context instanceof ServerContext ? context : createServerContext(offering(context, http1));
  }
}

/**
 * A server for HTTP/1.1 over TLS, which offers just that by ALPN unless told otherwise.
 * @param options as of `http.createServer`, and as of our own `createServer`.
 * @throws {TlsError} and {X509Error} as `createServerContext` does, and what `http.createServer` throws
 */
export function createHttpsServer(options: HttpsServerOptions, requestListener?: RequestListener): HttpsServer {
  return new HttpsServer(options, requestListener);
}
