import { run } from "@tlskit/crypto";
import { bytes, checkArguments } from "@tlskit/wire/arguments";
import { KeyedSealing, type KeyedSealingOptions } from "./keyed-sealing.ts";
import type { Tickets } from "./tickets.ts";

/** What self-contained tickets are made with. */
export type SealedTicketsOptions = KeyedSealingOptions;

/** Self-contained tickets: the session, sealed with a ticket key, so that a server keeps nothing (RFC 5077 §5.2#protected, RFC 9325 §3.4#protected). */
export class SealedTickets implements Tickets {
  readonly #sealing: KeyedSealing;

  /** @throws {TlsError} `invalid_argument`, `unknown_option`, `unsupported_choice` (the caller's fault) */
  constructor(options: SealedTicketsOptions) {
    this.#sealing = new KeyedSealing("SealedTickets", "ticket", options);
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  ticketFor(session: Uint8Array): Uint8Array | Promise<Uint8Array | undefined> | undefined {
    checkArguments({ session }, { session: bytes });
    return run(this.#sealing.seal(session));
  }

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  sessionOf(ticket: Uint8Array): Uint8Array | Promise<Uint8Array | undefined> | undefined {
    checkArguments({ ticket }, { ticket: bytes });
    return run(this.#sealing.open(ticket));
  }
}
