import { cryptoError } from "./error.ts";

/**
 * For whoever implements {@link Aead}: whether what it writes has a place inside `into`, and overlaps nothing that it
 * reads, but for what is read exactly where its result is written. A cipher in native code answers any other overlap
 * with wrong bytes and no error.
 * @param apart what is read and must be disjoint from the place: nonce and additional data.
 * @param pieces what is read byte by byte as the place is written, in order.
 * @param length bytes of the place.
 * @throws {CryptoError} `invalid_argument`
 */
export function checkPlace(
  apart: readonly Uint8Array[],
  pieces: readonly Uint8Array[],
  into: Uint8Array,
  at: number,
  length: number,
): void {
  // Also if one of them is no number: every comparison with NaN is false.
  if (!(Number.isInteger(at) && at >= 0 && at + length <= into.length)) {
    throw cryptoError("invalid_argument", `${length} bytes from ${at} on don't fit into ${into.length}`);
  }
  const { buffer } = into;
  const start = into.byteOffset + at;
  const end = start + length;
  for (const bytes of apart) if (overlaps(bytes, buffer, start, end)) throw overlap();
  let position = start;
  for (const piece of pieces) {
    if (overlaps(piece, buffer, start, end) && piece.byteOffset !== position) throw overlap();
    position += piece.length;
  }
}

function overlaps(bytes: Uint8Array, buffer: ArrayBufferLike, start: number, end: number): boolean {
  if (bytes.buffer !== buffer || bytes.length === 0) return false;
  return bytes.byteOffset < end && bytes.byteOffset + bytes.length > start;
}

function overlap(): Error {
  return cryptoError("invalid_argument", "what is read overlaps the place that is written to");
}
