/** What a check reports, and how it runs other programs. */
import { spawn } from "node:child_process";
import { root } from "./workspace.ts";

export interface Result {
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  /** Why it failed or was skipped. */
  readonly detail?: string;
}

export interface Ran {
  readonly status: number;
  readonly output: string;
}

/** Runs a program and gathers what it prints, on either stream; never throws. */
export function capture(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return start(command, args, options, "pipe");
}

/** Runs a program that prints for itself. */
export function show(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return start(command, args, options, "inherit");
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

function start(
  command: string,
  args: readonly string[],
  { cwd = root, env = {}, timeoutSeconds = 1200 }: RunOptions,
  stdout: "pipe" | "inherit",
): Promise<Ran> {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", stdout, stdout],
      timeout: timeoutSeconds * 1000,
    });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (error) => resolve({ status: 1, output: `${output}${error.message}` }));
    child.on("close", (code, signal) => {
      if (signal !== null) output += `\n${command} ended by ${signal} (limit: ${timeoutSeconds} s)`;
      resolve({ status: code ?? 1, output });
    });
  });
}

/** A result from how a program ended. */
export function judge(name: string, { status, output }: Ran): Result {
  return status === 0
    ? { name, state: "passed" }
    : { name, state: "failed", detail: output.trim() || `exit ${status}` };
}
