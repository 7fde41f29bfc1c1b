import { type ServerOptions as HttpOptions, Server as HttpServer, type RequestListener } from "node:http";
import type { ServerContext } from "@tlskit/tls";
import { type ServerOptions, secureConnections } from "../server.ts";
import { createServerContext } from "../server-context.ts";
import type { TlsSocket } from "../tls-socket.ts";
import { takeConnectionListener } from "./connection-listener.ts";

/** What `http.createServer` is told, and what our own `createServer` is. */
export interface HttpsServerOptions extends HttpOptions, ServerOptions {}

/**
 * An `http.Server` whose connections speak TLS: with its limits of time and of sizes, its lists of connections and its
 * events. Besides those, as of `https.Server`, `secureConnection` and `tlsClientError`; the latter is a `clientError`
 * too.
 */
export class HttpsServer extends HttpServer {
  #context: ServerContext;

  /** @throws {TlsError} and {X509Error} as `createServerContext` does, and what `http.createServer` throws */
  constructor(options: HttpsServerOptions, requestListener?: RequestListener) {
    super(options, requestListener);
    const secured = { ...options, alpnProtocols: options.alpnProtocols ?? ["http/1.1"] };
    this.#context = options.context ?? createServerContext(secured);
    const http = takeConnectionListener(this);
    secureConnections(this, secured, () => this.#context);
    this.on("secureConnection", http);
    this.on("tlsClientError", (error: Error, socket: TlsSocket) => {
      if (!this.emit("clientError", error, socket)) socket.destroy(error);
    });
  }

  /** Goes over to other certificates and settings, for the connections to come. */
  setSecureContext(context: ServerContext): void {
    this.#context = context;
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
