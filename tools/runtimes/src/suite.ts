/**
 * What runs inside a runtime: cases without a test runner, which know no runtime. This file is bundled with them, so it
 * imports nothing of any runtime's.
 */

/** Something that is tried. */
export interface Case {
  readonly name: string;
  /** Why it can't be tried in this runtime, in a sentence for users; then it isn't run. */
  readonly cannot?: string | undefined;
  /** Fails with an error whose message says what was wrong. */
  run(): void | Promise<void>;
}

/**
 * What a suite's module exports as `cases`. It may wait (for a provider, say), and gets what its other half has prepared,
 * which has gone through JSON.
 */
export type Cases<Given = undefined> = (given: Given) => readonly Case[] | Promise<readonly Case[]>;

/** What became of a case. */
export interface Result {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "cannot";
  /** What was wrong, or what keeps it from being tried. */
  readonly why?: string;
  readonly milliseconds: number;
}
