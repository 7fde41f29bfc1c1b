/**
 * Octets that are read of a server's data in a connection, unless told otherwise: the head of an HTTP response takes some
 * thousand, servers refuse heads beyond 8 to 64 KiB, and nothing else is wanted of it.
 */
export const maxDataOctets = 65_536;

/**
 * Octets that a connection brings at most, of whatever kind: the handshake with a long chain takes 128 KiB (the limit of
 * `@tlskit/messages`), tickets and data the rest.
 */
export const maxConnectionOctets = 524_288;

/** Messages of a connection that are kept as evidence; what comes behind them counts, and isn't shown. */
export const maxMessagesSeen = 64;

/** Milliseconds in which a server is silent before it is given up, unless told otherwise. */
export const defaultSilence = 10_000;

/** Milliseconds that a connection takes as a whole, unless told otherwise, for servers that send a byte now and then. */
export const defaultConnectionTime = 30_000;

/**
 * Milliseconds that the end is waited for behind our close_notify. Everything that was sent before a server reads that comes in
 * front of its end; one that doesn't answer it has sent its tickets long ago.
 */
export const lingerTime = 2_000;

/**
 * Handshakes that are begun in one connection where a scan is told to try: a server that makes so many in a row has no limit
 * worth the name. testssl.sh and sslyze try ten or fewer; Node's limit is three in ten minutes.
 */
export const maxRenegotiationsTried = 10;

/** Milliseconds in which a stream is to take what was written last: an alert or close_notify, which most take at once. */
export const flushTime = 500;
