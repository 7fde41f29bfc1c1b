/**
 * Bytes of data that wait to be read, or to be opened by a provider that answers late, before the connection below is read no
 * further: some records of the largest size. One read of that connection comes on top.
 */
export const maxUnreadBytes: number = 256 * 1024;

/** Milliseconds after which it is looked again whether that provider has got on, where nothing has told so. */
export const unreadCheckInterval = 20;

/**
 * Bytes of records that wait to be taken by the connection below before no more is read from the peer: it could otherwise
 * make more and more of them, by wishes for new keys, and take none. Data that the application writes is never as much.
 */
export const maxUnwrittenBytes: number = 256 * 1024;

/** Bytes of data that are sealed at a time: four records, which go to the connection below together. */
export const bytesSealedAtOnce: number = 64 * 1024;

/** Bytes that a connection has room for while little comes: many connections do nothing most of the time. */
export const smallReadLength: number = 4 * 1024;

/** Bytes that it has room for as soon as more comes. */
export const largeReadLength: number = 64 * 1024;

/** Bytes that `writable` holds before a writer's `ready` tells it to wait. */
export const writableBufferSize: number = 64 * 1024;

/**
 * Milliseconds that a connection stays open for the peer to hang up, once everything is said. A TCP connection that is
 * closed with unread bytes is reset, and a reset overtakes what was said last, such as the alert that tells the peer why.
 * As long what the peer said before it went may take to be read, where a write has failed already.
 */
export const lingerTime = 1_000;

/** Bytes that are read and thrown away meanwhile: a peer that goes on sending is cut off. */
export const maxLingerBytes: number = 1024 * 1024;

/**
 * Milliseconds until a listener tries again to accept a connection, where the process has no room for another one. Silent
 * clients, who may have taken all of it, are cut off after a while.
 */
export const acceptRetryInterval = 100;

/** Milliseconds that a timer can wait: one that is told more doesn't wait at all. */
export const maxTimerDelay: number = 2 ** 31 - 1;

/** Client contexts that are kept, so that calls with the same options share one. */
export const maxSharedContexts = 16;
