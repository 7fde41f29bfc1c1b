/** How much is done for a figure. */
export interface Effort {
  /** Turns that each contender has, beside a first one that isn't counted. */
  readonly rounds: number;
  /** How long a turn takes, about, where it is time that says how much is done. */
  readonly milliseconds: number;
  /** How much of something is done, where it isn't. */
  amount(whole: number): number;
}

/** What the figures of a row's documentation take. */
export const thorough: Effort = { rounds: 5, milliseconds: 250, amount: (whole) => whole };

/** For trying whether everything runs: its figures say little. */
export const quick: Effort = { rounds: 2, milliseconds: 50, amount: (whole) => Math.max(1, Math.round(whole / 50)) };

/** Why something can't be measured on this machine. */
export interface Absence {
  readonly absent: string;
}

/** Gives a figure, again and again. */
export type Measure = () => Promise<number>;

/** A ratio to the baseline that is aimed at. Nothing fails without it. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

export type Unit = "MB/s" | "1/s" | "s/GB" | "ms" | "kB" | "MB";

/** Whether it is better to have more of them. */
export function moreIsBetter(unit: Unit): boolean {
  return unit === "MB/s" || unit === "1/s";
}

/** One of those that are compared. */
export interface Contender {
  readonly name: string;
  readonly goal?: Goal | undefined;
  /** Gets everything ready, in the process that measures. */
  prepare(effort: Effort): Promise<Measure | Absence>;
}

/** The same thing done by several. */
export interface Comparison {
  readonly what: string;
  readonly unit: Unit;
  /** The first is what the others are compared with, unless there is nothing to compare. */
  readonly contenders: readonly [Contender, ...Contender[]];
  /** Whether the figures stand each for itself. */
  readonly withoutRatios?: boolean;
  /**
   * Where contenders are measured: each in a process of its own (which is so unless told otherwise), all in one, or each
   * turn in a new one, for memory.
   */
  readonly processes?: "each" | "one" | "new";
  /** Turns that aren't counted, where one isn't enough: engines take seconds until they have compiled much code. */
  readonly warmUps?: number;
  /** Turns, where those of the effort would take too long. */
  readonly rounds?: number;
}

/** What can be asked for by name. */
export interface Row {
  /** What it is about, in a sentence. */
  readonly about: string;
  readonly comparisons: readonly Comparison[];
}
