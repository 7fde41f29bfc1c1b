/**
 * The record layer (RFC 9846 §5, RFC 5246 §6): framing, fragmentation, protection, limits, alerts. It takes keys, never secrets.
 *
 * In comments, a name behind `#` (`RFC 9846 §4.2.4#second-retry-checked`) is that of a requirement in the register
 * (docs/requirements.md), which tells what proves it.
 * @module
 */

export { type AlertMessage, alertMessage, decodeAlert, encodeAlert } from "./alert.ts";
export { type Allocate, type BufferUse, newBuffer } from "./allocate.ts";
export { type ChangeCipherSpec, changeCipherSpec } from "./change-cipher-spec.ts";
export { ContentType, contentTypeName, isContentType } from "./content-type.ts";
export {
  bufferSize,
  maxCiphertextLength,
  maxPlaintextLength,
  maxTls12CiphertextLength,
  maxUselessRecords,
  recordHeaderLength,
} from "./limits.ts";
export { padToMultiple, type RecordPadding } from "./padding.ts";
export type { OpenedRecord, Opening, Sealing } from "./protection.ts";
export { type ChangeCipherSpecPolicy, type PlainRecord, RecordReader } from "./record-reader.ts";
export { RecordWriter, type WrittenRecords } from "./record-writer.ts";
export { type Tls12AeadKeys, tls12AeadOpening, tls12AeadSealing } from "./tls12-aead.ts";
export { type RecordKeys, tls13Opening, tls13Sealing } from "./tls13.ts";
export { unprotectedOpening, unprotectedSealing } from "./unprotected.ts";
