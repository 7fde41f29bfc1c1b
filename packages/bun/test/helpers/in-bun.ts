import { execFile } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Case, Outcome } from "./case.ts";

/** The program that `pnpm install` has brought. */
const bun = fileURLToPath(new URL("../../../../node_modules/bun-npm/bin/bun.exe", import.meta.url));

/** Milliseconds for all cases of a module: what hangs is ended, and each case that has said nothing by then has failed. */
const patience = 90_000;

/**
 * Has Bun run a module's cases, in one process, and makes a test of each.
 * @param module which has these, and runs all if it is the program.
 */
export function describeInBun(
  what: string,
  module: URL,
  cases: readonly Case[],
  env: Record<string, string> = {},
): void {
  describe(what, () => {
    const outcomes = new Map<string, Outcome>();
    let said = "";

    beforeAll(async () => {
      said = await new Promise((resolve) => {
        const options = { env: { ...process.env, ...env }, timeout: patience, killSignal: "SIGKILL" } as const;
        const child = execFile(bun, [fileURLToPath(module)], options, (error, stdout, stderr) => {
          resolve(`${error?.message ?? ""}\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
        });
        if (child.stdout === null) return;
        createInterface(child.stdout).on("line", (line) => {
          const outcome = outcomeIn(line);
          if (outcome !== undefined) outcomes.set(outcome.name, outcome);
        });
      });
    }, patience + 10_000);

    it.each(cases.map(({ name }) => name))("%s", (name) => {
      expect(outcomes.get(name) ?? { name, failure: `Bun said nothing of it: ${said}` }).toEqual({ name });
    });
  });
}

function outcomeIn(line: string): Outcome | undefined {
  const [, json] = /^case (\{.*\})$/.exec(line) ?? [];
  return json === undefined ? undefined : (JSON.parse(json) as Outcome); // of our own making
}
