import type { Awaitable } from "@tlskit/crypto";

/**
 * What a server makes its tickets with: the session itself, sealed ({@link SealedTickets}), or a name of it in a store
 * ({@link StoredTickets}). It may answer later. What it throws means that there is no ticket, or no session.
 */
export interface Tickets {
  /**
   * A ticket for a session; none if there can't be one now.
   * @param expiresAt milliseconds since 1970: it is of no use afterwards.
   */
  ticketFor(session: Uint8Array, expiresAt: number): Awaitable<Uint8Array | undefined>;
  /** The session of a ticket; none if the ticket isn't known. Whoever sends a ticket may have seen it on the wire only. */
  sessionOf(ticket: Uint8Array): Awaitable<Uint8Array | undefined>;
}
