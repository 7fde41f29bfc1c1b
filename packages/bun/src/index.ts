/**
 * TLS in TypeScript with Bun's idioms: connect, listen, handlers.
 * @module
 */
export type { CipherNameAndProtocol, EphemeralKeyInfo, ProtocolName } from "@tlskit/ciphersuites/openssl-names";
export type { ClientTlsOptions } from "./client-connection.ts";
export { type ConnectOptions, connect, type TcpConnectOptions, type UnixConnectOptions } from "./connect.ts";
export type { BinaryType, BinaryTypes, SocketHandler } from "./handlers.ts";
export {
  type ListenOptions,
  listen,
  type TcpListenOptions,
  type TcpTlsListener,
  TlsListener,
  type UnixListenOptions,
  type UnixTlsListener,
} from "./listener.ts";
export type { CertificateOptions, KeyOption } from "./options/certificates.ts";
export {
  type ClientContextOptions,
  createClientContext,
  createPskClientContext,
  type PskClientContextOptions,
} from "./options/client-context.ts";
export type { Pem } from "./options/pem.ts";
export { createServerContext, type ServerContextOptions } from "./options/server-context.ts";
export type { EarlyDataOption } from "./options/target.ts";
export type { ServerTlsOptions } from "./server-connection.ts";
export type { SocketInfo } from "./socket-info.ts";
export { TlsSocket } from "./tls-socket.ts";
export { type ClientUpgradeOptions, type ServerUpgradeOptions, upgradable, upgradeTLS } from "./upgrade-tls.ts";
