/** A class's time against the reference's, of measurements that were made next to each other. */
export interface Comparison {
  /** By how much it takes longer, in the unit of the measurements: a mean without the outermost quarters. */
  readonly difference: number;
  /** How many standard errors that is. */
  readonly t: number;
  /** The smallest difference that would have been seen: {@link seen} standard errors. */
  readonly resolution: number;
}

/** Standard errors from which on two classes are told apart: dudect's threshold (Reparaz, Balasch, Verbauwhede 2016). */
export const seen = 4.5;

/** The part of the differences at either end that is left out: interruptions make some of any size. */
const trimmed = 0.25;

/**
 * Compares pairs: what disturbs both disturbs no difference. The mean is trimmed, and its standard error that of Yuen
 * (1974), by winsorized variance.
 * @throws {RangeError} for fewer than eight pairs, or lists of two lengths
 */
export function compare(measured: readonly number[], reference: readonly number[]): Comparison {
  if (measured.length !== reference.length || measured.length < 8) {
    throw new RangeError(`eight pairs at least are compared, got ${measured.length} and ${reference.length}`);
  }
  const differences = measured.map((value, at) => value - (reference[at] ?? 0)).toSorted((a, b) => a - b);
  const count = differences.length;
  const out = Math.floor(count * trimmed);
  const kept = differences.slice(out, count - out);
  const difference = mean(kept);
  const [lowest = 0, highest = 0] = [kept[0], kept.at(-1)];
  const winsorized = differences.map((value) => Math.min(Math.max(value, lowest), highest));
  const center = mean(winsorized);
  const variance = winsorized.reduce((sum, value) => sum + (value - center) ** 2, 0) / (count - 1);
  const standardError = Math.sqrt(variance) / ((1 - 2 * trimmed) * Math.sqrt(count));
  const t = difference === 0 ? 0 : difference / standardError;
  return { difference, t, resolution: seen * standardError };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
}
