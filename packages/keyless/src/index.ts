/**
 * Private keys on another machine: a key server that signs the handshakes of TLS servers and nothing else, and its client,
 * whose signers stand for the keys. Without sockets: bytes in, bytes out, time passed in; `@tlskit/keyless-node` has them.
 * @module
 */
export type { ConnectionHandlers } from "./handlers.ts";
export { KeyClientConnection, type KeyClientOptions } from "./key-client.ts";
export {
  KeyServer,
  KeyServerConnection,
  type KeyServerEvent,
  type KeyServerOptions,
  type ServedKey,
} from "./key-server.ts";
export {
  defaultAnswerTimeout,
  defaultRequestsInFlight,
  defaultRequestsOpen,
  defaultSignaturesPending,
  defaultSignatureTimeout,
  maxAnswerLength,
  maxKeyNameLength,
  maxRequestLength,
  maxSignatureLength,
  maxUnreadBytes,
} from "./limits.ts";
export {
  alpnProtocol,
  DescribeRequest,
  Description,
  Header,
  protocolVersion,
  Refusal,
  type RefusalReason,
  SignatureAnswer,
  SignRequest,
} from "./message.ts";
export { type RemoteKeys, RemoteSigner } from "./remote-signer.ts";
export { type SignedFormName, signedFormNames, ToBeSigned } from "./signed-form.ts";
