/**
 * Every handshake message and extension of TLS 1.3 and 1.2, encoded, decoded and explained from one description each.
 * @module
 */
export { MessageAssembler } from "./assembler.ts";
export {
  anyOcspResponse,
  type CertificateStatus,
  type CertificateStatusRequest,
  CertificateStatusType,
  type OcspStatusRequest,
} from "./certificate-status.ts";
export {
  type Extension,
  type ExtensionType,
  extension,
  extensionCodes,
  extensionIn,
  type HasExtensions,
  type RawExtension,
} from "./extension.ts";
export * from "./extensions.ts";
export { HandshakeType } from "./handshake-type.ts";
export { ja3, ja3Text } from "./ja3.ts";
export { type Ja4Options, ja4, ja4Text } from "./ja4.ts";
export { type MessageLimits, maxUnknownMessageLength, messageLimits } from "./limits.ts";
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
export { isRegisteredExtension } from "./registered-extensions.ts";
export { tls12MessageTypesOf } from "./tls12-key-exchange-messages.ts";
export * from "./tls12-messages.ts";
export { extensionName, handshakeTypeName, valueNames } from "./value-names.ts";
