import type { Result } from "../suite.ts";

/** Something that runs JavaScript, or of which this machine lacks what it needs. */
export interface Runtime {
  /** As the tables have it: `Node 20`, `Deno`. */
  readonly name: string;
  /** What keeps it from being used here, in a sentence; nothing if it can be. */
  readonly missing: string | undefined;
  /** Whether its version is one of the repository's dependencies, and not the machine's. */
  readonly pinned: boolean;
  /** As it says itself, numbers alone. */
  version(): string;
  /** Starts it, to run any number of bundles one after the other. */
  start(): Promise<RunningRuntime>;
}

export interface RunningRuntime {
  /** Where its requests say they come from: of a browser alone. */
  readonly origin?: string;
  /**
   * Runs what `bundleSuite` made, with nothing left over from what ran before.
   * @param given for the suite's cases; what JSON can say.
   * @throws {Error} if it ends, or takes too long, before all cases have been told of
   */
  run(bundle: string, given: unknown): Promise<readonly Result[]>;
  stop(): Promise<void>;
}

/** Milliseconds that a suite may take: much more than it should on a busy machine. */
export const suitePatience = 300_000;
