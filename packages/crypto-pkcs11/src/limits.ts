/**
 * Sessions with a token at a time, for one key, unless told otherwise: each signs one thing at a time, in one of the four
 * threads that Node has for such work.
 */
export const defaultMaxSessions = 4;

/** Signatures that wait for a session, at most, unless told otherwise: what comes beyond fails at once. */
export const defaultMaxWaiting = 1024;

/** Bytes of a signature, at most: of RSA with 8192 bits. */
export const maxSignatureLength = 1024;
