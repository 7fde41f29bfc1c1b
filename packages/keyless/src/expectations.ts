import { callerError } from "@tlskit/wire";

/** @throws {TlsError} `out_of_range` (the caller's fault) */
export function checkSize(name: string, size: number): number {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw callerError("out_of_range", `${name} is ${size}, not a whole number from 1`);
  }
  return size;
}
