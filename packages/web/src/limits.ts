/**
 * Bytes of data that wait to be read, or to be opened by a provider that answers late, before the stream below is read no
 * further: some records of the largest size. One chunk of that stream's comes on top.
 */
export const maxUnreadBytes: number = 256 * 1024;

/** Milliseconds after which it is looked again whether that provider has got on, where nothing has told so. */
export const unreadCheckInterval = 20;

/** Bytes that a read gives at most of what waits in several pieces: they are copied together. */
export const maxReadAtOnce: number = 64 * 1024;

/**
 * Bytes of data that are sealed at a time: four records, which go to the stream below in one chunk. Then that is asked
 * whether it can take more.
 */
export const bytesSealedAtOnce: number = 64 * 1024;

/**
 * Bytes that the stream below has been given and hasn't taken before it is waited for, however much room it says it has: a
 * socket in a Worker says so always.
 */
export const maxUntakenBytes: number = 64 * 1024;

/**
 * Bytes that the stream below has been given and hasn't taken before it is read no more. Data never comes to so much. Answers
 * do, to a peer that asks for new keys again and again and reads nothing.
 */
export const maxUntakenAnswers: number = maxUntakenBytes + 2 * bytesSealedAtOnce;

/** Bytes that `writable` holds before a writer's `ready` tells it to wait. */
export const writableBufferSize: number = 64 * 1024;

/**
 * Milliseconds that the stream below has to take the last bytes and that, behind an alert, the peer has to hang up: a TCP
 * connection that is closed with unread bytes is reset, and a reset overtakes the alert that tells the peer why.
 */
export const lingerTime = 1_000;

/** Bytes that are read and thrown away meanwhile: a peer that goes on sending is cut off. */
export const maxLingerBytes: number = 1024 * 1024;

/** Milliseconds that a timer can wait: one that is told more doesn't wait at all. */
export const maxTimerDelay: number = 2 ** 31 - 1;

/**
 * Bytes that a peer may send before any of them has been read, where a transport has no back-pressure and credits stand in
 * for it: what it sends beyond that ends the connection.
 */
export const creditWindow: number = 256 * 1024;

/** Bytes of data in a message under credits. A longer one ends the connection. */
export const maxCreditedMessage: number = 64 * 1024;

/**
 * Bytes that a peer may have granted and that haven't been sent: whoever takes a grant for more at its word has no
 * back-pressure. One that grants more ends the connection.
 */
export const maxCredit: number = 16 * 1024 * 1024;

/**
 * Bytes that wait to be read where a WebSocket has no credits, and so no back-pressure: what comes beyond that ends the
 * connection. A page that reads never comes near it.
 */
export const maxUnreadWithoutCredits: number = 16 * 1024 * 1024;

/** Bytes that a WebSocket without credits has taken and not sent, above which writes wait. */
export const maxUnsentWithoutCredits: number = 256 * 1024;

/** Milliseconds after which a WebSocket is asked again whether it has sent what it has: it has no event for that. */
export const unsentPollTime = 10;
