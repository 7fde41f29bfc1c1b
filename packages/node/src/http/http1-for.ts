import { type ServerOptions as HttpOptions, Server as HttpServer, ServerResponse } from "node:http";
import type { Server } from "node:net";
import { closeBehindLast } from "./last-response.ts";

/** Events that a server has for itself; all others are about its connections and requests. */
const own: ReadonlySet<string | symbol> = new Set([
  "connection",
  "listening",
  "close",
  "newListener",
  "removeListener",
]);

/** What a server for HTTP/1.1 may be told at any time. */
const settings = [
  "headersTimeout",
  "keepAliveTimeout",
  "keepAliveTimeoutBuffer",
  "maxHeadersCount",
  "maxRequestsPerSocket",
  "requestTimeout",
  "timeout",
] as const;

/**
 * HTTP/1.1 for the connections of another server that agreed upon it, in that server's name: its listeners get the
 * events, and what it is told holds here. It doesn't listen itself, but watches over its connections while that one does.
 */
export class Http1For extends HttpServer {
  readonly #server: Server;

  constructor(server: Server, options: HttpOptions) {
    super(options);
    this.#server = server;
    for (const name of settings) {
      Object.defineProperty(server, name, {
        get: (): unknown => Reflect.get(this, name),
        set: (value: unknown) => Reflect.set(this, name, value),
        enumerable: true,
        configurable: true,
      });
    }
    server.on("listening", () => this.emit("listening"));
  }

  override emit(event: string | symbol, ...args: readonly unknown[]): boolean {
    if (own.has(event)) return super.emit(event, ...args);
    if (event === "request" && args[1] instanceof ServerResponse) closeBehindLast(args[1]);
    return this.#server.emit(event, ...args);
  }

  override listenerCount(event: string | symbol): number {
    return own.has(event) ? super.listenerCount(event) : this.#server.listenerCount(event);
  }
}
