import { chmodSync, closeSync, existsSync, openSync, writeFileSync } from "node:fs";
import { UsageError } from "../usage.ts";

/** What is written, and whether somebody else may read it. */
export interface Output {
  readonly content: string | Uint8Array;
  /** A private key, for nobody but its owner: mode 0600. */
  readonly isSecret: boolean;
}

/**
 * Writes a file that isn't there yet. With `force` one that is there is written over; its mode becomes that of a new one.
 * @throws {UsageError} also for a file that is there
 */
export function writeFile(
  path: string,
  { content, isSecret }: Output,
  { force = false }: { readonly force?: boolean } = {},
): void {
  try {
    const mode = isSecret ? 0o600 : 0o644;
    const file = openSync(path, force ? "w" : "wx", mode);
    try {
      // of a file that was there the mode is whoever's: set before there is anything to read
      if (force && isSecret) chmodSync(path, mode);
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const exists = error instanceof Error && "code" in error && error.code === "EEXIST";
    if (exists) throw isThere(path);
    throw new UsageError(`${path} can't be written: ${error instanceof Error ? error.message : error}`);
  }
}

/** Several files that belong together: all of them, or none if one is there already. */
export function writeFiles(files: readonly (readonly [path: string, output: Output])[], force: boolean): void {
  const present = force ? undefined : files.find(([path]) => existsSync(path));
  if (present !== undefined) throw isThere(present[0]);
  for (const [path, output] of files) writeFile(path, output, { force });
}

/** To a file, or to stdout. */
export function writeOut(path: string | undefined, output: Output, options: { readonly force?: boolean } = {}): void {
  if (path !== undefined) {
    writeFile(path, output, options);
    return;
  }
  if (typeof output.content !== "string" && process.stdout.isTTY) {
    throw new UsageError("binary data is not for a terminal: --out FILE writes it to a file");
  }
  process.stdout.write(output.content);
}

function isThere(path: string): UsageError {
  return new UsageError(`${path} is there already; --force writes over it`);
}
