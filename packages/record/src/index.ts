/**
 * The record layer (RFC 9846 §5): framing, fragmentation, protection, limits, alerts. It takes keys, never secrets.
 *
 * In comments, a name behind `#` (`RFC 9846 §4.2.4#second-retry-checked`) is that of a requirement in the register
 * (docs/requirements.md), which tells what proves it.
 * @module
 */
export { type AlertMessage, alertMessage, decodeAlert, encodeAlert } from "./alert.ts";
export { ContentType, contentTypeName, isContentType } from "./content-type.ts";
export { maxCiphertextLength, maxPlaintextLength, maxUselessRecords, recordHeaderLength } from "./limits.ts";
export { Opener, type PlainRecord, type RecordKeys, Sealer } from "./protection.ts";
export { RecordReader } from "./record-reader.ts";
export { fragments, RecordWriter } from "./record-writer.ts";
