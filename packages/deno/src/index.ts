/**
 * TLS with Deno's idioms: `connectTls`, `listenTls`, `startTls`.
 * @module
 */
export type { ClientAnswer, ClientInfo, EarlyDataOutcome, ServerInfo } from "@tlskit/tls";
export { type AcceptTlsOptions, acceptTls, type ServerConnOptions, ServerTlsConn } from "./accept-tls.ts";
export { type ConnectTlsOptions, connectTls } from "./connect-tls.ts";
export {
  type CertifiedKeyOptions,
  type ClientContextOptions,
  createClientContext,
  createServerContext,
  type ServerContextOptions,
} from "./context.ts";
export type { EarlyDataOption } from "./early-data.ts";
export {
  bytesSealedAtOnce,
  lingerTime,
  maxLingerBytes,
  maxUnreadBytes,
  maxUnwrittenBytes,
  writableBufferSize,
} from "./limits.ts";
export { type ListenTlsOptions, listenTls, TlsListener } from "./listen-tls.ts";
export { type StartTlsOptions, startTls } from "./start-tls.ts";
export { type ConnOptions, type HandshakeInfo, TlsConn } from "./tls-conn.ts";
