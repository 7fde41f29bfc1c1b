import { callerError } from "@tlskit/wire";
import { maxPrfOutput } from "./limits.ts";

/** @throws {TlsError} `out_of_range` (the caller's fault) */
export function checkOutputLength(length: number): void {
  if (!Number.isInteger(length) || length < 0 || length > maxPrfOutput) {
    throw callerError("out_of_range", `a PRF gives up to ${maxPrfOutput} bytes, asked for ${length}`);
  }
}
