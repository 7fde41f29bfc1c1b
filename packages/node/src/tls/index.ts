/**
 * The shape of `node:tls` over tlskit: its names, options, events, defaults and error codes.
 * @module
 */
import { connect } from "./connect.ts";
import { createSecureContext, SecureContext } from "./secure-context.ts";
import { createServer, Server } from "./server.ts";
import { TLSSocket } from "./tls-socket.ts";

export type { ConnectionOptions, SecureContextOptions, TLSSocketOptions, TlsOptions } from "./options.ts";
export { connect, createSecureContext, createServer, SecureContext, Server, TLSSocket };

/** All of it, as programs have it that write `import tls from "node:tls"`. */
const tls: Readonly<{
  connect: typeof connect;
  createSecureContext: typeof createSecureContext;
  createServer: typeof createServer;
  SecureContext: typeof SecureContext;
  Server: typeof Server;
  TLSSocket: typeof TLSSocket;
}> = { connect, createSecureContext, createServer, SecureContext, Server, TLSSocket };

// biome-ignore lint/style/noDefaultExport: node:tls has one, which programs import
export default tls;
