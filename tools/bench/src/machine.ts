import { execFileSync } from "node:child_process";
import { arch, cpus, loadavg, release, totalmem, type } from "node:os";

/** Where, and with what, figures were measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** GB. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly openssl: string;
}

/** This one. */
export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memory: Math.round(totalmem() / 1e9),
    system: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    openssl: process.versions.openssl ?? "none",
  };
}

/** Processes that want to run, on the average of the last minute: whether the machine had something else to do. */
export function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

/** The commit that is measured, with a `+` if files were changed; nothing outside of a repository. */
export function commit(): string | undefined {
  try {
    const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).trim();
    const isChanged = git("status", "--porcelain", "--untracked-files=no") !== "";
    return git("rev-parse", "--short=10", "HEAD") + (isChanged ? "+" : "");
  } catch {
    return undefined;
  }
}
