import { randomFillSync } from "node:crypto";
import {
  type ClientSession,
  decodeClientSession,
  type EarlyDataAttempt,
  type ReplayGuard,
  RotatingTicketKeys,
  SealedTickets,
  StoredTickets,
  type Tickets,
} from "@tlskit/sessions";
import type { Config } from "./flags.ts";
import { provider } from "./provider.ts";
import { Unexpected } from "./unexpected.ts";

export const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

/** What BoringSSL takes: bytes of early data, and milliseconds by which a ticket's age may be wrong. */
const maxEarlyData = 14_336;
const tolerance = 60_000;

/** What lasts from one connection to the next. */
export class Sessions {
  /** Time stands still within a connection, so that a ticket's age is to the millisecond what the runner expects. */
  readonly clock = (): number => this.#now;
  readonly #sealed = new SealedTickets({
    provider,
    random,
    keys: new RotatingTicketKeys({ random, clock: this.clock }),
  });
  readonly #stored = new StoredTickets({ random, clock: this.clock });
  readonly #binders = new Set<string>();
  #now = Date.now();
  #newest: Uint8Array | undefined;

  /** Lets time pass. */
  pass(seconds: number): void {
    this.#now += 1000 * seconds;
  }

  /** A client's: the session that came last in the connection before, which is offered once. */
  take(): Uint8Array | undefined {
    const session = this.#newest;
    this.#newest = undefined;
    return session;
  }

  keep(session: Uint8Array): void {
    this.#newest = session;
  }

  get newest(): ClientSession | undefined {
    return this.#newest && decodeClientSession(this.#newest);
  }

  /** Tickets are sealed in TLS 1.3, and before it names in a store, as identifiers are, unless they are to change. */
  tickets({ skipTicket, renewTicket }: Config): Tickets {
    if (renewTicket) return this.#sealed;
    if (skipTicket) return { ticketFor: () => undefined, sessionOf: () => undefined };
    return {
      ticketFor: (session) => this.#sealed.ticketFor(session),
      sessionOf: (name) => this.#stored.sessionOf(name) ?? this.#sealed.sessionOf(name),
      identifiers: this.#stored.identifiers,
    };
  }

  earlyData({ expectTicketAgeSkew }: Config): { maxSize: number; tolerance: number; guard: ReplayGuard } {
    return {
      maxSize: maxEarlyData,
      tolerance,
      guard: {
        admit: ({ binder, freshUntil }: EarlyDataAttempt): boolean => {
          const skew = Math.round((freshUntil - tolerance - this.clock()) / 1000);
          if (expectTicketAgeSkew !== undefined && expectTicketAgeSkew !== skew)
            throw new Unexpected(`a ticket that is ${skew} seconds off, not ${expectTicketAgeSkew}`);
          const key = Buffer.from(binder).toString("hex");
          const isNew = !this.#binders.has(key);
          this.#binders.add(key);
          return isNew;
        },
      },
    };
  }
}
