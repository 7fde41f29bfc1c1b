/**
 * Milliseconds that a hostile peer holds on to a connection that the other side has closed: longer than that lingers. As long
 * beyond the other side's time to give up goes on without reading who reads nothing.
 */
export const holdTime = 2_000;

/** Milliseconds that honest peers have, whatever else the machine does: what is asked of them is that all goes well. */
export const honestPatience = { handshakeTimeout: 600_000, idleTimeout: 600_000 } as const;

/** Milliseconds that a peer is given to look at what came last. */
export const lastLook = 50;

/**
 * Milliseconds beyond the time for its handshake and the time that it may be idle after which a hostile peer must have been
 * got rid of: on a machine of its own a closed connection lingers for one second.
 */
export const overtime = 20_000;

/** Hostile connections of a sequence that are open at a time: the honest ones go on meanwhile. */
export const hostileAtOnce = 256;

/** What a peer that floods sends before it lets others have a turn. */
export const burst = 64;

/** Milliseconds within which the last connections must be gone, and collected, at the end. */
export const settlingTime = 30_000;
