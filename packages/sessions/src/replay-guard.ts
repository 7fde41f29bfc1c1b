import type { Awaitable } from "@tlskit/crypto";
import { toHex } from "@tlskit/wire";
import { aFunction, aNumber, bytes, checkArguments, checkOptions, optional } from "@tlskit/wire/arguments";
import { checkSize } from "./expectations.ts";
import { defaultReplayCapacity, defaultReplayWindow } from "./limits.ts";

/** A ClientHello with early data whose binder is right and which is fresh. */
export interface EarlyDataAttempt {
  /**
   * RFC 9846 §8.2#storage-key: the binder that was verified. It is another one for each ClientHello, and nobody can
   * change it.
   */
  readonly binder: Uint8Array;
  readonly ticket: Uint8Array;
  /** Milliseconds since 1970: until then the same ClientHello, sent again, would be fresh as well. */
  readonly freshUntil: number;
}

/**
 * What keeps early data from being taken twice (RFC 9846 §8). It may answer later, and answers for all servers that share
 * ticket keys: two guards that know nothing of each other take the same early data once each. If it throws, early data is
 * declined and the handshake goes on.
 */
export interface ReplayGuard {
  /** Whether it is the first time that this ClientHello comes. Of two that ask at the same instant one is told so. */
  admit(attempt: EarlyDataAttempt): Awaitable<boolean>;
}

/** What a guard in memory is made with. */
export interface MemoryReplayGuardOptions {
  /** Milliseconds since 1970, as `Date.now` gives them. */
  readonly clock: () => number;
  /** ClientHellos that are remembered at most: 2^16 unless told otherwise. More early data is declined. */
  readonly capacity?: number | undefined;
  /**
   * Milliseconds for which a ClientHello can be fresh: 20,000 unless told otherwise, which is twice the tolerance that
   * servers have. For so long after its beginning the guard declines, since it can't know what was taken before. It begins
   * when it is made or, if its clock says 0 then, as in a Worker at the top of a module, when it is asked first.
   */
  readonly window?: number | undefined;
}

/** RFC 9846 §8.2: remembers ClientHellos for as long as they would be fresh, in the memory of one process. */
export class MemoryReplayGuard implements ReplayGuard {
  readonly #clock: () => number;
  readonly #capacity: number;
  readonly #window: number;
  /** Since when everything that was taken is remembered. */
  #since: number;
  /** The latest time that it has seen. */
  #latest: number;
  /** What came in this window, which began at `#turn`, and in the one before it. */
  #current = new Set<string>();
  #previous = new Set<string>();
  #turn: number;

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault) */
  constructor(options: MemoryReplayGuardOptions) {
    checkOptions("MemoryReplayGuard", options, {
      clock: aFunction,
      capacity: optional(aNumber),
      window: optional(aNumber),
    });
    this.#clock = options.clock;
    this.#capacity = checkSize("capacity", options.capacity ?? defaultReplayCapacity);
    this.#window = checkSize("window", options.window ?? defaultReplayWindow);
    this.#since = this.#turn = this.#latest = this.#clock();
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  admit({ binder, freshUntil }: EarlyDataAttempt): boolean {
    checkArguments({ binder, freshUntil }, { binder: bytes, freshUntil: aNumber });
    const now = this.#clock();
    this.#turnTo(now);
    // RFC 9846 §8#at-most-once, §8.2: nothing while a part of the window lies before the beginning, and nothing that is
    // fresh for longer than it is remembered.
    if (now - this.#since < this.#window || freshUntil - now > this.#window) return false;
    const key = toHex(binder);
    if (this.#current.has(key) || this.#previous.has(key)) return false;
    if (this.#current.size + this.#previous.size >= this.#capacity) return false;
    this.#current.add(key);
    return true;
  }

  #turnTo(now: number): void {
    // A clock that has said 0 alone didn't run yet: a Worker's does so at the top of a module.
    if (this.#latest === 0) this.#since = this.#turn = now;
    // A clock that goes back makes fresh again what was forgotten already, until it has come as far again.
    if (now < this.#latest) this.#since = this.#latest;
    else this.#latest = now;
    const windows = Math.floor((now - this.#turn) / this.#window);
    if (windows >= 0 && windows < 1) return;
    this.#previous = windows === 1 ? this.#current : new Set();
    this.#current = new Set();
    this.#turn = now;
  }
}
