/**
 * TLS with Node's idioms: `connect`, `createServer`, and a socket that Node's own clients and servers take for one.
 * @module
 */
export { type ClientContextOptions, createClientContext } from "./client-context.ts";
export { type ConnectOptions, connect } from "./connect.ts";

export type { CommonOptions } from "./options.ts";
export { accept, createServer, type ServerOptions, TlsServer } from "./server.ts";
export { createServerContext, type ServerContextOptions } from "./server-context.ts";
export { type CipherNameAndProtocol, type SocketInfo, TlsSocket } from "./tls-socket.ts";
export { defaultTrust, type PassedOver, systemTrust, type Trust } from "./trust.ts";
