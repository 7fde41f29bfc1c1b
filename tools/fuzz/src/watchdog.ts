import { Worker } from "node:worker_threads";
import { folders } from "./files.ts";
import type { WatchdogData } from "./watchdog-thread.ts";

/** Seconds that one input may take. Steps are counted; this is for what can't be, such as a regular expression. */
const usualSeconds = 20;

/**
 * Ends the process when an input doesn't: a thread of its own sees that the number of inputs stands still, writes the
 * input down and kills the process.
 */
export class Watchdog {
  readonly #worker: Worker;
  readonly #state: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(
    target: string,
    maxLength: number,
    secondsPerInput: number = usualSeconds,
    folder: string = folders.findings,
  ) {
    const headerBytes = 8;
    const shared = new SharedArrayBuffer(headerBytes + maxLength);
    this.#state = new Int32Array(shared, 0, 2);
    this.#bytes = new Uint8Array(shared, headerBytes);
    const workerData: WatchdogData = { shared, headerBytes, target, secondsPerInput, folder };
    // Without the process's own options, of which some are not for threads.
    this.#worker = new Worker(new URL("./watchdog-thread.ts", import.meta.url), { workerData, execArgv: [] });
    this.#worker.unref();
  }

  /** To be called with each input before it is tried. */
  next(input: Uint8Array): void {
    this.#bytes.set(input.subarray(0, this.#bytes.length));
    this.#state[1] = Math.min(input.length, this.#bytes.length);
    Atomics.add(this.#state, 0, 1);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
