import { describeUnless } from "@tlskit/interop/describe-unless";
import { absent } from "@tlskit/vectors";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readResults } from "../../src/document.ts";
import { suiteReport } from "../../src/report.ts";
import { isFor, runSuite } from "../../src/run.ts";
import type { RunningRuntime, Runtime } from "../../src/runtimes/runtime.ts";
import { suites } from "../../src/suites/index.ts";

/** Runs all suites in a runtime. Each runtime has a file of its own, so that they run beside each other. */
export function describeRuntime(runtime: Runtime): void {
  describeUnless(runtime.missing, runtime.name, () => {
    let running: RunningRuntime;
    beforeAll(async () => {
      running = await runtime.start();
    });
    afterAll(() => running.stop());

    if (runtime.pinned) {
      test("docs/runtimes.md is of this version: pnpm runtimes --write", () => {
        const known = readResults().runtimes.find(({ name }) => name === runtime.name);
        expect(known?.version).toBe(runtime.version());
      });
    }

    test.for(suites.filter((suite) => isFor(suite, runtime)))("$name", { timeout: 300_000 }, async (suite, context) => {
      if (suite.missing !== undefined) absent(context, suite.missing);
      const results = await runSuite(runtime, running, suite);
      expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
      const known = readResults().runtimes.find(({ name }) => name === runtime.name);
      const found = suiteReport(results);
      // What the machine's own browser can do depends on its version.
      if (known?.version === runtime.version()) expect(found).toEqual(known.suites[suite.name]);
      else expect(found.passed).toBeGreaterThan(0);
    });
  });
}
