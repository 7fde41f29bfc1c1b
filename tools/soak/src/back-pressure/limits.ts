/** Bytes that a writer offers at a time. */
export const chunkLength: number = 64 * 1024;

/** Bytes that a writer would get rid of in no time if nobody told it to wait, and that no kernel takes. */
export const offered: number = 256 * 1024 * 1024;

/** Bytes that a slow reader reads at a time, and milliseconds until it does again: 1 kB a second. */
export const sip = 100;
export const pause = 100;

/** Streams of each kind at once. */
export const streamsOfAKind = 8;

/**
 * Bytes of writes that a socket may keep: what its mark allows, and one write more, which is answered by being told to
 * wait.
 */
export const mostToWrite = (mark: number): number => mark + chunkLength;

/**
 * Bytes of data that a socket may keep for its reader: what its mark allows, and what the system was asked for at a time
 * before that was seen.
 */
export const mostToRead = (mark: number): number => mark + 64 * 1024;

/**
 * Bytes of memory that a stream may take at both ends together, beyond what its two idle connections do: data as above at one
 * end, at the other writes as above, and what was sealed of them and the system hasn't taken, which is 64 KiB with
 * overhead, in a buffer of its own.
 */
export const mostMemory: number = 512 * 1024;

/** Milliseconds between two looks. */
export const lookEvery = 250;
