/**
 * `pnpm mutate PACKAGE [--file NAME] [--tests GLOB]`: breaks a package in small ways, one at a time, and lists what no test
 * noticed.
 * Exit 0 if there is nothing that is not on the list of equivalent ones, 1 if there is, 2 for wrong usage.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { equivalents } from "./equivalents.ts";
import { packages } from "./packages.ts";
import { lines, outcome, type StrykerReport } from "./report.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: "string", default: "**/*" },
    tests: { type: "string", multiple: true },
    keep: { type: "boolean", default: false },
  },
});
const [name = ""] = positionals;
const mutated = Object.hasOwn(packages, name) ? packages[name] : undefined;
if (mutated === undefined) {
  console.error(
    `pnpm mutate PACKAGE [--file NAME] [--tests GLOB], PACKAGE being one of ${Object.keys(packages).join(", ")}`,
  );
  process.exit(2);
}

// In a copy: what is mutated is written to where packages find each other, and that is not to be the working tree.
const copy = mkdtempSync(join(tmpdir(), "tlskit-mutate-"));
try {
  const files = run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], root);
  spawnSync("cp", ["--parents", "-t", copy, ...files.split("\0").filter((file) => file !== "")], { cwd: root });
  run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline", "--loglevel=error"], copy);
  const home = join(copy, "tools/mutate/stryker");
  run("pnpm", ["install", "--ignore-workspace", "--frozen-lockfile", "--prefer-offline", "--loglevel=error"], home);
  const stryker = join(home, "node_modules");
  const tests = { test: { include: values.tests ?? mutated.tests, pool: "threads", testTimeout: 60_000 } };
  writeFileSync(join(copy, "vitest.mutate.config.ts"), `export default ${JSON.stringify(tests)};\n`);
  const options = {
    testRunner: "vitest",
    vitest: { configFile: "vitest.mutate.config.ts", related: false },
    plugins: [
      join(stryker, "@stryker-mutator/vitest-runner/dist/src/index.js"),
      join(copy, "tools/mutate/src/operators.ts"),
    ],
    ignorers: ["sentences"],
    mutate: [`packages/${name}/src/${values.file.replace(/(\.ts)?$/, ".ts")}`, `!packages/${name}/src/index.ts`],
    inPlace: true,
    coverageAnalysis: "perTest",
    concurrency: 2,
    timeoutMS: 10_000,
    allowEmpty: false,
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: "mutation.json" },
    allowConsoleColors: false,
  };
  writeFileSync(join(copy, "stryker.config.json"), JSON.stringify(options));
  const { status } = spawnSync(join(stryker, ".bin/stryker"), ["run"], {
    cwd: copy,
    stdio: ["ignore", "inherit", "inherit"],
    // The copy has no neighbours.
    env: { TLSKIT_VECTORS: join(root, "../shared/vectors"), ...process.env },
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status}`);
  const report = JSON.parse(readFileSync(join(copy, "mutation.json"), "utf8")) as StrykerReport; // its own schema
  const result = outcome(report, equivalents);
  for (const line of lines(result)) console.log(line);
  process.exitCode = result.survivors.length + result.stale.length > 0 ? 1 : 0;
} finally {
  if (!values.keep) rmSync(copy, { recursive: true });
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}
