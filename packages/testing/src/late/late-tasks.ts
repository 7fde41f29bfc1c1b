import type { Random } from "@tlskit/crypto";
import { randomBelow } from "../random.ts";

/** In which order late answers come: as they were asked for, the last first, or as a seeded source has it. */
export type LateOrder = "first in, first out" | "last in, first out" | Random;

/**
 * Answers that are still to come: a queue without timers, drained by whoever runs the world. It can be shared by any
 * number of providers and endpoints.
 */
export class LateTasks {
  readonly #order: LateOrder;
  readonly #tasks: (() => void)[] = [];

  constructor(order: LateOrder = "first in, first out") {
    this.#order = order;
  }

  /** How many are waiting. */
  get pending(): number {
    return this.#tasks.length;
  }

  /** Does something later. */
  later(task: () => void): void {
    this.#tasks.push(task);
  }

  /** Does one of the waiting tasks; answers whether there was one. */
  step(): boolean {
    const [task] = this.#tasks.splice(this.#next(), 1);
    task?.();
    return task !== undefined;
  }

  #next(): number {
    if (this.#tasks.length === 0 || this.#order === "first in, first out") return 0;
    return this.#order === "last in, first out" ? this.#tasks.length - 1 : randomBelow(this.#order, this.#tasks.length);
  }
}
