import type { ScanOptions } from "@tlskit/scan";
import { maxConnectionsAtOnce, maxRate, maxRetries, maxTimeout } from "./limits.ts";
import { positiveNumber, wholeNumber } from "./numbers.ts";

/** What the command line has about how much a server has to bear. */
export interface LimitOptions {
  readonly connections?: string | undefined;
  readonly rate?: string | undefined;
  readonly retries?: string | undefined;
  readonly timeout?: string | undefined;
}

/** @throws {UsageError} */
export function limitsOfAScan({
  connections,
  rate,
  retries,
  timeout,
}: LimitOptions): Pick<ScanOptions, "maxConnections" | "rate" | "retries" | "timeouts"> {
  return {
    maxConnections: wholeNumber("--connections", connections, { least: 1, most: maxConnectionsAtOnce }),
    rate: positiveNumber("--rate", rate, maxRate),
    retries: wholeNumber("--retries", retries, { least: 0, most: maxRetries }),
    timeouts: timesOf(positiveNumber("--timeout", timeout, maxTimeout)),
  };
}

/** Seconds of silence that a scan has unless told otherwise. */
const usualSilence = 5;

/** Whoever waits longer than usual for one thing does so for all: in the proportions that a scan has unless told. */
function timesOf(seconds: number | undefined): ScanOptions["timeouts"] {
  if (seconds === undefined) return undefined;
  const silence = Math.ceil(seconds * 1000);
  const times = { silence, connect: 2 * silence, answer: 3 * silence, startTls: 4 * silence };
  // Whoever waits for a shorter time has as long for all of it.
  return seconds <= usualSilence ? times : { ...times, connection: 12 * silence, scan: 120 * silence };
}
