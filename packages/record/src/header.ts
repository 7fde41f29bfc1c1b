import type { ContentType } from "./content-type.ts";

/** RFC 9846 §5.1: writes a record's header. */
export function writeHeader(into: Uint8Array, at: number, type: ContentType, version: number, length: number): void {
  into[at] = type;
  into[at + 1] = version >> 8;
  into[at + 2] = version & 0xff;
  into[at + 3] = length >> 8;
  into[at + 4] = length & 0xff;
}

/** Writes pieces one behind the other. */
export function writePieces(into: Uint8Array, at: number, pieces: readonly Uint8Array[]): void {
  let end = at;
  for (const piece of pieces) {
    into.set(piece, end);
    end += piece.length;
  }
}

/** Bytes in all pieces. */
export function lengthOf(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}
