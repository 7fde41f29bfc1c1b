import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Reply } from "./contender-process.ts";

/** Which comparison a process is for, and how it is run. */
export interface ChildOptions {
  readonly row: string;
  /** The comparison's place in its row. */
  readonly index: number;
  readonly effort: "quick" | "thorough";
  /** Where a CPU profile is left, as Chrome's developer tools read it. */
  readonly profiles?: string | undefined;
}

/** A process that measures. */
export class ContenderChild {
  readonly #child: ChildProcess;
  readonly #name: string;

  constructor({ row, index, effort, profiles }: ChildOptions, name: string) {
    this.#name = `${row}, ${name}`;
    const profiling =
      profiles === undefined
        ? []
        : [
            "--cpu-prof",
            `--cpu-prof-dir=${profiles}`,
            `--cpu-prof-name=${row}-${index}-${name}.cpuprofile`.replaceAll(/[^\w.=-]/g, "_"),
          ];
    this.#child = fork(fileURLToPath(new URL("contender-process.ts", import.meta.url)), [row, String(index), effort], {
      // Memory is measured when nothing is left to be collected.
      execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning", ...profiling],
      stdio: ["ignore", 2, 2, "ipc"],
    });
  }

  async measure(contender: string): Promise<Reply> {
    const child = this.#child;
    child.send(contender);
    const over = new AbortController();
    const { signal } = over;
    try {
      const [reply] = await Promise.race([
        once(child, "message", { signal }),
        once(child, "exit", { signal }).then(() => {
          throw new Error(`${this.#name}: the process that measures ended`);
        }),
      ]);
      return reply;
    } finally {
      over.abort();
    }
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.disconnect();
    await once(child, "exit");
  }
}
