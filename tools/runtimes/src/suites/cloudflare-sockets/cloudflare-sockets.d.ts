/** What workerd has of its own, as far as it is used here. */
declare module "cloudflare:sockets" {
  export const connect: import("@tlskit/web/cloudflare").ConnectPlain;
}
