import { concat } from "@tlskit/wire";

/** Trials that are spent on making one input smaller, unless told otherwise. */
const usualTrials = 3000;

/**
 * A smaller input of which the same holds: pieces are left out, large ones first, and bytes made zero.
 * @param holds is true of the input that is given.
 */
export function minimised(
  input: Uint8Array,
  holds: (candidate: Uint8Array) => boolean,
  maxTrials: number = usualTrials,
): Uint8Array {
  let best = input;
  let trials = 0;
  const take = (candidate: Uint8Array): boolean => {
    trials += 1;
    if (trials > maxTrials || !holds(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let size = best.length >> 1; size >= 1 && trials <= maxTrials; size >>= 1) {
    for (let start = 0; start < best.length && trials <= maxTrials; ) {
      if (!take(concat(best.subarray(0, start), best.subarray(start + size)))) start += size;
    }
  }
  for (let at = 0; at < best.length && trials <= maxTrials; at += 1) {
    if (best[at] === 0) continue;
    const candidate = best.slice();
    candidate[at] = 0;
    take(candidate);
  }
  return best;
}
