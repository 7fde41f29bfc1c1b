/**
 * TLS over any readable and writable stream of bytes: in pages, Workers and elsewhere. No globals but those of the web.
 * @module
 */
export type { ClientAnswer, ClientInfo, EarlyDataOutcome, ServerInfo } from "@tlskit/tls";
export { type AcceptOptions, accept, type ServerTlsSocket } from "./accept.ts";
export type { ByteStream, RawByteStream, RawReader, RawWriter } from "./byte-stream.ts";
export { type ConnectOptions, connect } from "./connect.ts";
export {
  type ClientContextOptions,
  createClientContext,
  createServerContext,
  type ServerContextOptions,
} from "./context.ts";
export type { CreditMessage } from "./credit-message.ts";
export { type CreditCarrier, CreditedStream } from "./credits.ts";
export type { EarlyDataOption } from "./early-data.ts";
export {
  bytesSealedAtOnce,
  creditWindow,
  lingerTime,
  maxCredit,
  maxCreditedMessage,
  maxLingerBytes,
  maxUnreadBytes,
  maxUnreadWithoutCredits,
  maxUnsentWithoutCredits,
  maxUntakenAnswers,
  maxUntakenBytes,
  unsentPollTime,
  writableBufferSize,
} from "./limits.ts";
export { messagePortStream } from "./message-port.ts";
export { type RelayStreamOptions, type RelayTarget, relayStream } from "./relay-stream.ts";
export { type ConnectionEnd, type OverOptions, type SocketInfo, type SocketOptions, TlsSocket } from "./tls-socket.ts";
export { webSocketStream } from "./websocket.ts";
export type { WebSocketStream } from "./websocket-stream.ts";
