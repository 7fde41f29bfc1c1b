import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Door, Ports, Setup, Taken } from "./setup.ts";

/** Processes that serve alike and share a Redis. */
export class ServerProcesses {
  readonly ports: readonly Ports[];
  readonly #processes: readonly ChildProcess[];

  private constructor(processes: readonly ChildProcess[], ports: readonly Ports[]) {
    this.#processes = processes;
    this.ports = ports;
  }

  static async start(count: number, setup: Setup): Promise<ServerProcesses> {
    const program = fileURLToPath(new URL("server-process.ts", import.meta.url));
    const processes = Array.from({ length: count }, () => fork(program));
    const ports = await Promise.all(processes.map((process) => answer<Ports>(process, setup)));
    return new ServerProcesses(processes, ports);
  }

  /** How often all of them together have taken each text at such doors. */
  async taken(door: Door): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    const all = await Promise.all(this.#processes.map((process) => answer<Taken>(process, "taken")));
    for (const text of all.flatMap((taken) => taken[door])) counts.set(text, (counts.get(text) ?? 0) + 1);
    return counts;
  }

  async end(): Promise<void> {
    for (const process of this.#processes) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      const over = once(process, "exit");
      process.kill();
      await over;
    }
  }
}

async function answer<T>(process: ChildProcess, question: Setup | "taken"): Promise<T> {
  const answered = new Promise<T>((resolve, reject) => {
    const ended = (): void => reject(new Error("a server's process has ended"));
    process.once("exit", ended);
    // What a process answers is what `server-process.ts` sends.
    process.once("message", (message) => {
      process.off("exit", ended);
      resolve(message as T);
    });
  });
  process.send(question);
  return answered;
}
