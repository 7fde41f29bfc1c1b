import { constants } from "node:crypto";
import { GivenTicketKeys, RotatingTicketKeys, SealedTickets, type TicketKeys, type Tickets } from "@tlskit/sessions";
import { type CryptoProvider, callerError, type Random, type ServerContext } from "@tlskit/tls";
import { aNumber, bytes, check, optional } from "@tlskit/wire/arguments";
import { ticketKeyNameLength, ticketKeysLength } from "../limits.ts";

/** What a server is told of resumption. */
export interface TicketOptions {
  /**
   * What tickets are made with: sealed ones unless told otherwise, whose keys change by themselves. `false`: no session is
   * resumed. `new StoredTickets(…)` of `@tlskit/sessions`, or anything like it, keeps sessions elsewhere; that stands for
   * the events `newSession` and `resumeSession` of `node:tls`.
   */
  readonly tickets?: Tickets | boolean | undefined;
  /**
   * The keys of sealed tickets, for several servers or for one after its restart: 48 bytes as in `node:tls`, 16 of a name,
   * which is in each ticket in the clear, and 32 that are secret. Whoever gives them answers for changing them, by
   * `setTicketKeys`.
   */
  readonly ticketKeys?: Uint8Array | undefined;
}

interface Settings {
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly clock: () => number;
  readonly sessionLifetime: number | undefined;
}

/** What tickets are made with, and the keys that can be told and changed. */
export interface ServerTickets {
  readonly tickets: Tickets | undefined;
  readonly keys: ServerTicketKeys | undefined;
}

/** @throws {TlsError} `conflicting_options`, `out_of_range`, `unsupported_choice` (the caller's fault) */
export function serverTickets(
  { tickets, ticketKeys, secureOptions = 0 }: TicketOptions & { readonly secureOptions?: number | undefined },
  settings: Settings,
): ServerTickets {
  const none = tickets === false || (secureOptions & constants.SSL_OP_NO_TICKET) !== 0;
  const own = typeof tickets === "object";
  if (ticketKeys !== undefined && (none || own)) {
    throw callerError(
      "conflicting_options",
      "ticketKeys are for sealed tickets, and other options ask for others or none",
    );
  }
  if (none) {
    if (own) throw callerError("conflicting_options", "secureOptions has SSL_OP_NO_TICKET, and there are tickets");
    return { tickets: undefined, keys: undefined };
  }
  if (own) return { tickets, keys: undefined };
  const keys = new ServerTicketKeys(settings, ticketKeys);
  return { tickets: new SealedTickets({ provider: settings.provider, random: settings.random, keys }), keys };
}

/** A server's ticket keys: those of its own, which change by themselves, until it is given some. */
export class ServerTicketKeys implements TicketKeys {
  #keys: RotatingTicketKeys | GivenTicketKeys;

  constructor({ random, clock, sessionLifetime }: Settings, given: Uint8Array | undefined) {
    check(sessionLifetime, "sessionLifetime", optional(aNumber));
    this.#keys =
      given === undefined
        ? new RotatingTicketKeys({ random, clock, lifetime: sessionLifetime })
        : new GivenTicketKeys([ticketKey(given)]);
  }

  current(): ReturnType<RotatingTicketKeys["current"]> {
    return this.#keys.current();
  }

  /** The key that seals, as `node:tls` has it. */
  get bytes(): Buffer {
    const [key] = this.current();
    return key === undefined ? Buffer.alloc(0) : Buffer.concat([key.name, key.secret]);
  }

  /** @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault) */
  set bytes(given: Uint8Array) {
    const keys = [ticketKey(given)];
    if (this.#keys instanceof GivenTicketKeys) {
      this.#keys.replace(keys);
      return;
    }
    this.#keys.erase();
    this.#keys = new GivenTicketKeys(keys);
  }
}

/** The 48 bytes are a name and two keys of 16 bytes in `node:tls`; here one of 32, from which those of tickets are derived. */
function ticketKey(given: Uint8Array): { readonly name: Uint8Array; readonly secret: Uint8Array } {
  check(given, "ticketKeys", bytes);
  if (given.length !== ticketKeysLength) {
    throw callerError("out_of_range", `ticketKeys are ${ticketKeysLength} bytes, not ${given.length}`);
  }
  return { name: given.subarray(0, ticketKeyNameLength), secret: given.subarray(ticketKeyNameLength) };
}

const keysOf = new WeakMap<ServerContext, ServerTicketKeys>();

/** Lets a context's ticket keys be told and changed. */
export function rememberTicketKeys(context: ServerContext, keys: ServerTicketKeys | undefined): void {
  if (keys !== undefined) keysOf.set(context, keys);
}

/**
 * The ticket keys of a context.
 * @throws {TlsError} `no_ticket_keys` (the caller's fault) if `createServerContext` didn't make it, or not with sealed tickets
 */
export function ticketKeysOf(context: ServerContext): ServerTicketKeys {
  const keys = keysOf.get(context);
  if (keys === undefined) {
    throw callerError(
      "no_ticket_keys",
      "this server has no ticket keys: it has other tickets than sealed ones, or none",
    );
  }
  return keys;
}
