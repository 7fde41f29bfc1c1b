import { UsageError } from "../usage.ts";

/** What `--days` says: at least one, and no more than a date can hold. */
export function daysOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days < 1) throw new UsageError(`--days takes a number from 1 to 99999, got ${JSON.stringify(text)}`);
  return days;
}
