/**
 * A promise that is settled from outside, once. Whoever doesn't look at it isn't told of an unhandled rejection: the failure
 * is told elsewhere as well.
 */
export class SettledLater<T> {
  readonly promise: Promise<T>;
  // Methods, so that a promise of more is one of less.
  #settle: { resolve(value: T): void; reject(error: Error): void } | undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.promise.catch(() => {});
  }

  resolve(value: T): void {
    this.#settle?.resolve(value);
  }

  reject(error: Error): void {
    this.#settle?.reject(error);
  }
}
