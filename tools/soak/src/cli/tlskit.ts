import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("./src/main.ts", import.meta.resolve("tlskit/package.json")));

/** How many characters of what a process says are kept: its last words. */
const keptOutput = 64 * 1024;

/** The command line tool as a process, from its sources. */
export class Tlskit {
  readonly child: ChildProcessWithoutNullStreams;
  /** The end of what it has said. */
  stdout = "";
  stderr = "";
  /** Its exit code, when it has ended; nothing if a signal ended it. */
  readonly ended: Promise<number | null>;
  #said: () => void = () => undefined;

  constructor(args: readonly string[], nodeOptions: readonly string[] = []) {
    this.child = spawn(process.execPath, [...nodeOptions, main, ...args], { env: { ...process.env, NO_COLOR: "1" } });
    this.child.stdin.on("error", () => undefined); // it may end before it has read everything
    for (const stream of ["stdout", "stderr"] as const) {
      this.child[stream].on("data", (data) => {
        this[stream] = (this[stream] + data).slice(-keptOutput);
        this.#said();
      });
    }
    this.ended = once(this.child, "close").then(([code]) => {
      this.#said();
      return code as number | null;
    });
  }

  /** Waits until what it has said matches. */
  async says(stream: "stdout" | "stderr", pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this[stream]);
      if (match !== null) return match[1] ?? match[0];
      if (this.child.exitCode !== null) throw new Error(`tlskit ended with ${this.child.exitCode}: ${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.#said = resolve;
      });
    }
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }
}
