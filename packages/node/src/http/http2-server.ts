import type { ServerOptions as HttpOptions } from "node:http";
import {
  createServer as createPlainHttp2Server,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerOptions as PlainHttp2Options,
  type ServerHttp2Session,
} from "node:http2";
import { ServerContext } from "@tlskit/tls";
import { checkWhomToAsk } from "../options/client-authentication.ts";
import { http1ServerOptions, http2ServerOptions } from "../options/http-options.ts";
import { createServerContext, type ServerContextOptions, serverTables } from "../options/server-context.ts";
import { ticketKeysOf } from "../options/server-tickets.ts";
import { checkedOptions, type OptionTable, optionsAbout } from "../options/table.ts";
import { type CreateServerOptions, contextOf, secureConnections } from "../server.ts";
import type { TlsSocket } from "../tls-socket.ts";
import { offeringHttp2 } from "./alpn.ts";
import { takeConnectionListener } from "./connection-listener.ts";
import { refuseEarlyData } from "./early-data.ts";
import { Http1For } from "./http1-for.ts";
import { adoptSession } from "./http2-session.ts";

/** What `http2.createSecureServer` is told that isn't TLS's, and what our own `createServer` is. */
export interface Http2ServerOptions
  extends PlainHttp2Options,
    Omit<HttpOptions, keyof CreateServerOptions>,
    Omit<CreateServerOptions, "ALPNProtocols" | "alpnProtocols" | "earlyData"> {
  /** Whether clients that don't speak HTTP/2 are served by HTTP/1.1. They are not unless told otherwise. */
  readonly allowHTTP1?: boolean | undefined;
  /** Sent to clients in an ORIGIN frame (RFC 8336). */
  readonly origins?: readonly string[] | undefined;
}

const tables: readonly OptionTable[] = [...serverTables, http1ServerOptions, http2ServerOptions];

/** Gets requests by HTTP/2. Where HTTP/1.1 is allowed, requests by that come as those of `node:http`, as in Node. */
export type Http2RequestListener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** As of `http2.createSecureServer`, over our own TLS. */
export interface Http2SecureServer extends Http2Server {
  /** Goes over to other certificates and settings, for the connections to come. */
  setSecureContext(context: ServerContext | ServerContextOptions): void;
  /** The 48 bytes of the ticket key that seals now, as of our own `createServer`. They are secret. */
  getTicketKeys(): Buffer;
  /** Goes over to another ticket key, as of our own `createServer`. */
  setTicketKeys(keys: Uint8Array): void;
  /** Closes the connections of HTTP/1.1 that have no request under way. Sessions of HTTP/2 are closed by `close`. */
  closeIdleConnections(): void;
}

/**
 * A server for HTTP/2 over TLS, and for HTTP/1.1 with `allowHTTP1`; by ALPN it offers what it serves. A `context` that is
 * given has to offer the same.
 * @param options as of `http2.createSecureServer`, those of `http.createServer` for HTTP/1.1, and as of our own
 * `createServer`.
 * @throws {TlsError} and {X509Error} as `createServerContext` does, and what `http2.createServer` throws
 */
export function createHttp2Server(
  options: Http2ServerOptions,
  requestListener?: Http2RequestListener,
): Http2SecureServer {
  const checked = checkedOptions("createHttp2Server", options, tables, ["context", "connection", "net", "http"]);
  refuseEarlyData("createHttp2Server", checked);
  const protocols = checked.allowHTTP1 === true ? ["h2", "http/1.1"] : ["h2"];
  let context = contextOf(offeringHttp2(checked, protocols));
  // Its own `allowHTTP1` would want what only Node's secure server sets up.
  const plain: PlainHttp2Options & { readonly allowHTTP1: false } = {
    ...optionsAbout("http", checked, tables),
    ...optionsAbout("net", checked, tables),
    allowHTTP1: false,
  };
  const server = createPlainHttp2Server(plain, requestListener);
  const http2 = takeConnectionListener(server);
  const http1 = checked.allowHTTP1 === true ? new Http1For(server, http1Options(checked)) : undefined;
  let becoming: TlsSocket | undefined;
  server.on("session", (session: ServerHttp2Session) => {
    if (becoming !== undefined) adoptSession(session, becoming);
  });
  secureConnections(server, checked, () => context);
  server.on("secureConnection", (socket: TlsSocket) => {
    if (http1 !== undefined && socket.alpnProtocol !== "h2") {
      http1.emit("connection", socket);
      return;
    }
    becoming = socket;
    http2.call(server, socket);
    becoming = undefined;
  });
  server.on("tlsClientError", (error: Error, socket: TlsSocket) => {
    if (!server.emit("clientError", error, socket)) socket.destroy(error);
  });
  const close = server.close.bind(server);
  return Object.assign(server, {
    setSecureContext: (next: ServerContext | ServerContextOptions) => {
      context = checkWhomToAsk(
        context,
        next instanceof ServerContext ? next : createServerContext(offeringHttp2(next, protocols)),
      );
    },
    getTicketKeys: () => ticketKeysOf(context).bytes,
    setTicketKeys: (keys: Uint8Array) => {
      ticketKeysOf(context).bytes = keys;
    },
    closeIdleConnections: () => http1?.closeIdleConnections(),
    close: (callback?: (error?: Error) => void) => {
      http1?.close();
      return close(callback);
    },
  });
}

/** As Node has it: options of the server, and before them those for HTTP/1.1 alone. */
function http1Options(options: Http2ServerOptions): HttpOptions {
  const { Http1IncomingMessage, Http1ServerResponse, http1Options: only } = options;
  return {
    ...optionsAbout("http", options, [http1ServerOptions]),
    ...(Http1IncomingMessage === undefined ? {} : { IncomingMessage: Http1IncomingMessage }),
    ...(Http1ServerResponse === undefined ? {} : { ServerResponse: Http1ServerResponse }),
    ...only,
  };
}
