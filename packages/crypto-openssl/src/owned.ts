import { cryptoError } from "@tlskit/crypto";
import type { Address, AtEnd } from "./foreign.ts";
import type { FreeingFunction, Libcrypto } from "./libcrypto.ts";

/**
 * An object of libcrypto's that is ours to free: when we are done with it, when nobody has this any more, or when the
 * thread's JavaScript ends, whichever comes first.
 */
export class Owned {
  #address: Address;
  readonly #owner: Owner;

  /** @internal */
  constructor(address: Address, owner: Owner) {
    this.#address = address;
    this.#owner = owner;
  }

  /** @throws {CryptoError} `invalid_argument` once it has been freed */
  get address(): Address {
    if (this.#address === 0n) throw cryptoError("invalid_argument", "a key is used that was disposed of");
    return this.#address;
  }

  dispose(): void {
    if (this.#address === 0n) return;
    const address = this.#address;
    this.#address = 0n;
    this.#owner.free(this, address);
  }
}

/** Owns objects that are freed by one function. */
export class Owner {
  readonly #free: (address: Address) => void;
  readonly #atEnd: AtEnd | undefined;
  readonly #forgotten: FinalizationRegistry<Address>;

  constructor(libcrypto: Libcrypto, freeing: FreeingFunction) {
    this.#free = libcrypto.call[freeing];
    this.#atEnd = libcrypto.atEnd?.(freeing);
    this.#forgotten = new FinalizationRegistry((address) => this.#release(address));
  }

  own(address: Address): Owned {
    const owned = new Owned(address, this);
    this.#atEnd?.call(address);
    this.#forgotten.register(owned, address, owned);
    return owned;
  }

  free(owned: Owned, address: Address): void {
    this.#forgotten.unregister(owned);
    this.#release(address);
  }

  #release(address: Address): void {
    this.#atEnd?.callNoMore(address);
    this.#free(address);
  }
}
