import type { Machine } from "./machine.ts";
import type { Goal, Unit } from "./row.ts";
import { ratios, type Spread, spread } from "./statistics.ts";

/** What a run measured: what `--json` prints. */
export interface Report {
  /** Whether it was only tried whether everything runs. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly rows: readonly MeasuredRow[];
}

export interface MeasuredRow {
  readonly name: string;
  readonly about: string;
  /** When its measurement began, in ISO 8601. */
  readonly date: string;
  readonly commit?: string;
  /** Processes that wanted to run then; our own want one or two cores. */
  readonly load: number;
  readonly comparisons: readonly Compared[];
}

/** A comparison's figures. */
export interface Compared {
  readonly what: string;
  readonly unit: Unit;
  readonly figures: readonly Figure[];
}

/** What one contender got, or why it got nothing. */
export type Figure = Measured | Absent;

export interface Absent {
  readonly name: string;
  readonly absent: string;
  readonly goal?: Goal;
}

export interface Measured extends Spread {
  readonly name: string;
  /** One for each round. */
  readonly samples: readonly number[];
  /** To the baseline's figures of the same rounds; the baseline has none. */
  readonly ratio?: Spread;
  readonly goal?: Goal;
}

/** What a contender's process gave. */
export type Samples = { readonly name: string; readonly goal?: Goal | undefined } & (
  | { readonly samples: readonly number[] }
  | { readonly absent: string }
);

/** @param baseline whom the others are compared with, if they are. */
export function figures(contenders: readonly Samples[], baseline: string | undefined): readonly Figure[] {
  const base = contenders.find(({ name }) => name === baseline);
  const baseSamples = base !== undefined && "samples" in base ? base.samples : undefined;
  return contenders.map((contender): Figure => {
    const { name, goal } = contender;
    const aim = goal === undefined ? {} : { goal };
    if ("absent" in contender) return { name, absent: contender.absent, ...aim };
    const { samples } = contender;
    const all = baseSamples === undefined || contender === base ? [] : ratios(samples, baseSamples);
    // Tried in a hurry, a memory may not grow at all, and nothing is a multiple of that.
    const ratio = all.length > 0 && all.every(Number.isFinite) ? rounded(spread(all)) : undefined;
    return {
      name,
      ...rounded(spread(samples)),
      samples: samples.map(significant),
      ...(ratio === undefined ? {} : { ratio }),
      ...aim,
    };
  });
}

/** Whether the median is where it should be. */
export function reached(goal: Goal, ratio: Spread): boolean {
  return "atLeast" in goal ? ratio.median >= goal.atLeast : ratio.median <= goal.atMost;
}

function rounded({ median, min, max }: Spread): Spread {
  return { median: significant(median), min: significant(min), max: significant(max) };
}

/** Four digits: more would be noise. */
function significant(figure: number): number {
  return Number(figure.toPrecision(4));
}
