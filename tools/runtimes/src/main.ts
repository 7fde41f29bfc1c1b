/**
 * `pnpm runtimes`: the suites on each runtime. `--runtime` and `--suite` name some by a part of their names, and can be given
 * several times; `--write` puts what was found into docs/runtimes.md.
 */
import { parseArgs } from "node:util";
import { readResults, writeDocument } from "./document.ts";
import { merged, type RuntimeReport, type SuiteReport, suiteReport } from "./report.ts";
import { isFor, runSuite } from "./run.ts";
import { runtimes } from "./runtimes/index.ts";
import type { Result } from "./suite.ts";
import { suites } from "./suites/index.ts";

const some = { type: "string", multiple: true } as const;
const { values: asked } = parseArgs({ options: { runtime: some, suite: some, write: { type: "boolean" } } });

function isNamed(names: readonly string[] | undefined, name: string): boolean {
  return names === undefined || names.some((one) => name.toLowerCase().includes(one.toLowerCase()));
}

/** What runs nothing, and would say nothing. */
function checkNames(option: string, names: readonly string[] = [], known: readonly { readonly name: string }[]): void {
  for (const one of names) {
    if (known.some(({ name }) => isNamed([one], name))) continue;
    console.error(`--${option} ${one} names none of ${known.map(({ name }) => name).join(", ")}`);
    process.exit(2);
  }
}
checkNames("runtime", asked.runtime, runtimes);
checkNames("suite", asked.suite, suites);

function show(title: string, results: readonly Result[], seconds: number): void {
  const count = (wanted: Result["outcome"]): number => results.filter(({ outcome }) => outcome === wanted).length;
  const counts = `${count("passed")} passed, ${count("failed")} failed, ${count("cannot")} can't`;
  console.log(`${title}: ${counts} (${seconds.toFixed(1)} s)`);
  for (const { name, outcome, why } of results) if (outcome !== "passed") console.log(`  ${outcome}: ${name}: ${why}`);
  if (count("failed") > 0) process.exitCode = 1;
}

const found: RuntimeReport[] = [];
for (const runtime of runtimes.filter(({ name }) => isNamed(asked.runtime, name))) {
  if (runtime.missing !== undefined) {
    console.log(`${runtime.name}: ${runtime.missing}`);
    continue;
  }
  const version = runtime.version();
  const reports: Record<string, SuiteReport> = {};
  const running = await runtime.start();
  try {
    for (const suite of suites.filter((one) => isFor(one, runtime) && isNamed(asked.suite, one.name))) {
      if (suite.missing !== undefined) {
        console.log(`${suite.name}: ${suite.missing}`);
        continue;
      }
      const begun = performance.now();
      const results = await runSuite(runtime, running, suite);
      show(`${runtime.name} ${version}, ${suite.name}`, results, (performance.now() - begun) / 1000);
      if (results.every(({ outcome }) => outcome !== "failed")) reports[suite.name] = suiteReport(results);
    }
  } finally {
    await running.stop();
  }
  found.push({ name: runtime.name, version, suites: reports });
}
if (asked.write === true) {
  const order = runtimes.map((runtime) => ({
    name: runtime.name,
    suites: suites.filter((suite) => isFor(suite, runtime)).map(({ name }) => name),
  }));
  writeDocument(merged(readResults(), { runtimes: found }, order), suites);
}
