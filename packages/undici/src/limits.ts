/** Milliseconds until a connection has to be there, its handshake done, unless told otherwise: as undici has it. */
export const defaultConnectTimeout = 10_000;

/** Milliseconds without a byte until TCP asks whether the peer is there, unless told otherwise: as undici has it. */
export const defaultKeepAliveDelay = 60_000;

/** Sessions that a connector keeps unless told otherwise: as many as undici's own. */
export const defaultCachedSessions = 100;

/** Bytes that one of them counts for: with a chain of certificates of 4 kB. */
export const cachedSessionLength: number = 5 * 1024;

/** Milliseconds that a timer of Node's can wait: one that is told more doesn't wait at all. */
export const maxTimerDelay: number = 2 ** 31 - 1;
