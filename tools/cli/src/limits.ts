/**
 * Milliseconds that a handshake may take, and then each request, unless told otherwise. Whoever connects and says
 * nothing, or says it too slowly, must not hold a connection for ever.
 */
export const defaultTimeout = 30_000;

/** The longest time that can be asked for, in milliseconds: a day. Timers take 2^31 - 1 at most. */
export const maxTimeout = 86_400_000;

/**
 * Requests that are answered on one connection, which is closed behind the last answer. Thousands fit into what is read
 * at a time, and nobody else has a turn until all of them are answered.
 */
export const maxRequests = 100;

/** Milliseconds between looks at which requests have taken too long, at most. */
export const maxCheckingInterval = 1_000;

/**
 * Milliseconds that a connection has for its end, once it is told: whoever is in the middle of a request when the server
 * is stopped, or doesn't read what is said last, must not keep it from ending.
 */
export const closingTime = 2_000;

/** Tickets that `serve` can be told to send: what the handshake sends at most. */
export const maxTickets = 8;

/** Bytes of early data that `serve --early-data` takes of a connection, as `openssl s_server` does. */
export const maxEarlyData: number = 2 ** 14;
