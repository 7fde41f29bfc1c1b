import { appendFileSync, readFileSync } from "node:fs";
import { UsageError } from "./usage.ts";

/** A file named on the command line. */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Appends lines to a key log, made readable by nobody else. */
export function keyLogTo(file: string | undefined): ((line: string) => void) | undefined {
  if (file === undefined) return undefined;
  const append = (text: string): void => {
    try {
      appendFileSync(file, text, { mode: 0o600 });
    } catch (error) {
      throw new UsageError(`${file} can't be written: ${error instanceof Error ? error.message : error}`);
    }
  };
  append("");
  return (line) => append(`${line}\n`);
}
