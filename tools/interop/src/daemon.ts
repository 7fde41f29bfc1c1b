import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Owner } from "./program.ts";

/**
 * Whose a daemon is to be that refuses to be root's, or that had better not be: where root runs the tests the user's
 * that Debian has for it, or the sentence that says that there is none; else nobody else's.
 */
export function daemonOwner(user: string): { readonly owner: Owner | undefined } | string {
  if (process.getuid?.() !== 0) return { owner: undefined };
  try {
    const id = (what: string): number => Number(execFileSync("id", [what, user], { stdio: "pipe" }));
    return { owner: { uid: id("-u"), gid: id("-g") } };
  } catch {
    return `root runs the tests, and there is no user ${user}`;
  }
}

/** The path of a program, links followed, that is in one of these folders or in PATH; nothing if there is none. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const inPath = (process.env["PATH"] ?? "").split(delimiter);
  for (const folder of [...inPath, "/usr/sbin", ...folders]) {
    try {
      return realpathSync(join(folder, name));
    } catch {
      // not here
    }
  }
  return undefined;
}

/** A folder that is a daemon's own, with files that nobody else can read. It goes with the process at the latest. */
export class DaemonFolder {
  readonly path: string;
  readonly #owner: Owner | undefined;
  readonly #remove = (): void => rmSync(this.path, { recursive: true, force: true });

  constructor(name: string, owner: Owner | undefined) {
    this.#owner = owner;
    this.path = mkdtempSync(join(tmpdir(), `tlskit-${name}-`));
    this.#own(this.path);
    process.once("exit", this.#remove);
  }

  /** The path of a new file. */
  file(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text, { mode: 0o600 });
    this.#own(path);
    return path;
  }

  /** The path of a new folder in it. */
  folder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path);
    this.#own(path);
    return path;
  }

  remove(): void {
    process.off("exit", this.#remove);
    this.#remove();
  }

  #own(path: string): void {
    if (this.#owner !== undefined) chownSync(path, this.#owner.uid, this.#owner.gid);
  }
}
