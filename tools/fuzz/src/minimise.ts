import { concat } from "@tlskit/wire";
import { countPieces, type Piece, replacePiece, write } from "./structure.ts";

/** Trials that are spent on making one input smaller, unless told otherwise. */
const usualTrials = 3000;

/** How an input is made smaller. */
export interface MinimiseOptions {
  readonly maxTrials?: number;
  /** The structure of an input: what is left out is left out of it first, so that lengths stay right. */
  readonly parse?: ((input: Uint8Array) => Piece) | undefined;
}

/**
 * A smaller input of which the same holds: parts are left out, large ones first, and bytes made zero.
 * @param holds is true of the input that is given.
 */
export function minimised(
  input: Uint8Array,
  holds: (candidate: Uint8Array) => boolean,
  { maxTrials = usualTrials, parse }: MinimiseOptions = {},
): Uint8Array {
  let best = input;
  let trials = 0;
  const take = (candidate: Uint8Array): boolean => {
    trials += 1;
    if (trials > maxTrials || !holds(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let number = 1, tree = parse?.(best); tree !== undefined && number < countPieces(tree); ) {
    if (trials > maxTrials) break;
    if (take(write(replacePiece(tree, number, () => [])))) tree = parse?.(best);
    else number += 1;
  }
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
