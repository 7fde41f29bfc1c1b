import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandOutput } from "@tlskit/interop/command-output";
import { Program } from "@tlskit/interop/program";
import { scratchFolder } from "@tlskit/interop/scratch";
import type { Result } from "../suite.ts";
import { type Runtime, suitePatience } from "./runtime.ts";

/** How a command runs a module, with arguments behind it. */
export interface Command {
  readonly path: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * What runs beside the suite's module. Node, Deno and Bun all have these two modules of Node's. A result is a line, in
 * ASCII; the program is ended by whoever reads the last.
 */
const main = `
import { readFileSync } from "node:fs";
import process from "node:process";
import { run } from "./suite.mjs";
const tell = (result) => {
  const text = JSON.stringify(result).replace(/[^ -~]/g, (unit) => "\\\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
  process.stdout.write("result " + text + "\\n");
};
await run(JSON.parse(readFileSync(process.argv[2], "utf8")), tell);
process.stdout.write("done\\n");
setInterval(() => {}, 1000);
`;

/** A runtime that is a program, installed with the repository: a process for each suite. */
export function processRuntime(name: string, { path, args = [], environment = {} }: Command): Runtime {
  const version = /\d+(\.\d+)+/.exec(commandOutput(path, "--version") ?? "")?.[0];
  return {
    name,
    missing: version === undefined ? `${name} is not on this machine` : undefined,
    pinned: true,
    version: () => version ?? "",
    start: async () => ({
      run: async (bundle, given) => {
        const folder = scratchFolder("suite");
        writeFileSync(join(folder, "suite.mjs"), bundle);
        writeFileSync(join(folder, "main.mjs"), main);
        writeFileSync(join(folder, "given.json"), JSON.stringify(given ?? null));
        const program = new Program(path, [...args, join(folder, "main.mjs"), join(folder, "given.json")], {
          environment,
          folder,
        });
        try {
          await program.waitForLine(/^done$/, 0, suitePatience);
        } finally {
          await program.stop();
          rmSync(folder, { recursive: true });
        }
        const results = program.lines.filter((line) => line.startsWith("result "));
        return results.map((line): Result => JSON.parse(line.slice("result ".length)));
      },
      stop: async () => {},
    }),
  };
}
