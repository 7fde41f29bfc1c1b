/** The middle of several figures, with the smallest and the largest. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @param samples at least one; of an even number of them the median is the mean of the middle two. */
export function spread(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new RangeError("nothing was measured");
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const upper = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? at(upper) : (at(upper - 1) + at(upper)) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

/**
 * The ratios of what was measured in the same round, so that a machine whose speed drifts between rounds drifts out of
 * them.
 */
export function ratios(samples: readonly number[], baseline: readonly number[]): number[] {
  return samples.slice(0, baseline.length).map((sample, round) => sample / (baseline[round] ?? Number.NaN));
}
