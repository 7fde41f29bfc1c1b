import type { Owned } from "./owned.ts";

/**
 * How many public keys libcrypto has at a time. A verifier has no end that anybody tells, and a garbage collector that
 * counts memory of JavaScript's alone is in no hurry; so the oldest is freed, and imported anew should it be used again.
 * The keys of several chains of certificates fit in.
 */
export const maxPublicKeys = 64;

/** The public keys that were used last. */
export class PublicKeys {
  readonly #places: (PublicKey | undefined)[] = new Array<undefined>(maxPublicKeys).fill(undefined);
  #next = 0;

  /** @param bring imports it; a key that can be imported once can be again */
  key(bring: () => Owned): PublicKey {
    return new PublicKey(bring, (key) => {
      this.#places[this.#next]?.leave();
      this.#places[this.#next] = key;
      this.#next = (this.#next + 1) % maxPublicKeys;
    });
  }
}

export class PublicKey {
  readonly #bring: () => Owned;
  readonly #brought: (key: PublicKey) => void;
  #owned: Owned | undefined;

  constructor(bring: () => Owned, brought: (key: PublicKey) => void) {
    this.#bring = bring;
    this.#brought = brought;
  }

  /** The key, to be used before another one is asked for. */
  get owned(): Owned {
    if (this.#owned === undefined) {
      this.#owned = this.#bring();
      this.#brought(this);
    }
    return this.#owned;
  }

  leave(): void {
    this.#owned?.dispose();
    this.#owned = undefined;
  }
}
