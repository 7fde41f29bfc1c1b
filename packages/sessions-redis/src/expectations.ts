import { callerError } from "@tlskit/wire";

/** @throws {TlsError} `out_of_range` (the caller's fault) */
export function checkSize(name: string, size: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(size) || size < 1 || size > most) {
    throw callerError("out_of_range", `${name} is ${size}, not a whole number from 1 to ${most}`);
  }
  return size;
}
