import type { Waitable } from "@tlskit/crypto";

/** Something to wait for that may be given again and again: a bell. Rung while nobody waits, it is remembered. */
export class Signal implements Waitable<undefined> {
  #rung = false;
  #waiter: ((value: undefined) => void) | undefined;

  ring(): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter === undefined) this.#rung = true;
    else waiter(undefined);
  }

  // biome-ignore lint/suspicious/noThenProperty: being waited for is what it is for
  then(done: (value: undefined) => void): void {
    if (this.#rung) {
      this.#rung = false;
      done(undefined);
    } else {
      this.#waiter = done;
    }
  }
}
