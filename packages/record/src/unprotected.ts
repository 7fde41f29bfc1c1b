import { callerError } from "@tlskit/wire";
import { ContentType, contentTypeName } from "./content-type.ts";
import { checkContentLength, unexpectedRecord } from "./failures.ts";
import { lengthOf, writeHeader, writePieces } from "./header.ts";
import { maxCiphertextLength, maxPlaintextLength, recordHeaderLength } from "./limits.ts";
import type { OpenedRecord, Opening, Sealing } from "./protection.ts";

/**
 * Records without protection (RFC 9846 §5.1).
 * @param version RFC 9846 §5.1#version-sent, RFC 7507 §3#record-version: what they say their version is; 0x0301 for the first ClientHello.
 */
export function unprotectedSealing(version: number): Sealing {
  return {
    size: (_type, content) => recordHeaderLength + content,
    seal: (type, pieces, into, at) => {
      // RFC 9846 §5.1#data-protected: application data is never written unprotected.
      if (type === ContentType.applicationData) {
        throw callerError("unprotected_application_data", "there are no keys to protect application data with");
      }
      writeUnprotected(type, version, pieces, into, at);
    },
    recordsLeft: Number.MAX_SAFE_INTEGER,
    sequenceNumber: 0,
    dispose: () => {},
  };
}

/** A record without protection, whatever its type. */
export function writeUnprotected(
  type: ContentType,
  version: number,
  pieces: readonly Uint8Array[],
  into: Uint8Array,
  at: number,
): void {
  const length = lengthOf(pieces);
  checkContentLength(length);
  writeHeader(into, at, type, version, length);
  writePieces(into, at + recordHeaderLength, pieces);
}

/** Records without protection: of handshake messages and alerts. */
export const unprotectedOpening: Opening = {
  accepts: (type) => type === ContentType.handshake || type === ContentType.alert,
  maxBody: unprotectedBody,
  open: readUnprotected,
  synchronous: true,
  sequenceNumber: 0,
  dispose: () => {},
};

/** What may be protected has room for its protection, also where it will be passed over. */
export function unprotectedBody(type: ContentType): number {
  return type === ContentType.applicationData ? maxCiphertextLength : maxPlaintextLength;
}

export function readUnprotected(header: Uint8Array, body: Uint8Array, into: Uint8Array, at: number): OpenedRecord {
  const type = header[0] === ContentType.alert ? ContentType.alert : ContentType.handshake;
  if (body.length === 0) throw unexpectedRecord(`an empty ${contentTypeName(type)} record`);
  into.set(body, at);
  return { type, length: body.length };
}
