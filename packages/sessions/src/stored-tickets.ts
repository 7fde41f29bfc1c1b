import type { Random } from "@tlskit/crypto";
import { toHex } from "@tlskit/wire";
import { aFunction, aNumber, bytes, checkArguments, checkOptions, optional } from "@tlskit/wire/arguments";
import { checkSize } from "./expectations.ts";
import { defaultStoredTicketsSize } from "./limits.ts";
import type { EarlyDataAttempt, ReplayGuard } from "./replay-guard.ts";
import type { SessionIdentifiers, Tickets } from "./tickets.ts";

/** Bytes of a name of a session, a ticket or an identifier of TLS 1.2: nobody guesses one, and an identifier has no more. */
const nameLength = 32;

/** What tickets whose sessions are in memory are made with. */
export interface StoredTicketsOptions {
  readonly random: Random;
  /** Milliseconds since 1970, as `Date.now` gives them. */
  readonly clock: () => number;
  /** Bytes of sessions that are kept at most: 2^24 unless told otherwise. The oldest go first. */
  readonly size?: number | undefined;
}

/**
 * Tickets that are names of sessions in memory: 32 bytes on the wire, forward secrecy once a session is forgotten, and
 * nothing that outlives the process.
 */
export class StoredTickets implements Tickets {
  readonly #random: Random;
  readonly #clock: () => number;
  readonly #size: number;
  /** By the ticket's hexadecimal digits, the oldest first. */
  readonly #sessions = new Map<string, { readonly session: Uint8Array; readonly expiresAt: number }>();
  #bytes = 0;

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `out_of_range` (the caller's fault) */
  constructor(options: StoredTicketsOptions) {
    checkOptions("StoredTickets", options, { random: aFunction, clock: aFunction, size: optional(aNumber) });
    this.#random = options.random;
    this.#clock = options.clock;
    this.#size = checkSize("size", options.size ?? defaultStoredTicketsSize);
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  ticketFor(session: Uint8Array, expiresAt: number): Uint8Array | undefined {
    checkArguments({ session, expiresAt }, { session: bytes, expiresAt: aNumber });
    if (session.length > this.#size) return undefined;
    const ticket = this.#random(nameLength);
    this.#keep(ticket, session, expiresAt);
    return ticket;
  }

  #keep(ticket: Uint8Array, session: Uint8Array, expiresAt: number): void {
    if (session.length > this.#size) return;
    const name = toHex(ticket);
    this.#forget(name);
    this.#sessions.set(name, { session: new Uint8Array(session), expiresAt });
    this.#bytes += session.length;
    for (const [oldest] of this.#sessions) {
      if (this.#bytes <= this.#size) break;
      this.#forget(oldest);
    }
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  sessionOf(ticket: Uint8Array): Uint8Array | undefined {
    checkArguments({ ticket }, { ticket: bytes });
    const name = toHex(ticket);
    const found = this.#sessions.get(name);
    if (found === undefined) return undefined;
    if (found.expiresAt > this.#clock()) return found.session.slice();
    this.#forget(name);
    return undefined;
  }

  /** What is called throws `invalid_argument` (the caller's fault). */
  readonly identifiers: SessionIdentifiers = {
    next: () => this.#random(nameLength),
    keep: (identifier, session, expiresAt) => {
      checkArguments({ identifier, session, expiresAt }, { identifier: bytes, session: bytes, expiresAt: aNumber });
      this.#keep(identifier, session, expiresAt);
    },
    forget: (identifier) => {
      checkArguments({ identifier }, { identifier: bytes });
      this.#forget(toHex(identifier));
    },
  };

  /** Bytes of the sessions that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * RFC 9846 §8.1: a guard that takes early data under each of these tickets once, and forgets the ticket then. It needs
   * no window: what isn't known any more isn't taken.
   */
  get singleUse(): ReplayGuard {
    return {
      admit: ({ ticket }: EarlyDataAttempt): boolean => this.#forget(toHex(ticket)),
    };
  }

  /** Whether there was such a session. */
  #forget(name: string): boolean {
    this.#bytes -= this.#sessions.get(name)?.session.length ?? 0;
    return this.#sessions.delete(name);
  }
}
