/**
 * Every handshake message and extension of TLS 1.3, encoded, decoded and explained from one description each.
 * @module
 */
export { MessageAssembler } from "./assembler.ts";
export {
  type Extension,
  type ExtensionType,
  extension,
  extensionCodes,
  extensionIn,
  extensionName,
  type HasExtensions,
  type RawExtension,
} from "./extension.ts";
export * from "./extensions.ts";
export { HandshakeType, handshakeTypeName } from "./handshake-type.ts";
export { type MessageLimits, messageLimits } from "./limits.ts";
export {
  decodeMessage,
  encodeMessage,
  explainMessage,
  handshakeHeaderLength,
  type MessageType,
  typeOfMessage,
  unexpectedMessage,
} from "./message.ts";
export * from "./messages.ts";
