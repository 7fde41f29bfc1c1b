/** What Workers have of their own, as far as it is used here. Projects of Workers have `@cloudflare/workers-types` for that. */
declare module "cloudflare:sockets" {
  export const connect: import("@tlskit/web/cloudflare").ConnectPlain;
}

declare module "cloudflare:workers" {
  /** The bindings of config.capnp. */
  export const env: Readonly<Record<"AUTHORITY" | "CERTIFICATE" | "KEY" | "SERVER", string>>;
}
