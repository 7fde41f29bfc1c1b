/** Characters of a key's name, at most: its length is one byte. */
export const maxKeyNameLength = 255;

/** Characters of an algorithm's name, at most. Those that there are have 16 or fewer. */
export const maxAlgorithmNameLength = 64;

/** Bytes of a signature, at most: one of an RSA key of 8192 bits, which is the longest key that is taken, has 1024. */
export const maxSignatureLength = 1024;

/**
 * Bytes of a request's body, at most: the longest that the syntax has, the parameters of TLS 1.2 with a point on P-521
 * under the longest names. Known before a byte of the body is kept.
 */
export const maxRequestLength: number = 1 + maxKeyNameLength + 1 + maxAlgorithmNameLength + 1 + 201;

/** Bytes of an answer's body, at most: a signature behind its length is the longest. */
export const maxAnswerLength: number = 2 + maxSignatureLength;

/**
 * Requests of a connection that are worked on at a time unless told otherwise. Those behind wait, and the transport is
 * told to read no more: a frontend can't heap up work.
 */
export const defaultRequestsInFlight = 256;

/** Bytes from a frontend that may wait while as many requests are worked on: a transport that reads on beyond is cut off. */
export const maxUnreadBytes: number = 256 * 1024;

/**
 * Signatures that a key's signer has not answered yet, at most, unless told otherwise, those included that nobody waits
 * for any longer: where a signer hangs, what is asked of it doesn't heap up.
 */
export const defaultSignaturesPending = 256;

/**
 * Milliseconds that a key's signer has for a signature, unless told otherwise. An HSM takes some tens; a TLS handshake
 * has thirty seconds with us, and browsers give up sooner.
 */
export const defaultSignatureTimeout = 2000;

/**
 * Milliseconds that a client waits for an answer, unless told otherwise: longer than a server gives a signer, so that it
 * is the server that says why. When it has waited for so long it takes the server for gone.
 */
export const defaultAnswerTimeout = 3000;

/** Requests that a client has open at a time, at most, unless told otherwise: as many handshakes wait for signatures. */
export const defaultRequestsOpen = 4096;
