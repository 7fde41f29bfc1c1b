/**
 * Milliseconds that a handshake may take, and then each request, unless told otherwise. Whoever connects and says
 * nothing, or says it too slowly, must not hold a connection for ever.
 */
export const defaultTimeout = 30_000;

/** The longest time that can be asked for, in milliseconds: a day. Timers take 2^31 - 1 at most. */
export const maxTimeout = 86_400_000;

/**
 * Requests that are answered on one connection; whoever sends more at once is cut off. Thousands fit into what is read
 * at a time, and nobody else has a turn until all of them are answered.
 */
export const maxRequests = 100;
