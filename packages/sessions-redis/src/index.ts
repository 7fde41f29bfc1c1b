/**
 * What the TLS servers of a fleet share, in Redis: the keys of their tickets, stateful sessions, and the guard against
 * replays of early data.
 * @module
 */
export { defaultTimeLimit, maxClockDifference, maxLiveTicketKeys, maxTimeLimit } from "./limits.ts";
export type { RedisClient, RedisOptions } from "./redis.ts";
export { type RedisGuard, RedisReplayGuard, type RedisReplayGuardOptions } from "./redis-replay-guard.ts";
export { RedisTicketKeys, type RedisTicketKeysOptions } from "./redis-ticket-keys.ts";
export { RedisTickets, type RedisTicketsOptions } from "./redis-tickets.ts";
export type { SealedInRedisOptions } from "./store-key.ts";
