/**
 * `npm test`: everything that must pass, one section after the other, whatever failed before. The last line
 * is `N passed, N failed, N skipped`; a test counts as one, and so does each check.
 *
 * Names of sections as arguments run these only: `npm test -- lint unit`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkChangesets } from "./changesets.ts";
import { capture, judge, type Result, show } from "./check.ts";
import { checkJsr } from "./jsr.ts";
import { checkTarballs } from "./tarballs.ts";

interface Section {
  readonly name: string;
  readonly about: string;
  run(): Promise<Result[]>;
}

const sections: readonly Section[] = [
  command("typecheck", "every package and its tests", "turbo", ["run", "typecheck", "--output-logs=errors-only"]),
  command("lint", "format and lint", "biome", ["check"]),
  command("arrows", "who may import whom", "node", ["tools/house/src/arrows.ts"]),
  { name: "changesets", about: "a changed package's changeset", run: () => checkChangesets() },
  { name: "unit", about: "tests that need nothing but this repository", run: () => runVitest("unit") },
  { name: "slow", about: "tests with real sockets and other programs", run: () => runVitest("slow") },
  { name: "soak", about: "servers, clients and the command line tool under attack", run: () => runVitest("soak") },
  command("build", "dist of every package", "turbo", ["run", "build", "--output-logs=errors-only"]),
  { name: "tarballs", about: "what strangers get", run: checkTarballs },
  { name: "jsr", about: "what JSR would take", run: async () => [await checkJsr()] },
  command("demo", "what npm start shows", "node", ["tools/cli/src/demo.ts"], 120),
];

function command(name: string, about: string, program: string, args: string[], timeoutSeconds = 600): Section {
  return { name, about, run: async () => [judge(name, await capture(program, args, { timeoutSeconds }))] };
}

/** Seconds that a project's tests may take: twice what the slow ones take on two cores that have other things to do. */
const longestTests = 2400;

async function runVitest(project: string): Promise<Result[]> {
  const scratch = mkdtempSync(join(tmpdir(), "tlskit-test-"));
  const file = join(scratch, "results.jsonl");
  const args = ["run", "--project", project, "--reporter=default", "--reporter=./tools/house/src/vitest-reporter.ts"];
  const { status } = await show("vitest", [...args, "--passWithNoTests"], {
    env: { TLSKIT_RESULTS: file },
    timeoutSeconds: longestTests,
  });
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  rmSync(scratch, { recursive: true });
  const results = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Result);
  if (status !== 0 && !results.some(({ state }) => state === "failed")) {
    results.push({ name: `vitest ${project}`, state: "failed", detail: `exit ${status}` });
  }
  return results;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !sections.some((section) => section.name === name));
if (unknown.length > 0) {
  console.error(`no section ${unknown.join(", ")}; there are ${sections.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const all: Result[] = [];
for (const { name, about, run } of sections) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n── ${name}: ${about}`);
  const start = performance.now();
  const results = await run().catch((error: unknown) => [
    { name, state: "failed", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) } as const,
  ]);
  for (const result of results) if (result.state !== "passed") print(result);
  console.log(`── ${name}: ${tally(results)} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  all.push(...results);
}
console.log(`\n${tally(all)}`);
process.exitCode = all.some(({ state }) => state === "failed") ? 1 : 0;

function print({ name, state, detail }: Result): void {
  console.log(`${state}: ${name}${detail === undefined ? "" : detail.includes("\n") ? `\n${detail}` : `: ${detail}`}`);
}

function tally(results: readonly Result[]): string {
  const count = (state: Result["state"]): number => results.filter((result) => result.state === state).length;
  return `${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`;
}
