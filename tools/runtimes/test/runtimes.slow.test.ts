import { describeUnless } from "@tlskit/interop/describe-unless";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isFor, runSuite } from "../src/run.ts";
import { runtimes } from "../src/runtimes/index.ts";
import type { RunningRuntime } from "../src/runtimes/runtime.ts";
import { suites } from "../src/suites/index.ts";

for (const runtime of runtimes) {
  describeUnless(runtime.missing, runtime.name, () => {
    let running: RunningRuntime;
    beforeAll(async () => {
      running = await runtime.start();
    });
    afterAll(() => running.stop());

    test.each(suites.filter((suite) => isFor(suite, runtime)))("$name", { timeout: 300_000 }, async (suite) => {
      const results = await runSuite(running, suite);
      expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
      expect(results).not.toEqual([]);
    });
  });
}
