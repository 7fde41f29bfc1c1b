import type { OnReadOpts } from "node:net";

/**
 * Where what is received goes by the option `onread`, as of `node:net`: into a buffer of the program's, and no `data` events. A
 * piece of what was received waits while the program reads nothing.
 */
export class ReadInto {
  readonly #onread: OnReadOpts;
  /** Received, and not told yet; `null` is the end. */
  readonly #held: (Uint8Array | null)[] = [];
  #buffer: Uint8Array;

  constructor(onread: OnReadOpts) {
    this.#onread = onread;
    this.#buffer = this.#next();
  }

  /** Whether something waits that the program hasn't been told of. */
  get waits(): boolean {
    return this.#held.length > 0;
  }

  hold(chunk: Uint8Array | null): void {
    this.#held.push(chunk);
  }

  /**
   * Tells what waits, for as long as the program reads.
   * @param reads whether it does, asked each time; `stops` makes it so that it doesn't.
   * @returns whether the end has been reached
   */
  tell({ reads, stops }: { reads(): boolean; stops(): void }): boolean {
    while (reads() && this.waits) {
      const [chunk] = this.#held;
      if (chunk === null || chunk === undefined) {
        this.#held.length = 0;
        return true;
      }
      const buffer = this.#buffer;
      const length = Math.min(chunk.length, buffer.length);
      buffer.set(chunk.subarray(0, length));
      if (length === chunk.length) this.#held.shift();
      else this.#held[0] = chunk.subarray(length);
      if (this.#onread.callback(length, buffer) === false) stops();
      this.#buffer = this.#next();
    }
    return false;
  }

  #next(): Uint8Array {
    const { buffer } = this.#onread;
    return typeof buffer === "function" ? buffer() : buffer;
  }
}
