import type { Budget } from "./meter.ts";
import type { Piece } from "./structure.ts";

/** Something that takes bytes from whoever wants to send some. */
export interface Target {
  readonly name: string;
  /** What it is, in a line. */
  readonly what: string;
  /** Bytes of an input at most. */
  readonly maxLength: number;
  /** Does with an input what has to end well: returns, or throws what `isRefusal` knows. */
  run(input: Uint8Array): void;
  /** Whether an error is how an input may be refused. */
  isRefusal(error: unknown): boolean;
  /** Inputs to begin with: made, so that they keep up with the code. */
  seeds(): readonly Uint8Array[];
  /** Byte strings that mean something in an input. */
  readonly dictionary: readonly Uint8Array[];
  /** An input's structure, for changes that keep its lengths right. */
  readonly parse?: (input: Uint8Array) => Piece;
  /** What an input may cost, if not {@link usualBudget}. */
  readonly budget?: (length: number) => Budget;
}

/**
 * What an input may cost: work and memory that are linear in its length, with room for what every input costs. Some five
 * times what the costliest inputs took.
 */
export function usualBudget(length: number): Budget {
  return { steps: 50_000 + 100 * length, bytes: 300_000 + 60 * length };
}

/** Something that is to hold for every input doesn't. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

/** @throws {BrokenPromise} */
export function promise(holds: boolean, sentence: string): void {
  if (!holds) throw new BrokenPromise(sentence);
}
