/**
 * Bytes of data that are sealed at a time: four records, which go to the socket below in one write. Then it is seen
 * whether that takes more.
 */
export const bytesSealedAtOnce: number = 64 * 1024;

/**
 * Bytes from the peer that may wait for a provider that answers late (a remote signer, say) before the socket below is
 * paused: some records of the largest size.
 */
export const maxUnreadBytes: number = 256 * 1024;

/**
 * Bytes of records that may wait for the socket below before it is read no more. Data never comes to so much: it is twice of
 * what is sealed at a time. Answers do, to a peer that asks for new keys again and again and reads nothing.
 */
export const maxWaitingBytes: number = 2 * bytesSealedAtOnce;

/**
 * Milliseconds that the socket below stays open for the peer to hang up, once everything is said. Closing it with unread
 * bytes in the system's buffer would reset the connection, and a reset overtakes the alert that tells the peer why.
 */
export const lingerTime = 1_000;

/** Bytes that are read and thrown away meanwhile: a peer that goes on sending is cut off. */
export const maxLingerBytes: number = 1024 * 1024;

/** Milliseconds that a timer can wait: one that is told more doesn't wait at all. */
export const maxTimerDelay: number = 2 ** 31 - 1;

/** Bytes of what is written that `setMaxSendFragment` can be told for a record: OpenSSL takes no fewer. */
export const minSendFragment = 512;

/** Bytes of content that a record can have (RFC 9846 §5.1). */
export const maxSendFragment: number = 2 ** 14;
