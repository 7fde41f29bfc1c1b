import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where inputs are, for each target by its name. */
export interface Folders {
  /** Files of inputs that reach what the seeds don't: kept small. */
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

/** A target's corpus: a file with an input in base64 on each line, numbered as in the file. */
export function corpusOf(target: string): readonly StoredInput[] {
  const path = corpusFile(target);
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line, index) => ({
    name: `line ${index + 1}`,
    bytes: new Uint8Array(Buffer.from(line, "base64")),
  }));
}

/** Puts another corpus in the place of a target's: short inputs first, so that little changes from one to the next. */
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  const lines = inputs.map((bytes) => Buffer.from(bytes).toString("base64"));
  const sorted = [...new Set(lines)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  mkdirSync(folders.corpus, { recursive: true });
  writeFileSync(corpusFile(target), sorted.map((line) => `${line}\n`).join(""));
}

function corpusFile(target: string): string {
  return `${folders.corpus}${target}.txt`;
}
