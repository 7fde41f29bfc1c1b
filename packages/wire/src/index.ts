/**
 * Bytes as TLS writes them: the presentation language (RFC 9846 §3) as small codecs, and how a protocol fails.
 * @module
 */
export { Alert, type AlertDescription, alertName, registryName } from "./alert.ts";
export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from "./base64.ts";
export { ByteQueue } from "./byte-queue.ts";
export { asciiBytes, concat, equalBytes, printable, toHex } from "./bytes.ts";
export {
  type Codec,
  type Decoded,
  decode,
  empty,
  encode,
  enumeration,
  explain,
  explained,
  type Fields,
  mapped,
  opaque,
  opaqueVector,
  prefixed,
  rest,
  struct,
  textMeaning,
  uint8,
  uint16,
  uint24,
  uint32,
  uint64,
  vector,
} from "./codec.ts";
export { alertReceived, callerError, notTls, peerError, TlsError, type TlsErrorKind } from "./error.ts";
export { Explainer, type Explanation, leavesOf, type Notes, type ValueNames } from "./explanation.ts";
export { decodeError, Reader } from "./reader.ts";
export { Writer } from "./writer.ts";
