import { accessSync, constants, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "../usage.ts";

/**
 * Writes a page to a file. Whether there can be one is known before the scan, and not when it is done.
 * @throws {UsageError}
 */
export function pageTo(file: string): (html: string) => void {
  const orUsageError = <T>(write: () => T): T => {
    try {
      return write();
    } catch (error) {
      throw new UsageError(`${file} can't be written: ${error instanceof Error ? error.message : error}`);
    }
  };
  orUsageError(() => {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) throw new UsageError("it is a folder");
    accessSync(there === undefined ? dirname(file) : file, constants.W_OK);
  });
  return (html) => orUsageError(() => writeFileSync(file, html));
}
