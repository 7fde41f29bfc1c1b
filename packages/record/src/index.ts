/**
 * The record layer (RFC 9846 §5): framing, fragmentation, protection, limits, alerts. It takes keys, never secrets.
 * @module
 */
export { type AlertMessage, alertMessage, decodeAlert, encodeAlert } from "./alert.ts";
export { ContentType, contentTypeName, isContentType } from "./content-type.ts";
export { maxCiphertextLength, maxPlaintextLength, maxUselessRecords, recordHeaderLength } from "./limits.ts";
export { Opener, type PlainRecord, type RecordKeys, Sealer } from "./protection.ts";
export { RecordReader } from "./record-reader.ts";
export { fragments, RecordWriter } from "./record-writer.ts";
