/**
 * TLS with Node's idioms: `connect`, `createServer`, and a socket that Node's own clients and servers take for one.
 * @module
 */
export type { CipherNameAndProtocol, EphemeralKeyInfo, ProtocolName } from "@tlskit/ciphersuites/openssl-names";
export { type ChannelBindingType, type PassedOver, padToMultiple, type RecordPadding } from "@tlskit/tls";
export { type ConnectOptions, connect, type EarlyDataOption, type TcpOptions } from "./connect.ts";
export type { SecureConnectListener } from "./connect-arguments.ts";
export type { HandshakeMessage } from "./handshake-channel.ts";
export { connectHttp2, type Http2ConnectOptions } from "./http/http2-client.ts";
export {
  createHttp2Server,
  type Http2RequestListener,
  type Http2SecureServer,
  type Http2ServerOptions,
} from "./http/http2-server.ts";
export { HttpsAgent, type HttpsAgentOptions } from "./http/https-agent.ts";
export { createHttpsServer, HttpsServer, type HttpsServerOptions } from "./http/https-server.ts";
export type { FetchTarget, IntermediateFetching } from "./intermediate-fetching.ts";
export type { AlpnProtocols } from "./options/alpn.ts";
export type { CertificateOptions, KeyOption, PfxOption } from "./options/certificates.ts";
export { type ClientContextOptions, createClientContext, createPskClientContext } from "./options/client-context.ts";
export type { CommonOptions } from "./options/context.ts";
export type { Pem } from "./options/pem.ts";
export { createServerContext, type ServerContextOptions, type SniCallback } from "./options/server-context.ts";
export type { TicketOptions } from "./options/server-tickets.ts";
export type { VersionOptions } from "./options/versions.ts";
export { type AcceptOptions, accept, type CreateServerOptions, createServer, SecureServer } from "./server.ts";
export { type SocketInfo, TlsSocket } from "./tls-socket.ts";
export { defaultTrust, systemTrust, type Trust } from "./trust.ts";
