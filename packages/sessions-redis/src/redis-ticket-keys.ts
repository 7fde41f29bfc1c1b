import type { Random } from "@tlskit/crypto";
import {
  defaultKeyPeriod,
  defaultSessionLifetime,
  maxSessionLifetime,
  type TicketKey,
  type TicketKeys,
} from "@tlskit/sessions";
import { asciiBytes, callerError, concat, equalBytes } from "@tlskit/wire";
import { aNumber, checkOptions, optional } from "@tlskit/wire/arguments";
import { checkSize } from "./expectations.ts";
import { maxLiveTicketKeys, ticketKeysLookedAtEvery, ticketKeysPauseAfterFailure } from "./limits.ts";
import { Redis, redisError } from "./redis.ts";
import { ofSealedInRedis, type SealedInRedisOptions, StoreKey } from "./store-key.ts";

/** What a fleet's ticket keys are made with. */
export interface RedisTicketKeysOptions extends SealedInRedisOptions {
  /** Seconds for which a key seals: 12 hours unless told otherwise, and in a fleet the same. */
  readonly period?: number | undefined;
  /**
   * Seconds for which tickets are good after they were made: 24 hours unless told otherwise, seven days at most. A key is
   * erased, here and in Redis, when all of its tickets are over.
   */
  readonly lifetime?: number | undefined;
}

/** The key of a period: time, counted in periods since 1970, so that all servers mean the same one. */
interface Dated extends TicketKey {
  readonly period: number;
}

const nameLength = 16;
const secretLength = 32;
const kind = "ticket-key";

/**
 * Ticket keys that the servers of a fleet share and change by themselves. Whoever comes first in a period makes its key
 * and that of the next one: each is known to all before it seals, and whether or not Redis is there then.
 *
 * There is no timer: keys are looked at when they are used, and asked for beside the handshakes, which wait for none but
 * the first answer. While Redis is gone, those that are known go on until they are over.
 */
export class RedisTicketKeys implements TicketKeys {
  readonly #redis: Redis;
  readonly #storeKey: StoreKey;
  readonly #random: Random;
  readonly #clock: () => number;
  readonly #period: number;
  readonly #lifetime: number;
  /** Of the keys of one period, which there are several of if Redis was emptied, the one that is in Redis comes first. */
  #known: readonly Dated[] = [];
  #looking: Promise<void> | undefined;
  /** Until then nothing is asked, unless the clock goes back. */
  #rest = { from: 0, until: 0 };

  /**
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault)
   * @throws {CryptoError} `unsupported` if the provider has no SHA-256 or no AES-256-GCM
   */
  constructor(options: RedisTicketKeysOptions) {
    checkOptions("RedisTicketKeys", options, {
      ...ofSealedInRedis,
      period: optional(aNumber),
      lifetime: optional(aNumber),
    });
    const { period = defaultKeyPeriod, lifetime = defaultSessionLifetime } = options;
    this.#period = 1000 * checkSize("period", period);
    this.#lifetime = 1000 * checkSize("lifetime", lifetime, maxSessionLifetime);
    // The one that seals, the next one, and as many as have sealed within a lifetime.
    const live = 2 + Math.ceil(lifetime / period);
    if (live > maxLiveTicketKeys) {
      throw callerError(
        "out_of_range",
        `${live} keys would be live at a time, and at most ${maxLiveTicketKeys} may be`,
      );
    }
    this.#redis = new Redis(options);
    this.#storeKey = new StoreKey(options);
    this.#random = options.random;
    this.#clock = options.clock;
  }

  current(): readonly TicketKey[] | Promise<readonly TicketKey[]> {
    const now = this.#clock();
    this.#forget(now);
    if (now >= this.#rest.until || now < this.#rest.from) this.#looking ??= this.#look(now);
    if (this.#known.length > 0 || this.#looking === undefined) return this.#inOrder(now);
    return this.#looking.then(() => this.#inOrder(now));
  }

  /** The newest one of a period that has begun first. */
  #inOrder(now: number): readonly TicketKey[] {
    const current = Math.floor(now / this.#period);
    const rank = ({ period }: Dated): number => (period > current ? -period : period);
    return [...this.#known].sort((a, b) => rank(b) - rank(a));
  }

  #forget(now: number): void {
    const over = ({ period }: Dated): boolean => now >= this.#endOf(period);
    for (const { secret } of this.#known.filter(over)) secret.fill(0);
    this.#known = this.#known.filter((key) => !over(key));
  }

  async #look(now: number): Promise<void> {
    let rest = ticketKeysPauseAfterFailure;
    try {
      rest = await this.#redis.attempt(async () => {
        await this.#learn(now);
        return ticketKeysLookedAtEvery;
      }, rest);
    } finally {
      this.#rest = { from: now, until: now + rest };
      this.#looking = undefined;
    }
  }

  async #learn(now: number): Promise<void> {
    const current = Math.floor(now / this.#period);
    const first = Math.floor((now - this.#lifetime) / this.#period);
    const periods = Array.from({ length: current + 2 - first }, (_, index) => first + index);
    let stored = await this.#read(periods);
    const missing = periods.filter((period) => !stored.some((key) => key.period === period));
    // What is known here is brought back to a Redis that was emptied.
    const brought = missing.flatMap((period) => this.#known.find((key) => key.period === period) ?? []);
    const made = missing
      .filter((period) => period >= current && !brought.some((key) => key.period === period))
      .map((period) => this.#made(period));
    if (brought.length + made.length > 0) {
      await Promise.all([...brought, ...made].map((key) => this.#offer(key)));
      stored = await this.#read(periods);
      for (const { secret } of made) secret.fill(0);
    }
    const same = (a: Dated, b: Dated): boolean => a.period === b.period && equalBytes(a.name, b.name);
    const known = [
      ...stored.map((key) => this.#known.find((one) => same(one, key)) ?? key),
      ...this.#known.filter((one) => !stored.some((key) => same(one, key))),
    ];
    // A Redis that is emptied again and again makes for many.
    for (const { secret } of known.splice(maxLiveTicketKeys)) secret.fill(0);
    this.#known = known;
    const unread = [current, current + 1].filter((period) => !stored.some((key) => key.period === period));
    if (unread.length > 0) throw redisError("redis_answer", "a ticket key in Redis can't be read");
  }

  async #read(periods: readonly number[]): Promise<readonly Dated[]> {
    const answer = await this.#redis.send("MGET", ...periods.map((period) => this.#storedUnder(period)));
    if (!Array.isArray(answer))
      throw redisError("redis_answer", "Redis answers MGET with something else than an array");
    const keys = periods.map(async (period, index): Promise<Dated | undefined> => {
      const sealed: unknown = answer[index];
      if (typeof sealed !== "string") return undefined;
      const key = await this.#storeKey.open(kind, this.#subject(period), sealed);
      if (key?.length !== nameLength + secretLength) return undefined;
      const [name, secret] = [key.slice(0, nameLength), key.slice(nameLength)];
      key.fill(0);
      return { period, name, secret };
    });
    return (await Promise.all(keys)).filter((key) => key !== undefined);
  }

  /** Of two servers that offer one at the same instant, one is heard. */
  async #offer({ period, name, secret }: Dated): Promise<void> {
    const key = concat(name, secret);
    const sealed = await this.#storeKey.seal(kind, this.#subject(period), key);
    key.fill(0);
    await this.#redis.send("SET", this.#storedUnder(period), sealed, "NX", "PXAT", String(this.#endOf(period)));
  }

  #made(period: number): Dated {
    return { period, name: this.#random(nameLength), secret: this.#random(secretLength) };
  }

  #storedUnder(period: number): string {
    return this.#redis.name(kind, this.#storeKey.nameOf(kind, this.#subject(period)));
  }

  #subject(period: number): Uint8Array {
    return asciiBytes(`${this.#period} ms, ${period}`);
  }

  /** When the last ticket of a period's key is over. */
  #endOf(period: number): number {
    return (period + 1) * this.#period + this.#lifetime;
  }
}
