/** How many times as long as its data early data's records are taken to be: small ones are mostly overhead. */
export const earlyDataOverhead = 4;

/**
 * RFC 9846 §4.3.10, in bytes of records: early data that a server passes over unless told otherwise, also if no ticket of
 * ours allows any: a client may have one of another server with the same name, of which most allow 2^14 bytes of data.
 */
export const defaultMaxSkippedEarlyData: number = earlyDataOverhead * 2 ** 14;

/**
 * Tickets of a connection that a client keeps. Servers send up to four; the others of one that sends more are read and
 * dropped.
 */
export const maxTicketsKept: number = 16;

/**
 * Identities of a ClientHello that a server looks up, of which each may take a decryption or a question to a store. Clients
 * offer one, seldom two; those behind aren't looked at.
 */
export const maxIdentitiesTried: number = 4;

/** Tickets that a server sends after a full handshake unless told otherwise: as OpenSSL and BoringSSL do. */
export const defaultTicketCount: number = 2;

/** Tickets that a server sends a client that asks for more (RFC 9149 §5): more than browsers open connections at once. */
export const maxTicketCount: number = 8;

/**
 * Milliseconds for which the cookie of a HelloRetryRequest is good (RFC 9846 §4.3.2), and by which another server's clock
 * may be ahead: as long as a handshake takes at most. Within it a cookie can be used again.
 */
export const cookieLifetime: number = 30_000;

/**
 * Milliseconds by which a ticket's age may differ from what it should be, for early data to be taken (RFC 9846 §8.3):
 * what the RFC has for the Internet.
 */
export const defaultEarlyDataTolerance: number = 10_000;

/**
 * Bytes of a ClientHello that the identities of keys from outside and their binders may take: half of what the extension
 * can have, so that a ticket has room beside them. With names of 32 bytes that is 376 keys.
 */
export const maxExternalPskBytes: number = 2 ** 15;

/** Tickets that a server gives on a connection at most: as many as their nonces of one byte are different for. */
export const maxTicketNonce = 256;

/**
 * CertificateRequests after the handshake that wait for their answers, at either end (RFC 9846 §4.7.2). At a server each
 * keeps a copy of the handshake's messages, and one more is the caller's error; at a client each may ask a person, and one
 * more is `unexpected_message`. An application has a use for one.
 */
export const maxPendingCertificateRequests: number = 4;

/**
 * CertificateRequests after the handshake that a client answers on a connection: an answer is many times as long as a
 * request, and a server that doesn't read could have them pile up. One more is `unexpected_message`.
 */
export const maxCertificateRequests: number = 100;
