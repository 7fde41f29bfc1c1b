import type { Awaitable } from "@tlskit/crypto";

/**
 * What a server makes its tickets with: the session itself, sealed ({@link SealedTickets}), or a name of it in a store
 * ({@link StoredTickets}). It may answer later. What it throws means that there is no ticket, or no session.
 *
 * A handshake waits for `sessionOf`, and before TLS 1.3 for `ticketFor`, since a ticket comes before the server's Finished
 * there (RFC 5077 §3.3): what asks elsewhere has to give up soon, as `@tlskit/sessions-redis` does. With `identifiers`
 * nothing waits until a session is kept.
 */
export interface Tickets {
  /**
   * A ticket for a session; none if there can't be one now.
   * @param expiresAt milliseconds since 1970: it is of no use afterwards.
   */
  ticketFor(session: Uint8Array, expiresAt: number): Awaitable<Uint8Array | undefined>;
  /** The session of a ticket; none if the ticket isn't known. Whoever sends a ticket may have seen it on the wire only. */
  sessionOf(ticket: Uint8Array): Awaitable<Uint8Array | undefined>;
  /** There if sessions are in a store. Without it nobody has a session before TLS 1.3 who takes no tickets. */
  readonly identifiers?: SessionIdentifiers | undefined;
}

/**
 * Sessions that are kept by names, which are there before the sessions are: before TLS 1.3 a client without tickets is told
 * one in the ServerHello (RFC 5246 §7.4.1.3). `sessionOf` finds a session by it as it does by a ticket.
 */
export interface SessionIdentifiers {
  /**
   * Whether tickets are what `ticketFor` makes nevertheless, and these are for clients alone that take none. Unless told
   * otherwise a ticket is such a name, too.
   */
  readonly besideTickets?: boolean | undefined;
  /** A name that no session has: 1 to 32 bytes, which nobody guesses and which tell nothing (RFC 5246 §F.1.4). */
  next(): Uint8Array;
  /**
   * Keeps a session by its name. A connection does so behind its handshake.
   * @param expiresAt milliseconds since 1970: it is of no use afterwards.
   */
  keep(identifier: Uint8Array, session: Uint8Array, expiresAt: number): Awaitable<void>;
  /** RFC 5246 §7.2.2: forgets the session of a connection that failed. There needn't be any. */
  forget(identifier: Uint8Array): Awaitable<void>;
}
