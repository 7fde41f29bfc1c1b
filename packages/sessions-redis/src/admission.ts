import { defaultReplayWindow } from "@tlskit/sessions";
import { callerError } from "@tlskit/wire";
import { admissionScript } from "./admission-script.ts";
import { checkSize } from "./expectations.ts";
import { maxClockDifference } from "./limits.ts";
import { type Redis, redisError } from "./redis.ts";

export interface AdmissionOptions {
  readonly clock: () => number;
  readonly window?: number | undefined;
}

/** A name that wasn't there is remembered, or one that is there is taken away: each succeeds once. */
type Operation = "remember" | "take";

/** Answers that tell of nothing wrong: it is admitted, came before, or may have come before something was lost. */
const verdicts: readonly string[] = ["admitted", "refused", "young"];

const unknown = [
  "redis_answer",
  "this Redis doesn't tell enough of itself (INFO) to be a guard against replays",
] as const;

const evicts = [
  "redis_evicts",
  "Redis may evict what was remembered (maxmemory-policy isn't noeviction), so it is no guard against replays",
] as const;

/** What is wrong with Redis if it answers so. */
const failures: Readonly<Record<string, readonly [code: string, message: string]>> = {
  evicts,
  replica: ["redis_replica", "this Redis is a replica, and forgets what it is told: the guard has to ask the primary"],
  clock: [
    "redis_clock",
    `the clocks of this server and of Redis are more than ${maxClockDifference / 1000} seconds apart`,
  ],
};

/** Admits early data once, as long as Redis has lost nothing. */
export class Admission {
  readonly #redis: Redis;
  readonly #clock: () => number;
  readonly #window: number;

  /** @throws {TlsError} `out_of_range` (the caller's fault) */
  constructor(redis: Redis, { clock, window = defaultReplayWindow }: AdmissionOptions) {
    this.#redis = redis;
    this.#clock = clock;
    this.#window = checkSize("window", window);
  }

  /** @throws {TlsError} `redis_evicts` (the caller's fault) */
  async start(): Promise<void> {
    const refused = await this.#redis.attempt(async () => {
      const status = await this.#ask(this.#clock(), []);
      if (status === "evicts") return true;
      throwFailure(status);
      return false;
    }, false);
    if (refused) throw callerError(...evicts);
  }

  /** Whether it is admitted: not if Redis fails, which is told. */
  admit(operation: Operation, name: string, freshUntil: number): Promise<boolean> {
    return this.#redis.attempt(async () => {
      const now = this.#clock();
      // RFC 9846 §8.2: what is fresh for longer than it is remembered can't be guarded. What isn't a number is neither.
      if (!(freshUntil - now <= this.#window && freshUntil >= now)) return false;
      // Another server's clock may be behind that of Redis when the same ClientHello comes to it.
      const deadline = Math.ceil(freshUntil + maxClockDifference);
      const status = await this.#ask(now, [name], operation, String(deadline));
      throwFailure(status);
      return status === "admitted";
    }, false);
  }

  async #ask(now: number, names: readonly string[], operation = "start", deadline = "0"): Promise<string> {
    // RFC 9846 §8#at-most-once: until no ClientHello is fresh that was admitted before the mark was made, by whichever
    // server and whatever time that told.
    const patience = this.#window + 2 * maxClockDifference;
    const keys = [this.#redis.name("guard"), ...names];
    const numbers = [Math.round(now), patience, maxClockDifference].map(String);
    const answer = await this.#redis.send(
      ...["EVAL", admissionScript, String(keys.length), ...keys],
      ...[operation, ...numbers, deadline],
    );
    if (typeof answer !== "string")
      throw redisError("redis_answer", "Redis answers EVAL with something else than text");
    return answer;
  }
}

function throwFailure(status: string): void {
  if (!verdicts.includes(status)) throw redisError(...(failures[status] ?? unknown));
}
