import type { Awaitable, Random } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import {
  aFunction,
  aNumber,
  bytes,
  checkArguments,
  checkOptions,
  listOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { checkSize } from "./expectations.ts";
import { defaultKeyPeriod, defaultSessionLifetime, maxSessionLifetime } from "./limits.ts";

/** A key that tickets are sealed with. Whoever has it can read what was sent under its tickets without a key exchange. */
export interface TicketKey {
  /** 16 bytes that stand in each ticket, in the clear. */
  readonly name: Uint8Array;
  /** 32 random bytes or more. */
  readonly secret: Uint8Array;
}

/** Bytes of a ticket key's name. */
export const ticketKeyNameLength = 16;

/** Where a server's ticket keys come from. */
export interface TicketKeys {
  /** The keys that are live, the one that seals first. The others open what was sealed before. */
  current(): Awaitable<readonly TicketKey[]>;
}

/** What keys that change by themselves are made with. */
export interface RotatingTicketKeysOptions {
  readonly random: Random;
  /** Milliseconds since 1970, as `Date.now` gives them. */
  readonly clock: () => number;
  /** Seconds for which a key seals: 12 hours unless told otherwise. */
  readonly period?: number | undefined;
  /**
   * Seconds for which tickets are good after they were made: 24 hours unless told otherwise, seven days at most. A key is
   * erased when all of its tickets are over.
   */
  readonly lifetime?: number | undefined;
}

interface Dated extends TicketKey {
  readonly madeAt: number;
}

/**
 * Keys that one process makes for itself and changes by itself (RFC 9325 §3.4#keys-change). There is no timer: they are looked at when they are used,
 * and one that is over is overwritten then.
 */
export class RotatingTicketKeys implements TicketKeys {
  readonly #random: Random;
  readonly #clock: () => number;
  readonly #period: number;
  readonly #life: number;
  #keys: readonly Dated[] = [];

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault) */
  constructor(options: RotatingTicketKeysOptions) {
    checkOptions("RotatingTicketKeys", options, {
      random: aFunction,
      clock: aFunction,
      period: optional(aNumber),
      lifetime: optional(aNumber),
    });
    const { period = defaultKeyPeriod, lifetime = defaultSessionLifetime } = options;
    this.#random = options.random;
    this.#clock = options.clock;
    this.#period = 1000 * checkSize("period", period);
    this.#life = this.#period + 1000 * checkSize("lifetime", lifetime);
    if (lifetime > maxSessionLifetime) {
      throw callerError("out_of_range", `lifetime is ${lifetime} seconds, and at most ${maxSessionLifetime}`);
    }
  }

  current(): readonly TicketKey[] {
    const now = this.#clock();
    const over = ({ madeAt }: Dated): boolean => now >= madeAt + this.#life;
    for (const key of this.#keys.filter(over)) key.secret.fill(0);
    const live = this.#keys.filter((key) => !over(key));
    const [newest] = live;
    const seals = newest !== undefined && now < newest.madeAt + this.#period;
    this.#keys = seals ? live : [this.#made(now), ...live];
    return this.#keys;
  }

  /** Overwrites all keys: no ticket of theirs is opened any more. */
  erase(): void {
    for (const { secret } of this.#keys) secret.fill(0);
    this.#keys = [];
  }

  #made(now: number): Dated {
    return { name: this.#random(ticketKeyNameLength), secret: this.#random(32), madeAt: now };
  }
}

const aTicketKey = objectWith("a ticket key", { name: bytes, secret: bytes });

/**
 * Keys that are given: to all servers of a fleet the same, or to a process after its restart. Whoever gives them answers
 * for changing them.
 */
export class GivenTicketKeys implements TicketKeys {
  #keys: readonly TicketKey[] = [];

  /** @throws {TlsError} as {@link GivenTicketKeys.replace} */
  constructor(keys: readonly TicketKey[]) {
    this.replace(keys);
  }

  current(): readonly TicketKey[] {
    return this.#keys;
  }

  /**
   * From now on these, of which the first seals; others open no more. They are copied, and those that were there are
   * overwritten.
   * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
   */
  replace(keys: readonly TicketKey[]): void {
    checkArguments({ keys }, { keys: listOf(aTicketKey) });
    if (keys.length === 0) throw callerError("out_of_range", "there has to be a ticket key");
    for (const { name, secret } of keys) {
      if (name.length !== ticketKeyNameLength) {
        throw callerError("out_of_range", `a ticket key's name has ${ticketKeyNameLength} bytes, not ${name.length}`);
      }
      if (secret.length < 32) {
        throw callerError("out_of_range", `a ticket key's secret has 32 bytes at least, not ${secret.length}`);
      }
    }
    const copies = keys.map(({ name, secret }) => ({ name: new Uint8Array(name), secret: new Uint8Array(secret) }));
    for (const { secret } of this.#keys) secret.fill(0);
    this.#keys = copies;
  }
}
