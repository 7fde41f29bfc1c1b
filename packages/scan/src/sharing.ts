import type { Scanning, Shared } from "./scanning.ts";

/** {@link Scanning.shared} of one scan: each is made once, and a failure is the same for all too. */
export class Sharing {
  readonly #made = new Map<unknown, Promise<unknown>>();

  get<T>(make: Shared<T>, scanning: Scanning): Promise<T> {
    const found = this.#made.get(make);
    // What a function has made has its type.
    if (found !== undefined) return found as Promise<T>;
    const made = make(scanning);
    this.#made.set(make, made);
    return made;
  }
}
