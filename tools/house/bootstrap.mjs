// Runs on a bare Node 20 with npm and nothing installed: no TypeScript, no dependency.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = join(root, "node_modules", ".bin");

/** Installs what pnpm-lock.yaml says, unless that is what is installed. Speaks on stderr only. */
export function install() {
  if (upToDate()) return;
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  console.error(`Installing dependencies with ${packageManager} (once; it takes a minute) …`);
  const { status } = spawnSync("npx", ["--yes", packageManager, "install", "--frozen-lockfile", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: { ...process.env, ...ownHeaders() },
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    console.error("The installation failed.");
    process.exit(status ?? 1);
  }
}

/** Addons are compiled with the headers that this Node came with, if it did: otherwise they would be downloaded. */
function ownHeaders() {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, "include/node/node_api.h")) ? { npm_config_nodedir: prefix } : {};
}

function upToDate() {
  const wanted = join(root, "pnpm-lock.yaml");
  const installed = join(root, "node_modules", ".pnpm", "lock.yaml"); // pnpm's own record
  return existsSync(installed) && readFileSync(wanted, "utf8") === readFileSync(installed, "utf8");
}

/** Becomes a script run by the repository's own Node: its input and output, its signals, its exit. */
export function runScript(script, args, env = {}) {
  const child = spawn(join(bin, "node"), [join(root, script), ...args], {
    stdio: "inherit",
    env: { ...process.env, ...env, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`${script}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}
