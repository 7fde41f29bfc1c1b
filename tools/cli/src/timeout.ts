import { defaultTimeout, maxTimeout } from "./limits.ts";
import { UsageError } from "./usage.ts";

/** Seconds as text, fractions allowed, in milliseconds. */
export function parseTimeout(text: string | undefined): number {
  if (text === undefined) return defaultTimeout;
  const milliseconds = /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : Number.NaN;
  if (!(milliseconds >= 1 && milliseconds <= maxTimeout)) {
    throw new UsageError(`--timeout takes seconds, up to ${maxTimeout / 1000}: ${JSON.stringify(text)}`);
  }
  return milliseconds;
}
