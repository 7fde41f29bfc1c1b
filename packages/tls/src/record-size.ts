import { maxPlaintextLength } from "@tlskit/record";
import { callerError } from "@tlskit/wire";
import { minRecordSize } from "./limits.ts";

/**
 * Bytes of content that a record of ours has at most.
 * @throws {TlsError} `out_of_range` (the caller's fault)
 */
export function checkedRecordSize(size: number): number {
  if (Number.isInteger(size) && size >= minRecordSize && size <= maxPlaintextLength) return size;
  throw callerError(
    "out_of_range",
    `recordSize is ${minRecordSize} to ${maxPlaintextLength} bytes of content, not ${size}`,
  );
}
