import type { Random } from "@tlskit/crypto";
import type { EarlyDataAttempt, SessionIdentifiers, Tickets } from "@tlskit/sessions";
import { aNumber, bytes, checkArguments, checkOptions, optional } from "@tlskit/wire/arguments";
import { Admission } from "./admission.ts";
import { Redis, redisError } from "./redis.ts";
import type { RedisGuard } from "./redis-replay-guard.ts";
import { ofSealedInRedis, type SealedInRedisOptions, StoreKey } from "./store-key.ts";

/** Bytes of a ticket that is the name of a session: nobody guesses one. */
const ticketLength = 32;
const kind = "session";

/** What tickets whose sessions are in Redis are made with. */
export interface RedisTicketsOptions extends SealedInRedisOptions {
  /** For {@link RedisTickets.singleUse}, as a {@link RedisReplayGuard} has it. */
  readonly window?: number | undefined;
}

/**
 * Tickets that are names of sessions in Redis: 32 bytes on the wire, known to all servers of a fleet, and forgotten when
 * they are over. What is stored doesn't tell the ticket, and can't be read without it.
 */
export class RedisTickets implements Tickets {
  readonly #redis: Redis;
  readonly #storeKey: StoreKey;
  readonly #random: Random;
  readonly #admission: Admission;

  /**
   * @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault)
   * @throws {CryptoError} `unsupported` if the provider has no SHA-256 or no AES-256-GCM
   */
  constructor(options: RedisTicketsOptions) {
    checkOptions("RedisTickets", options, { ...ofSealedInRedis, window: optional(aNumber) });
    this.#redis = new Redis(options);
    this.#storeKey = new StoreKey(options);
    this.#random = options.random;
    this.#admission = new Admission(this.#redis, options);
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  ticketFor(session: Uint8Array, expiresAt: number): Promise<Uint8Array | undefined> {
    checkArguments({ session, expiresAt }, { session: bytes, expiresAt: aNumber });
    return this.#redis.attempt(async () => {
      const ticket = this.#random(ticketLength);
      await this.#keep(ticket, session, expiresAt);
      return ticket;
    }, undefined);
  }

  async #keep(ticket: Uint8Array, session: Uint8Array, expiresAt: number): Promise<void> {
    const sealed = await this.#storeKey.seal(kind, ticket, session);
    const answer = await this.#redis.send("SET", this.#nameOf(ticket), sealed, "PXAT", String(Math.floor(expiresAt)));
    if (answer !== "OK") throw redisError("redis_answer", "Redis answers SET with something else than OK");
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  sessionOf(ticket: Uint8Array): Promise<Uint8Array | undefined> | undefined {
    checkArguments({ ticket }, { ticket: bytes });
    if (ticket.length !== ticketLength) return undefined;
    const copy = ticket.slice();
    return this.#redis.attempt(async () => {
      const sealed = await this.#redis.send("GET", this.#nameOf(copy));
      if (sealed === null) return undefined;
      const session = typeof sealed === "string" ? await this.#storeKey.open(kind, copy, sealed) : undefined;
      if (session === undefined)
        throw redisError("redis_answer", "what is stored for a ticket isn't what was put there");
      return session;
    }, undefined);
  }

  /** What is called throws `invalid_argument` (the caller's fault). What Redis can't keep, or forget, `failed` is told of. */
  readonly identifiers: SessionIdentifiers = {
    next: () => this.#random(ticketLength),
    keep: (identifier, session, expiresAt) => {
      checkArguments({ identifier, session, expiresAt }, { identifier: bytes, session: bytes, expiresAt: aNumber });
      const [name, value] = [identifier.slice(), session.slice()];
      return this.#redis.attempt(() => this.#keep(name, value, expiresAt), undefined);
    },
    forget: (identifier) => {
      checkArguments({ identifier }, { identifier: bytes });
      const name = this.#nameOf(identifier);
      return this.#redis.attempt(async () => void (await this.#redis.send("DEL", name)), undefined);
    },
  };

  /**
   * RFC 9846 §8.1: a guard that takes early data under each of these tickets once, at whichever server, and forgets the
   * ticket then. A Redis that loses something may have a ticket again that was taken, so it declines for a while as
   * {@link RedisReplayGuard} does.
   */
  get singleUse(): RedisGuard {
    return {
      start: () => this.#admission.start(),
      admit: ({ ticket, freshUntil }: EarlyDataAttempt): Promise<boolean> => {
        checkArguments({ ticket, freshUntil }, { ticket: bytes, freshUntil: aNumber });
        return this.#admission.admit("take", this.#nameOf(ticket), freshUntil);
      },
    };
  }

  #nameOf(ticket: Uint8Array): string {
    return this.#redis.name(kind, this.#storeKey.nameOf(kind, ticket));
  }
}
