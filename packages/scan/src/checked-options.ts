import { callerError } from "@tlskit/wire";
import type { ScanOptions } from "./scan.ts";

/** Milliseconds that timers of runtimes can wait: longer ones would be over at once. */
const maxTimeout = 2 ** 31 - 1;

/** How often a connection may be tried again: the pauses double, and the last of so many takes longer than a scan. */
const maxRetries = 16;

/** @throws {TlsError} `out_of_range` (the caller's fault) for numbers that no scan can be made by */
export function checkOptions({ maxConnections, rate, retries, timeouts = {} }: ScanOptions): void {
  check("maxConnections", maxConnections, { from: 1, to: Number.MAX_SAFE_INTEGER, whole: true });
  check("rate", rate, { from: Number.MIN_VALUE, to: Number.MAX_VALUE, whole: false });
  check("retries", retries, { from: 0, to: maxRetries, whole: true });
  for (const [name, time] of Object.entries(timeouts)) {
    check(`timeouts.${name}`, time, { from: Number.MIN_VALUE, to: maxTimeout, whole: false });
  }
}

function check(
  name: string,
  value: number | undefined,
  { from, to, whole }: { readonly from: number; readonly to: number; readonly whole: boolean },
): void {
  if (value === undefined || (value >= from && value <= to && (!whole || Number.isInteger(value)))) return;
  const wanted = `${whole ? "a whole number" : "a number"}${from === 0 ? "" : " above 0"}, up to ${to}`;
  throw callerError("out_of_range", `${name} is ${value}, and is to be ${wanted}`);
}
