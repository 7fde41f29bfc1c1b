/**
 * What vitest does before tests that start programs, and afterwards: they start Node some thousand times, mostly with the
 * same modules, so that what it makes of them is kept for as long as the run lasts. Node 20 doesn't know the variable.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

export function setup(): void {
  folder = mkdtempSync(join(tmpdir(), "tlskit-compiled-"));
  process.env["NODE_COMPILE_CACHE"] = folder;
}

export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
