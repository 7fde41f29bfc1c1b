import { setImmediate } from "node:timers/promises";
import { randomBelow, seededRandom } from "@tlskit/testing";
import { Coverage } from "./coverage.ts";
import type { Meter } from "./meter.ts";
import { minimised } from "./minimise.ts";
import { mutated } from "./mutate.ts";
import type { Target } from "./target.ts";
import { tried } from "./trial.ts";
import { Watchdog } from "./watchdog.ts";

/** How long a target is fuzzed: until one of the two is reached. */
export interface FuzzOptions {
  readonly seconds: number;
  readonly runs: number;
  readonly seed: number;
  /** Inputs to begin with, besides the target's seeds. */
  readonly corpus: readonly Uint8Array[];
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress: (progress: Progress) => void;
  /** Whether to stop before that. */
  readonly stopped: () => boolean;
}

/** Something that must not happen, and an input that makes it happen. */
export interface Finding {
  readonly signature: string;
  readonly error: unknown;
  readonly input: Uint8Array;
}

export interface Progress {
  readonly seconds: number;
  readonly runs: number;
  /** Inputs that reached something new. */
  readonly inputs: number;
  /** Places in the code that were reached. */
  readonly places: number;
  readonly findings: number;
  /** The share of inputs that were refused. */
  readonly refused: number;
  /** What the costliest input took: steps, and bytes asked for. */
  readonly maxSteps: number;
  readonly maxBytes: number;
}

/** An input that reached something new. */
interface Entry {
  readonly bytes: Uint8Array;
  readonly comparisons: readonly (readonly [number, number])[];
}

const secondsBetweenReports = 10;
/** Runs between two looks at the clock. */
const runsAtOnce = 50;

/**
 * Changes inputs, and keeps those that reach something new: a place in the code, or one more often.
 * @returns the inputs that were kept, and how it went.
 */
export async function fuzz(
  target: Target,
  meter: Meter,
  options: FuzzOptions,
): Promise<{ readonly inputs: readonly Uint8Array[]; readonly progress: Progress }> {
  const random = seededRandom(options.seed);
  const coverage = new Coverage(meter);
  const watchdog = new Watchdog(target.name, target.maxLength);
  const entries: Entry[] = [];
  const signatures = new Set<string>();
  const start = performance.now();
  let runs = 0;
  let refused = 0;
  let maxSteps = 0;
  let maxBytes = 0;

  /** What is given is kept, also if it reaches nothing new. */
  const attempt = (bytes: Uint8Array, isGiven = false): void => {
    watchdog.next(bytes);
    runs += 1;
    const outcome = tried(target, bytes, meter);
    maxSteps = Math.max(maxSteps, meter.steps);
    maxBytes = Math.max(maxBytes, meter.bytes);
    if (outcome.type === "finding") {
      if (signatures.has(outcome.signature)) return;
      signatures.add(outcome.signature);
      const same = (candidate: Uint8Array): boolean => {
        watchdog.next(candidate);
        const again = tried(target, candidate, meter);
        return again.type === "finding" && again.signature === outcome.signature;
      };
      options.onFinding({ ...outcome, input: minimised(bytes, same, { parse: target.parse }) });
      return;
    }
    if (outcome.type === "refused") refused += 1;
    if (coverage.add() === undefined && !isGiven) return;
    entries.push({ bytes, comparisons: comparisonsOf(bytes) });
  };

  const comparisonsOf = (bytes: Uint8Array): readonly (readonly [number, number])[] => {
    meter.recordsComparisons = true;
    tried(target, bytes, meter);
    meter.recordsComparisons = false;
    const distinct = new Map(meter.comparisons.map((pair) => [pair.join(), pair]));
    return [...distinct.values()];
  };

  const progress = (): Progress => ({
    seconds: (performance.now() - start) / 1000,
    runs,
    inputs: entries.length,
    places: coverage.places,
    findings: signatures.size,
    refused: refused / Math.max(1, runs),
    maxSteps,
    maxBytes,
  });

  /** Mostly one of those that were found last, since what is behind them has been tried least. */
  const chosen = (): Entry => {
    const all = entries.length;
    const among = randomBelow(random, 3) === 0 ? Math.min(all, 1 + (all >> 3)) : all;
    return entries[all - 1 - randomBelow(random, among)] ?? { bytes: new Uint8Array(0), comparisons: [] };
  };

  for (const bytes of [new Uint8Array(0), ...target.seeds(), ...options.corpus]) attempt(bytes, true);
  let reported = 0;
  while (runs < options.runs && !options.stopped()) {
    const { seconds } = progress();
    if (seconds >= options.seconds) break;
    if (seconds >= reported + secondsBetweenReports) {
      reported = seconds;
      options.onProgress(progress());
    }
    for (let i = 0; i < runsAtOnce && runs < options.runs; i += 1) {
      const { bytes, comparisons } = chosen();
      const { dictionary, parse, maxLength } = target;
      const donor = entries[randomBelow(random, entries.length)]?.bytes ?? bytes;
      attempt(mutated(bytes, { random, dictionary, donor, comparisons, parse, maxLength }));
    }
    // Signals are heard.
    await setImmediate();
  }
  await watchdog.stop();
  return { inputs: entries.map(({ bytes }) => bytes), progress: progress() };
}

/** Trials for making the inputs of a corpus smaller, all together, and for one of them at most. */
const trialsForCorpus = 40_000;
const trialsForInput = 1000;

/** Of some inputs, as few and as short ones as reach every place that all of them reach and the seeds don't. */
export function smallestCover(target: Target, meter: Meter, inputs: readonly Uint8Array[]): readonly Uint8Array[] {
  const coverage = new Coverage(meter);
  for (const seed of target.seeds()) {
    tried(target, seed, meter);
    coverage.add();
  }
  const cover: { readonly bytes: Uint8Array; readonly places: readonly number[] }[] = [];
  for (const bytes of [...inputs].sort((a, b) => a.length - b.length)) {
    tried(target, bytes, meter);
    const places = coverage.newPlaces();
    coverage.add();
    if (places.length > 0) cover.push({ bytes, places });
  }
  const maxTrials = Math.min(trialsForInput, Math.ceil(trialsForCorpus / Math.max(1, cover.length)));
  return cover.map(({ bytes, places }) => {
    const reachesThem = (candidate: Uint8Array): boolean =>
      tried(target, candidate, meter).type !== "finding" && places.every((place) => meter.counters[place] !== 0);
    return minimised(bytes, reachesThem, { maxTrials, parse: target.parse });
  });
}
