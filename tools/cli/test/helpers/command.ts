import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** How a command ended, and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a command runs, and with which variables besides ours. */
export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A running `tlskit`, killed when the test is over. */
export class Command {
  readonly child: ChildProcessWithoutNullStreams;
  stdout = "";
  stderr = "";
  #changed: () => void = () => undefined;
  readonly #closed: Promise<number | null>;

  constructor(args: readonly string[], { cwd, env }: Surroundings = {}) {
    this.child = spawn(process.execPath, [main, ...args], { cwd, env: { ...process.env, NO_COLOR: "1", ...env } });
    this.child.stdin.on("error", () => undefined); // it may end before it has read everything
    this.child.stdout.on("data", (data) => {
      this.stdout += data;
      this.#changed();
    });
    this.child.stderr.on("data", (data) => {
      this.stderr += data;
      this.#changed();
    });
    this.#closed = once(this.child, "close").then(([code]) => {
      this.#changed();
      return code as number | null;
    });
    onTestFinished(() => void this.child.kill("SIGKILL"));
  }

  /** Waits until what it has said matches. */
  async says(stream: "stdout" | "stderr", pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this[stream]);
      if (match !== null) return match;
      if (this.child.exitCode !== null) throw new Error(`it ended with ${this.child.exitCode}:\n${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  async ended(): Promise<Outcome> {
    return { code: await this.#closed, stdout: this.stdout, stderr: this.stderr };
  }
}

/** Runs `tlskit` to its end, with this for its input. */
export async function tlskit(args: readonly string[], input = "", surroundings: Surroundings = {}): Promise<Outcome> {
  const command = new Command(args, surroundings);
  command.child.stdin.end(input);
  return await command.ended();
}

/** A `tlskit serve` that is ready, with the throw-away authority that it made unless it was given a certificate. */
export async function served(...args: readonly string[]): Promise<{
  readonly command: Command;
  readonly port: number;
  readonly ca: string;
}> {
  const command = new Command(["serve", "--port", "0", ...args]);
  const [, port] = await command.says("stdout", /^listening on (\d+)$/m);
  return { command, port: Number(port), ca: /^CA certificate: (.*)$/m.exec(command.stdout)?.[1] ?? "" };
}

/** A file with this in it, deleted when the test is over. */
export function file(name: string, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "tlskit-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
