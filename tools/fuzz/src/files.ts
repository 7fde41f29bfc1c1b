import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folders of inputs, each with a folder for every target. */
export interface Folders {
  /** Inputs that reach what the seeds don't: kept small. */
  readonly corpus: string;
  /** Inputs that once were findings, named for what went wrong. */
  readonly regressions: string;
  /** What a run found; not in the repository. */
  readonly findings: string;
}

const folder = (name: string): string => fileURLToPath(new URL(`../${name}/`, import.meta.url));

export const folders: Folders = {
  corpus: folder("corpus"),
  regressions: folder("regressions"),
  findings: folder("findings"),
};

/** An input in a file. */
export interface StoredInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A target's inputs in a folder, by name. */
export function storedInputs(where: string, target: string): readonly StoredInput[] {
  const path = `${where}${target}`;
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .sort()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(`${path}/${name}`)) }));
}

/** Writes an input; answers with its path. Unless told otherwise its name is the beginning of its SHA-256. */
export function storeInput(where: string, target: string, bytes: Uint8Array, prefix: string = ""): string {
  const path = `${where}${target}`;
  mkdirSync(path, { recursive: true });
  const file = `${path}/${prefix}${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}`;
  writeFileSync(file, bytes);
  return file;
}

/** Puts others in the place of a target's inputs. */
export function replaceInputs(where: string, target: string, inputs: readonly Uint8Array[]): void {
  rmSync(`${where}${target}`, { recursive: true, force: true });
  for (const bytes of inputs) storeInput(where, target, bytes);
}
