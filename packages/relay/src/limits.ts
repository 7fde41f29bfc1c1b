/**
 * Connections of pages at a time, unless told otherwise, those included that haven't asked for a target yet. Each may hold
 * the bytes that wait in either direction; what comes beyond is hung up on.
 */
export const defaultMaxConnections = 256;

/** Milliseconds in which no byte goes either way, unless told otherwise: then the connection ends. */
export const defaultIdleTimeout: number = 10 * 60 * 1000;

/** Milliseconds that connecting to a target may take, unless told otherwise, its name's resolution included. */
export const defaultConnectTimeout: number = 10 * 1000;

/**
 * Bytes of one message from a page at most, unless told otherwise: it is held until it is whole. The adapter of
 * `@tlskit/web` sends at most a quarter of it.
 */
export const defaultMaxMessageLength: number = 256 * 1024;

/**
 * Bytes from a page that wait for the target at most, unless told otherwise. A page with the protocol of credits has no
 * more credit than that; of one without it nothing is read until they have gone, what has been read already on top.
 */
export const defaultMaxWaiting: number = 256 * 1024;

/** Pieces that a page may cut one message into (RFC 6455 §5.4), each of which takes memory besides its bytes. */
export const maxFragments = 1024;

/** Pieces that the network may cut one message into, likewise: what comes byte by byte is no message of use. */
export const maxChunks = 4096;

/** Milliseconds that a page may take to ask for a target: a request has three hundred bytes. */
export const upgradeTimeout: number = 10 * 1000;

/** Bytes of a request's fields at most: those of browsers, cookies included. */
export const maxRequestLength: number = 16 * 1024;

/** Milliseconds that a connection has to end in order: then it is hung up on. */
export const lastWordsTime = 1000;

/** Milliseconds between two probes whether a target that has nothing to say is still there (TCP keep-alive). */
export const keepAliveDelay: number = 60 * 1000;

/** Bytes of a file that the command line names, at most. */
export const maxFileLength: number = 1024 * 1024;
