/** Milliseconds within which an honest client must have its answer, attack or no attack. */
export const patience = 10_000;

/**
 * Milliseconds that a connection may go on beyond the time for its handshake and the time for its request: nothing an
 * attacker does buys it more.
 */
export const overtime = 10_000;

/** Milliseconds after an attack within which its connections must be gone: a closed one lingers for a second. */
export const settlingTime = 15_000;

/**
 * Bytes that the used heap, garbage collected, may have more after an attack than before: compiled code and caches
 * that had not been needed before. A leak of a kilobyte a connection is more within a minute.
 */
export const heapMargin: number = 4 * 1024 * 1024;

/**
 * Bytes that the process may be larger afterwards: what allocators keep of a peak, which is the higher the more an attack
 * gets done in its time, and on a busy machine the base may come of an attack that got little done.
 */
export const residentMargin: number = 128 * 1024 * 1024;
