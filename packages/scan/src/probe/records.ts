import { ContentType, maxPlaintextLength, recordHeaderLength } from "@tlskit/record";
import { concat } from "@tlskit/wire";

/**
 * A handshake message in unprotected records.
 * @param version in the records' headers
 * @param size octets of content that each has at most
 */
export function handshakeRecords(message: Uint8Array, version: number, size: number = maxPlaintextLength): Uint8Array {
  const records: Uint8Array[] = [];
  for (let at = 0; at < message.length; at += size) {
    records.push(record(ContentType.handshake, version, message.subarray(at, at + size)));
  }
  return concat(...records);
}

/** One unprotected record, whatever its type. */
export function record(type: number, version: number, content: Uint8Array): Uint8Array {
  const header = new Uint8Array(recordHeaderLength);
  header.set([type, version >> 8, version & 0xff, content.length >> 8, content.length & 0xff]);
  return concat(header, content);
}
