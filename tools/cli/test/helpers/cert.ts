import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { absent } from "@tlskit/vectors";
import { onTestFinished, type TestContext } from "vitest";
import { type Outcome, type Surroundings, tlskit } from "./command.ts";

/** An empty folder, gone when the test is over, and `tlskit cert` and `openssl` in it. */
export interface Workshop {
  readonly folder: string;
  readonly path: (name: string) => string;
  readonly cert: (...args: readonly string[]) => Promise<Outcome>;
  readonly certWith: (env: Surroundings["env"], ...args: readonly string[]) => Promise<Outcome>;
  /** What openssl prints. Throws if it fails. */
  readonly openssl: (...args: readonly string[]) => string;
}

export function workshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "tlskit-cert-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    path: (name) => join(folder, name),
    cert: (...args) => tlskit(["cert", ...args], "", { cwd: folder }),
    certWith: (env, ...args) => tlskit(["cert", ...args], "", { cwd: folder, ...(env === undefined ? {} : { env }) }),
    openssl: (...args) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" }).toString(),
  };
}

/** Skips a test, with a sentence, where there is no openssl. */
export function needsOpenssl(context: TestContext): void {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
  } catch {
    absent(context, "the command openssl is not on this machine");
  }
}
