/** Something that a program run by Bun does, and a test of its own. */
export interface Case {
  readonly name: string;
  /** Fails if it isn't so. */
  readonly run: () => Promise<void>;
}

/** What became of it: nothing wrong, or a sentence. */
export interface Outcome {
  readonly name: string;
  readonly failure?: string;
}

/** Runs cases one after the other, in a program of Bun's, and writes a line of JSON of what became of each. */
export async function runAll(cases: readonly Case[]): Promise<never> {
  const unhandled: unknown[] = [];
  process.on("unhandledRejection", (error) => unhandled.push(error));
  for (const { name, run } of cases) {
    let outcome: Outcome = { name };
    try {
      await run();
      // Behind everything that is told soon.
      await new Promise((resolve) => setImmediate(resolve));
      if (unhandled.length > 0) throw unhandled.pop();
    } catch (error) {
      outcome = { name, failure: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
    }
    process.stdout.write(`case ${JSON.stringify(outcome)}\n`);
  }
  process.exit();
}
