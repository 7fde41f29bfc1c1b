/**
 * `pnpm rivals`: testssl.sh, sslyze and `tlskit scan` on the same servers, each through a relay that makes them far away. It
 * takes most of an hour, so that what came of each is kept in a folder, and what is there isn't done again. What the
 * documentation is made of is written at the end.
 *
 *     pnpm rivals FOLDER [CONFIGURATION…]
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configurations } from "./configurations.ts";
import { type Results, resultsFile, type ScannerResult } from "./results.ts";
import { type Run, run } from "./run.ts";
import type { ScannerName } from "./scanner.ts";
import { scanners } from "./scanners.ts";

const [folder, ...wanted] = process.argv.slice(2);
if (folder === undefined) usage("which folder?");
const unknown = wanted.filter((name) => !configurations.some((each) => each.name === name));
if (unknown.length > 0) usage(`no configuration ${unknown.join(", ")}`);
const absent = scanners.filter((scanner) => scanner.version() === undefined).map(({ name }) => name);
if (absent.length > 0) usage(`${absent.join(" and ")} can't be run here`);

mkdirSync(folder, { recursive: true });
for (const configuration of configurations) {
  if (wanted.length > 0 && !wanted.includes(configuration.name)) continue;
  for (const scanner of scanners) {
    const file = fileOf(configuration.name, scanner.name);
    if (existsSync(file)) continue;
    const came = await run(scanner, configuration);
    writeFileSync(file, JSON.stringify(came));
    const { seconds, traffic } = came;
    console.log(`${configuration.name}, ${scanner.name}: ${seconds.toFixed(1)} s, ${traffic.connections} connections`);
  }
}
const missing = configurations.filter(({ name }) =>
  scanners.some((scanner) => !existsSync(fileOf(name, scanner.name))),
);
if (missing.length > 0) {
  console.log(`Nothing is written while there is nothing of ${missing.map(({ name }) => name).join(", ")}.`);
} else {
  writeFileSync(resultsFile, `${JSON.stringify(results(), undefined, 2)}\n`);
  console.log("The page is made of it by `pnpm vitest run --project unit tools/scans/test/pages.test.ts -u`.");
}
process.exit(); // servers in this process may still wait for a client that has gone

function results(): Results {
  return {
    day: new Date().toISOString().slice(0, 10),
    versions: byScanner((scanner) => scanner.version() ?? ""),
    configurations: configurations.map(({ name }) => ({
      name,
      scanners: byScanner((scanner): ScannerResult => {
        const { seconds, traffic, output } = JSON.parse(readFileSync(fileOf(name, scanner.name), "utf8")) as Run;
        return { seconds: Number(seconds.toFixed(1)), traffic, answers: scanner.answers(output) };
      }),
    })),
  };
}

function byScanner<T>(of: (scanner: (typeof scanners)[number]) => T): Readonly<Record<ScannerName, T>> {
  return Object.fromEntries(scanners.map((scanner) => [scanner.name, of(scanner)])) as Record<ScannerName, T>;
}

function fileOf(configuration: string, scanner: ScannerName): string {
  return join(folder ?? "", `${`${configuration} by ${scanner}`.replaceAll(/[^A-Za-z0-9.]+/g, "-")}.json`);
}

function usage(problem: string): never {
  console.error(`rivals: ${problem}\nusage: pnpm rivals FOLDER [CONFIGURATION…]`);
  process.exit(2);
}
