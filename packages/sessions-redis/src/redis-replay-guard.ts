import type { EarlyDataAttempt, ReplayGuard } from "@tlskit/sessions";
import { encodeBase64Url } from "@tlskit/wire";
import { aFunction, aNumber, bytes, checkArguments, checkOptions, optional } from "@tlskit/wire/arguments";
import { Admission } from "./admission.ts";
import { ofRedis, Redis, type RedisOptions } from "./redis.ts";

/** A guard that has something to ask before the first client comes. */
export interface RedisGuard extends ReplayGuard {
  /**
   * Asks Redis whether it can be a guard, and marks the beginning, from which on nothing is admitted for a while. Without
   * this the first ClientHello with early data does it. If Redis isn't there, that is told as any failure.
   * @throws {TlsError} `redis_evicts` (the caller's fault): Redis may evict what was remembered
   */
  start(): Promise<void>;
}

/** What a fleet's guard is made with. */
export interface RedisReplayGuardOptions extends RedisOptions {
  /** Milliseconds since 1970, as `Date.now` gives them: within five seconds of what Redis' clock tells. */
  readonly clock: () => number;
  /**
   * Milliseconds for which a ClientHello can be fresh: 20,000 unless told otherwise, which is twice the tolerance that
   * servers have. For so long and ten seconds more the guard declines when Redis may have lost something.
   */
  readonly window?: number | undefined;
}

/**
 * RFC 9846 §8.2: remembers ClientHellos for as long as they would be fresh, in a Redis that the servers of a fleet share.
 * When Redis is slow, gone, full, has begun anew, was emptied, evicts, or is another one, it declines.
 */
export class RedisReplayGuard implements RedisGuard {
  readonly #redis: Redis;
  readonly #admission: Admission;

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault) */
  constructor(options: RedisReplayGuardOptions) {
    checkOptions("RedisReplayGuard", options, { ...ofRedis, clock: aFunction, window: optional(aNumber) });
    this.#redis = new Redis(options);
    this.#admission = new Admission(this.#redis, options);
  }

  start(): Promise<void> {
    return this.#admission.start();
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  admit({ binder, freshUntil }: Pick<EarlyDataAttempt, "binder" | "freshUntil">): Promise<boolean> {
    checkArguments({ binder, freshUntil }, { binder: bytes, freshUntil: aNumber });
    return this.#admission.admit("remember", this.#redis.name("seen", encodeBase64Url(binder)), freshUntil);
  }
}
