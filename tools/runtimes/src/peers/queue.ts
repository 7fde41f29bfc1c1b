/** What comes one after the other, and is waited for in that order. */
export class Queue<T> {
  readonly #values: T[] = [];
  readonly #waiting: ((value: T) => void)[] = [];

  put(value: T): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#values.push(value);
    else next(value);
  }

  async take(): Promise<T> {
    if (this.#values.length > 0) return this.#values.shift() as T; // there is one
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }
}
