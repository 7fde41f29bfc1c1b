/**
 * Milliseconds that a call to Redis may take unless told otherwise. What isn't answered by then isn't there: a handshake
 * waits for no longer. A Redis in the same place answers within one.
 */
export const defaultTimeLimit: number = 250;

/** Milliseconds of a call to Redis, at most: a whole handshake has as many unless told otherwise. */
export const maxTimeLimit: number = 30_000;

/**
 * Milliseconds by which the clocks of a server and of Redis may differ when early data is admitted. Servers of a fleet
 * that tell the time apart by twice as much would find the same ClientHello fresh at different times, so what is
 * remembered is remembered for so much longer. Hosts that ask a time server are some hundredths of a second apart.
 */
export const maxClockDifference: number = 5000;

/** Ticket keys that are live at a time, at most: each is asked for by every server once a minute. */
export const maxLiveTicketKeys: number = 64;

/**
 * Milliseconds after which the ticket keys in Redis are looked at again: what another server had to make anew, since
 * Redis was emptied, is known after so long.
 */
export const ticketKeysLookedAtEvery: number = 60_000;

/** Milliseconds after a failure during which nothing is asked of Redis about ticket keys: no handshake waits meanwhile. */
export const ticketKeysPauseAfterFailure: number = 1000;
