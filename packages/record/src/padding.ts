import { callerError } from "@tlskit/wire";
import { maxPlaintextLength } from "./limits.ts";

/**
 * RFC 9846 §5.4: how many zeros are added to a record, so that its length tells less of its content's. Asked for each
 * record; what doesn't fit into one is left out.
 * @param content bytes of the record's content.
 * @returns bytes of padding.
 */
export type RecordPadding = (content: number) => number;

/**
 * Pads each record to a multiple of so many bytes, and to 2^14 at most, which all records have with `2 ** 14`: of each
 * record's content it can only be told between which multiples its length is.
 * @throws {TlsError} `out_of_range` (the caller's fault)
 */
export function padToMultiple(bytes: number): RecordPadding {
  if (!(Number.isInteger(bytes) && bytes >= 1 && bytes <= maxPlaintextLength)) {
    throw callerError(
      "out_of_range",
      `records are padded to multiples of 1 to ${maxPlaintextLength} bytes, not ${bytes}`,
    );
  }
  // An empty record is padded too: otherwise it would show that it is one.
  return (content) => Math.max(1, Math.ceil(content / bytes)) * bytes - content;
}
