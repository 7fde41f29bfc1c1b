import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { absent } from "@tlskit/vectors";
import { afterAll, type TestContext } from "vitest";

function runs(command: string, argument: string): boolean {
  try {
    execFileSync(command, [argument], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export const haveOpenssl: boolean = runs("openssl", "version");
export const haveCerttool: boolean = runs("certtool", "--version");

/** Skips the test, with a sentence, where a program isn't there. */
export function needs(context: TestContext, command: "openssl" | "certtool"): void {
  const isThere = command === "openssl" ? haveOpenssl : haveCerttool;
  if (!isThere) absent(context, `the command ${command} is not on this machine`);
}

/** What a command prints; what it says otherwise is of interest only if it fails. */
export function output(command: "openssl" | "certtool", ...inputs: readonly string[]): string {
  return execFileSync(command, inputs, { stdio: "pipe" }).toString();
}

/** A folder for the files of one test file, gone with it. */
export function temporaryFolder(): (name: string, content?: string | Uint8Array) => string {
  const folder = mkdtempSync(join(tmpdir(), "tlskit-x509-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  return (name, content) => {
    const path = join(folder, name);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };
}
