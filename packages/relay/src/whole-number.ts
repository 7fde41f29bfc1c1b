import { callerError } from "@tlskit/wire";

/** Milliseconds that a timer of Node's can wait: one that is told more doesn't wait at all. */
const most = 2 ** 31 - 1;

/** @throws {TlsError} `out_of_range` (the caller's fault) */
export function checkWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > most) {
    throw callerError("out_of_range", `${name} is ${value}, not a whole number from 1 to ${most}`);
  }
}
