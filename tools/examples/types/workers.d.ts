/**
 * What Workers have of their own, as far as it is used here. Projects of Workers have `@cloudflare/workers-types` for that.
 */
declare module "cloudflare:sockets" {
  export const connect: import("@tlskit/web/cloudflare").ConnectPlain;
}

declare module "cloudflare:workers" {
  /** The bindings in the examples' `config.capnp`. */
  export const env: Readonly<Record<"AUTHORITY" | "CERTIFICATE" | "CLIENTS" | "KEY" | "SERVER", string>>;
}

/** Two ends of a WebSocket: one to answer a request with, and the Worker's own. */
declare class WebSocketPair {
  readonly 0: WebSocket;
  readonly 1: WebSocket & { accept(): void };
}

interface ResponseInit {
  webSocket?: WebSocket;
}

/** What a handler is called with besides. */
interface ExecutionContext {
  /** A request isn't over before this is. */
  waitUntil(promise: Promise<unknown>): void;
}
