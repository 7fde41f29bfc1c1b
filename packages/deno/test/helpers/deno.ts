/** Runs programs of this repository in Deno, out of its sources. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const command = join(root, "node_modules/.bin/deno");

/** What came of a run. */
export interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/**
 * Runs `deno` with these arguments, where every package of ours is its sources.
 * @param subcommand `test`, say, which is told where the packages are.
 */
export async function deno(subcommand: string, ...args: readonly string[]): Promise<Ran> {
  const scratch = mkdtempSync(join(tmpdir(), "tlskit-deno-"));
  // A configuration of its own: Deno would take it upon itself to change the repository's package.json.
  const config = join(scratch, "deno.json");
  writeFileSync(config, JSON.stringify({ imports: ourPackages(), nodeModulesDir: "none" }));
  const environment = { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
  const options = { cwd: scratch, env: environment, timeout: 110_000, maxBuffer: 16 * 1024 * 1024 };
  try {
    return await new Promise((resolve) => {
      const child = execFile(command, [subcommand, "--config", config, ...args], options, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode, output: `${stdout}${stderr}` }),
      );
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A file beside the tests. */
export function testFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** What can be imported of our packages, and of what they depend on, and where it lies. */
function ourPackages(): Record<string, string> {
  const imports: Record<string, string> = {};
  for (const folder of readdirSync(join(root, "packages"))) {
    const place = join(root, "packages", folder);
    const { name, exports, dependencies = {} } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    for (const [entry, path] of Object.entries<string>(exports)) {
      if (path.endsWith(".ts")) imports[`${name}${entry.slice(1)}`] = pathToFileURL(join(place, path)).href;
    }
    for (const dependency of Object.keys(dependencies).filter((one) => one.startsWith("@noble/"))) {
      const there = realpathSync(join(place, "node_modules", dependency));
      imports[`${dependency}/`] = `${pathToFileURL(there).href}/`;
    }
  }
  return imports;
}

/** What became of a test of Deno's: nothing is wrong unless it says what. */
export interface DenoResult {
  readonly name: string;
  readonly failure: string | undefined;
}

/**
 * Runs tests of Deno's (`Deno.test`), which fail besides if they leave something open or undone.
 * @param permissions what the tests are allowed besides connections of this machine with itself.
 * @param args what they are told.
 */
export async function denoTests(
  file: string,
  permissions: readonly string[] = [],
  args: readonly string[] = [],
): Promise<readonly DenoResult[]> {
  const allowed = ["--no-prompt", "--allow-net=127.0.0.1,localhost,[::1]", ...permissions];
  // Types are held to Deno's by a test of its own.
  const how = ["--no-check", "--sanitize-ops", "--sanitize-resources", "--reporter=tap"];
  const { output } = await deno("test", ...how, ...allowed, testFile(`deno/${file}`), "--", ...args);
  const found = [...output.matchAll(/^(not )?ok \d+ - (.*)\n(?: {2}---\n {2}(.*)\n)?/gm)];
  if (!/^1\.\.\d+/m.test(output) || found.length === 0) throw new Error(`Deno ran no tests of ${file}:\n${output}`);
  return found.map(([, not, name = "", failure]) => ({ name, failure: not && (failure ?? "it failed") }));
}
