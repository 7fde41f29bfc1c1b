import { bufferSize } from "@tlskit/tls";

/**
 * Bytes from the peer that may wait for a provider that answers late (a remote signer, say) before the raw stream is
 * told to wait: some records of the largest size.
 */
export const maxUnreadBytes: number = 256 * 1024;

/**
 * Bytes of data that are sealed at a time: four records, which go to the raw stream in one write. Then the raw stream
 * is asked whether it can take more.
 */
export const bytesSealedAtOnce: number = 64 * 1024;

/**
 * Bytes that may wait at the raw stream beyond what it takes by its own measure, before it is read no more. Data never comes to so
 * much. Answers do, to a peer that asks for new keys again and again and reads nothing.
 */
export const maxWaitingBytes: number = 2 * bytesSealedAtOnce;

/** Bytes that the system is asked for at a time, as libuv does. */
export const bytesReadAtOnce: number = 64 * 1024;

/** Bytes of a buffer for records that is used again and again: what the record layer asks for at most. */
export const spareBufferLength: number = bufferSize;

/** Such buffers that are kept while none of them is in use, 1 MiB in all. */
export const maxSpareBuffers = 16;

/**
 * Milliseconds that a raw socket stays open for the peer to hang up, once everything is said. Closing it with unread
 * bytes in the system's buffer would reset the connection, and a reset overtakes the alert that tells the peer why. As
 * long what the peer sent before it closed may take to be read, where the system has said already that it is gone.
 */
export const lingerTime = 1_000;

/** Bytes that are read and thrown away while a socket lingers: a peer that goes on sending is cut off. */
export const maxLingerBytes: number = 1024 * 1024;

/** Milliseconds that a timer of Node's can wait: one that is told more doesn't wait at all. */
export const maxTimerDelay: number = 2 ** 31 - 1;

/** Client contexts that are kept, so that calls of `connect` with the same options share one. */
export const maxCachedContexts = 16;

/** Milliseconds that fetching one intermediate may take unless told otherwise: a sixth of what a handshake has. */
export const intermediateTimeout = 5_000;

/** Redirections that are followed while an intermediate is fetched. CAs move their files to other hosts, once. */
export const maxRedirects = 3;

/** Bytes of ticket keys as `node:tls` has them: a name of 16 and what is secret. */
export const ticketKeysLength = 48;

/** Bytes of these that are the name. */
export const ticketKeyNameLength = 16;

/** Sessions that an `HttpsAgent` keeps unless told otherwise: as many as Node's own. */
export const defaultCachedSessions = 100;

/** Bytes that one of them counts for: with a chain of certificates of 4 kB. */
export const cachedSessionLength: number = 5 * 1024;

/** Bytes of what is written that `setMaxSendFragment` of `node:tls` can be told for a record: OpenSSL takes no fewer. */
export const minSendFragment = 512;

/** Bytes of content that a record can have (RFC 9846 §5.1). */
export const maxSendFragment: number = 2 ** 14;
