import { concat } from "@tlskit/wire";

/** The records of a stream, headers included, however it was written. */
export function recordsIn(written: readonly Uint8Array[]): readonly Uint8Array[] {
  const stream = concat(...written);
  const records: Uint8Array[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = at + 5 + (((stream[at + 3] ?? 0) << 8) | (stream[at + 4] ?? 0));
    records.push(stream.subarray(at, end));
    at = end;
  }
  return records;
}
