import type { Waitable } from "@tlskit/crypto";

/** Something to wait for, again and again. Rung while nobody waits, it is remembered. */
export class Bell implements Waitable<undefined> {
  #rung = false;
  #waiter: ((value: undefined) => void) | undefined;

  ring(): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    this.#rung = waiter === undefined;
    waiter?.(undefined);
  }

  // biome-ignore lint/suspicious/noThenProperty: being waited for is what it is for
  then(done: (value: undefined) => void): void {
    if (!this.#rung) {
      this.#waiter = done;
      return;
    }
    this.#rung = false;
    done(undefined);
  }
}
