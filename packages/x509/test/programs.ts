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

const proofs = { openssl: "version", certtool: "--version", keytool: "-help", java: "-version" } as const;

/** A program that somebody else wrote. */
export type Program = keyof typeof proofs;

/** Skips the test, with a sentence, where a program isn't there. */
export function needs(context: TestContext, command: Program): void {
  if (!runs(command, proofs[command])) absent(context, `the command ${command} is not on this machine`);
}

/** What a command prints; what it says otherwise is of interest only if it fails. */
export function output(command: Program, ...inputs: readonly string[]): string {
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
