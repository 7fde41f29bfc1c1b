import { ContentType, recordHeaderLength } from "@tlskit/record";
import type { Intercept, Side } from "@tlskit/testing";
import { concat } from "@tlskit/wire";
import { recordsIn } from "./records.ts";

/** A handshake message on its way, header included; what goes on in its place. */
export type Change = (message: Uint8Array) => readonly Uint8Array[];

/**
 * Changes the handshake messages that a side sends before it protects them. What it sends comes in whole messages, as
 * it does where chunks are as written.
 */
export function changing(side: Side, change: Change): Intercept {
  let plain = true;
  return (from, chunk) => {
    if (from !== side) return [chunk];
    return recordsIn([chunk]).map((record) => {
      if (record[0] === ContentType.changeCipherSpec) plain = false;
      if (!plain || record[0] !== ContentType.handshake) return record;
      return concat(...messagesIn(record.subarray(recordHeaderLength)).flatMap(change).map(inRecord));
    });
  };
}

function messagesIn(bytes: Uint8Array): readonly Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    messages.push(bytes.subarray(at, end));
    at = end;
  }
  return messages;
}

function inRecord(message: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(ContentType.handshake, 3, 3, message.length >> 8, message.length & 0xff), message);
}
