import { UsageError } from "../usage.ts";

/**
 * A whole number as text.
 * @param option whose value it is: `--retries`
 * @throws {UsageError} unless it is one from `least` to `most`
 */
export function wholeNumber(
  option: string,
  text: string | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}: ${JSON.stringify(text)}`);
}

/**
 * A number with or without a fraction, as text.
 * @throws {UsageError} unless it is more than 0, and `most` at most
 */
export function positiveNumber(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= most) return value;
  throw new UsageError(`${option} takes a number above 0, up to ${most}: ${JSON.stringify(text)}`);
}
