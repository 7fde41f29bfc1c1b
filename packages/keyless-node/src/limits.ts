/**
 * Connections of a key server at a time, unless told otherwise, those included whose handshake isn't done. A frontend has
 * one; what comes beyond is hung up on before TLS.
 */
export const defaultMaxConnections = 1024;

/**
 * Milliseconds after which a key server ends a connection, unless told otherwise: who the client is was proved at its
 * beginning, and certificates expire, or are no longer to be trusted. A client connects anew, and asks again.
 */
export const defaultMaxConnectionAge: number = 60 * 60 * 1000;

/** Milliseconds of a handshake between a frontend and a key server: both are near, and a stranger is to be gone soon. */
export const handshakeTimeout = 5000;

/**
 * Milliseconds after which a signature isn't asked for anew, unless told otherwise, when connections to key servers were
 * lost or can't be made: with the time of an answer it is well within the thirty seconds that a handshake has.
 */
export const defaultTimeLimit = 8000;

/** Milliseconds that connecting to one key server may take, unless told otherwise; then it is another one's turn. */
export const defaultConnectTimeout = 2000;

/**
 * Milliseconds of the pause before key servers are tried again that couldn't be connected to, or hung up without an answer:
 * twice as many each time, up to the longest.
 */
export const firstPause = 50;
export const longestPause = 2000;

/** Milliseconds between two probes whether a key server that has nothing to say is still there (TCP keep-alive). */
export const keepAliveDelay = 10_000;

/** Milliseconds that a connection has to end in order: then it is hung up on. */
export const lastWordsTime = 500;

/** Bytes of a configuration file, and of each file that it names, at most. */
export const maxFileLength: number = 1024 * 1024;
