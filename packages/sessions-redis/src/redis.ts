import { TlsError } from "@tlskit/wire";
import { aBoolean, aFunction, aNumber, aString, type Expectations, objectWith, optional } from "@tlskit/wire/arguments";
import { checkSize } from "./expectations.ts";
import { defaultTimeLimit, maxTimeLimit } from "./limits.ts";

/** What is asked of a client of Redis: the one that `createClient` of `redis` makes is one. */
export interface RedisClient {
  /** Whether it is connected. While it isn't, nothing is asked. */
  readonly isReady: boolean;
  /**
   * @returns the answer: a string, a number, an array of these, null.
   * @param options When the signal comes, nobody waits for the answer any more.
   */
  sendCommand(command: readonly string[], options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

/** What all that is kept in Redis is made with. */
export interface RedisOptions {
  /**
   * A client of `redis`. Whoever makes it connects it, listens to its errors (without a listener they end the process),
   * and closes it.
   */
  readonly redis: RedisClient;
  /** What the names of all that is stored begin with: `tlskit:` unless told otherwise, and in a fleet the same. */
  readonly prefix?: string | undefined;
  /** Milliseconds that a call may take: 250 unless told otherwise, 30,000 at most. */
  readonly timeLimit?: number | undefined;
  /**
   * Told of each call that fails, which means a full handshake, or early data that is declined: a {@link TlsError} with
   * the code `redis_not_connected`, `redis_timeout`, `redis_error`, `redis_answer`, `redis_replica`, `redis_evicts` or
   * `redis_clock`. It has to return.
   */
  readonly failed?: ((error: TlsError) => void) | undefined;
}

export const ofRedis: Expectations<RedisOptions> = {
  redis: objectWith("a client of Redis, such as createClient makes", { isReady: aBoolean, sendCommand: aFunction }),
  prefix: optional(aString),
  timeLimit: optional(aNumber),
  failed: optional(aFunction),
};

/** Redis as a handshake can bear it: it answers soon, or not at all. */
export class Redis {
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #timeLimit: number;
  readonly #failed: ((error: TlsError) => void) | undefined;

  /** @throws {TlsError} `out_of_range` (the caller's fault) */
  constructor({ redis, prefix = "tlskit:", timeLimit = defaultTimeLimit, failed }: RedisOptions) {
    this.#client = redis;
    this.#prefix = prefix;
    this.#timeLimit = checkSize("timeLimit", timeLimit, maxTimeLimit);
    this.#failed = failed;
  }

  /** What something is stored under. */
  name(kind: string, name?: string): string {
    return this.#prefix + (name === undefined ? kind : `${kind}:${name}`);
  }

  /** @throws {TlsError} `redis_not_connected`, `redis_timeout`, `redis_error` */
  async send(...command: readonly string[]): Promise<unknown> {
    if (!this.#client.isReady) throw redisError("redis_not_connected", "Redis isn't connected");
    const overdue = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(redisError("redis_timeout", `Redis hasn't answered within ${this.#timeLimit} ms`));
        // A client that waits for a connection forgets the command, so that none heap up.
        overdue.abort();
      }, this.#timeLimit);
    });
    try {
      return await Promise.race([this.#client.sendCommand(command, { abortSignal: overdue.signal }), limit]);
    } catch (error) {
      throw error instanceof TlsError ? error : redisError("redis_error", "Redis refuses a command, or is gone", error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What asking gives; if it fails, that is told, and this is what there is. */
  async attempt<T>(asking: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await asking();
    } catch (error) {
      this.#failed?.(error instanceof TlsError ? error : redisError("redis_error", "asking Redis failed", error));
      return otherwise;
    }
  }
}

/** A failure of something of our own, as Redis is to a connection. */
export function redisError(code: string, message: string, cause?: unknown): TlsError {
  return new TlsError("internal", code, message, { cause });
}
