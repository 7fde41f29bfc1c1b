import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ImplementationName } from "../implementations.ts";
import type { Commands, Order, Reply } from "./subject.ts";

/** A process under test, which takes one order after the other. */
export class Subject {
  readonly #child: ChildProcess;
  /** What it has said, which ought to be nothing. */
  said = "";
  readonly #ended: Promise<never>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, "exit").then(([code, signal]) => {
      throw new Error(`the process under test ended with ${code ?? signal}: ${this.said}`);
    });
    this.#ended.catch(() => undefined); // whoever waits for an answer is told
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (data) => {
        this.said += data;
      });
    }
  }

  static start(implementation: ImplementationName): Subject {
    const program = fileURLToPath(new URL("./subject.ts", import.meta.url));
    return new Subject(fork(program, [implementation], { execArgv: ["--expose-gc"], silent: true }));
  }

  async order<Name extends keyof Commands>(
    name: Name,
    ...given: Parameters<Commands[Name]>
  ): Promise<Awaited<ReturnType<Commands[Name]>>> {
    this.#child.send({ name, given } satisfies Order);
    const reply = await Promise.race([
      once(this.#child, "message").then(([message]) => message as Reply), // what it sends
      this.#ended,
    ]);
    if ("failed" in reply) throw new Error(`${name}: ${reply.failed}`);
    return reply.value as Awaited<ReturnType<Commands[Name]>>; // the one that `Commands` names
  }

  stop(): void {
    this.#child.disconnect();
  }
}
