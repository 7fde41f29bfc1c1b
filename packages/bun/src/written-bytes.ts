import { callerError } from "@tlskit/tls";
import { aNumber, anyOf, aString, check, optional } from "@tlskit/wire/arguments";
import { type Binary, bytesOf, someBytes } from "./binary.ts";

const somethingToWrite = anyOf("a text, an ArrayBuffer or a view of one", aString, someBytes);

/**
 * The bytes of what is to be written: a text's as UTF-8, of others those from an offset on.
 * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
 */
export function writtenBytes(data: string | Binary, byteOffset?: number, byteLength?: number): Uint8Array {
  check(data, "data", somethingToWrite);
  check(byteOffset, "byteOffset", optional(aNumber));
  check(byteLength, "byteLength", optional(aNumber));
  if (typeof data === "string") return new TextEncoder().encode(data);
  const all = bytesOf(data);
  const start = byteOffset ?? 0;
  const length = byteLength ?? all.length - start;
  const areWhole = Number.isInteger(start) && Number.isInteger(length);
  if (!areWhole || start < 0 || length < 0 || start + length > all.length) {
    throw callerError("out_of_range", `data has ${all.length} bytes, and not ${length} from ${start} on`);
  }
  return all.subarray(start, start + length);
}
