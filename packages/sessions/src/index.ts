/**
 * What TLS sessions outlive their connections in: tickets and their keys, cookies, stores, and the guard against replays of early
 * data. It knows nothing of connections, so that whatever hosts a handshake can use it.
 * @module
 */
export { type ClientSession, decodeClientSession, encodeClientSession } from "./client-session.ts";
export { type Cookies, SealedCookies, type SealedCookiesOptions } from "./cookies.ts";
export {
  defaultKeyPeriod,
  defaultReplayCapacity,
  defaultReplayWindow,
  defaultSessionLifetime,
  defaultStoredTicketsSize,
  defaultStoreSize,
  maxCertificateInTicket,
  maxSessionLifetime,
  maxSessionsPerServer,
} from "./limits.ts";
export {
  type EarlyDataAttempt,
  MemoryReplayGuard,
  type MemoryReplayGuardOptions,
  type ReplayGuard,
} from "./replay-guard.ts";
export { SealedTickets, type SealedTicketsOptions } from "./sealed-tickets.ts";
export { decodeServerSession, encodeServerSession, type ServerSession } from "./server-session.ts";
export { MemorySessionStore, type MemorySessionStoreOptions, type SessionStore } from "./session-store.ts";
export { StoredTickets, type StoredTicketsOptions } from "./stored-tickets.ts";
export {
  GivenTicketKeys,
  RotatingTicketKeys,
  type RotatingTicketKeysOptions,
  type TicketKey,
  type TicketKeys,
} from "./ticket-keys.ts";
export type { SessionIdentifiers, Tickets } from "./tickets.ts";
