/**
 * `pnpm node-tests CHECKOUT [--control] [--only PATTERN] [--all] [--jobs N] [--timeout SECONDS] [--json FILE] [--write]`:
 * exit 0 if every file passed or has its explanation. `pnpm node-tests document`: writes docs/node-tls.md anew.
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { bundledRegister } from "./bundled-register.ts";
import { explanations } from "./explanations.ts";
import { files } from "./files.ts";
import { layNode } from "./node-folder.ts";
import { readResults, writeResults } from "./page.ts";
import { type Result, runFile } from "./run-file.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    control: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    all: { type: "boolean", default: false },
    jobs: { type: "string", default: "2" },
    timeout: { type: "string", default: "60" },
    json: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const [checkout] = positionals;
if (checkout === undefined) {
  console.error("usage: pnpm node-tests CHECKOUT, a folder with the folder `test` of Node's sources");
  process.exit(2);
}
if (checkout === "document") {
  writeResults(readResults());
  process.exit();
}
const tests = resolve(checkout, "test");
const pattern = new RegExp(values.only);
// Over node:tls every file is run, since whether it passes there decides whether it applies.
const everyFile = values.control || values.all;
const chosen = (await readdir(join(tests, "parallel")))
  .filter((file) => /^test-(?:tls|https)-.*\.m?js$/.test(file) && pattern.test(file))
  .filter((file) => everyFile || files[file] === "applies")
  .toSorted();
for (const file of chosen) if (files[file] === undefined) console.log(`not in the list: ${file}`);

const results: Result[] = [];
let opensslVersion = "no OpenSSL";
const folder = await mkdtemp(join(tmpdir(), "tlskit-node-"));
try {
  const { node, openssl } = await layNode(folder);
  if (openssl === undefined)
    console.log("the command openssl is not on this machine: tests that need it skip themselves");
  else opensslVersion = execFileSync(openssl, ["version"], { encoding: "utf8" }).split(" ").slice(0, 2).join(" ");
  const preload = values.control ? undefined : await bundledRegister(folder);
  const options = { tests, node, preload, timeoutSeconds: Number(values.timeout) };
  const waiting = [...chosen.entries()].toReversed();
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [serial, file] = next;
      const result = await runFile(file, serial, options);
      results.push(result);
      if (result.outcome !== "passed") console.log(`${result.outcome}: ${file}\n${firstLines(result.output)}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, work));
} finally {
  await rm(folder, { recursive: true, force: true });
}

results.sort((a, b) => (a.file < b.file ? -1 : 1));
const count = (outcome: Result["outcome"]): number => results.filter((result) => result.outcome === outcome).length;
console.log(
  `\n${results.length} files over ${values.control ? "node:tls" : "@tlskit/node/tls"}: ${count("passed")} passed, ` +
    `${count("failed")} failed, ${count("timed out")} timed out, ${count("skipped")} skipped`,
);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, undefined, 2)}\n`);
if (values.write) {
  const before = readResults();
  const now = Object.fromEntries(results.map(({ file, outcome }) => [file, outcome]));
  const which = values.control ? "control" : "ours";
  writeResults({
    ...before,
    node: process.versions.node,
    openssl: opensslVersion,
    [which]: { ...before[which], ...now },
  });
}
const explained = values.control
  ? (file: string): boolean => files[file] !== "applies"
  : (file: string): boolean => files[file] !== "applies" || explanations[file] !== undefined;
process.exitCode = results.every(({ file, outcome }) => outcome === "passed" || explained(file)) ? 0 : 1;

function firstLines(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return lines
    .slice(0, 16)
    .map((line) => `    ${line}`)
    .join("\n");
}
