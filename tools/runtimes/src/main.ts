import { parseArgs } from "node:util";
import { isFor, runSuite } from "./run.ts";
import { runtimes } from "./runtimes/index.ts";
import { suites } from "./suites/index.ts";

const { values: asked } = parseArgs({
  options: { runtime: { type: "string", multiple: true }, suite: { type: "string", multiple: true } },
});
const named = (names: readonly string[] | undefined, name: string): boolean =>
  names === undefined || names.some((one) => name.toLowerCase().includes(one.toLowerCase()));

for (const runtime of runtimes.filter(({ name }) => named(asked.runtime, name))) {
  if (runtime.missing !== undefined) {
    console.log(`${runtime.name}: ${runtime.missing}`);
    continue;
  }
  const running = await runtime.start();
  for (const suite of suites.filter((one) => isFor(one, runtime) && named(asked.suite, one.name))) {
    const begun = performance.now();
    const results = await runSuite(running, suite);
    const count = (wanted: string): number => results.filter(({ outcome }) => outcome === wanted).length;
    const counts = `${count("passed")} passed, ${count("failed")} failed, ${count("cannot")} can't`;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(`${runtime.name} ${runtime.version()}, ${suite.name}: ${counts} (${seconds} s)`);
    for (const { name, outcome, why } of results)
      if (outcome !== "passed") console.log(`  ${outcome}: ${name}: ${why}`);
    if (count("failed") > 0) process.exitCode = 1;
  }
  await running.stop();
}
