/**
 * Seconds that a ticket, and all that came of the CertificateVerify that it rests on, may be of use: RFC 9846 §4.7.1.
 * No option goes beyond.
 */
export const maxSessionLifetime: number = 7 * 24 * 60 * 60;

/**
 * Seconds unless told otherwise. A stolen ticket key reads what was sent under psk_ke or as early data for so long, and a
 * revoked certificate is trusted for so long (RFC 9846 §4.7.1, last paragraph). OpenSSL has two hours, BoringSSL two
 * days, Go seven.
 */
export const defaultSessionLifetime: number = 24 * 60 * 60;

/**
 * Bytes of the certificates that a client showed, in a ticket: a chain of three has some 4 kB. A client whose chain is
 * longer gets no tickets, since it would have to send the chain back in each ClientHello.
 */
export const maxCertificateInTicket: number = 8192;

/** Sessions that a client's store in memory keeps for a server: browsers open up to six connections to one. */
export const maxSessionsPerServer: number = 8;

/** Bytes of sessions that a client's store in memory keeps unless told otherwise: with chains of 4 kB, some 3,500. */
export const defaultStoreSize: number = 2 ** 24;

/**
 * Bytes of sessions that a server's store in memory keeps unless told otherwise: some 160,000 sessions of clients that show
 * no certificates. In a process they take some 80 MB, since each is 106 bytes and an entry of a map.
 */
export const defaultStoredTicketsSize: number = 2 ** 24;

/** Seconds after which a ticket key seals no more, unless told otherwise. Nginx and Go change theirs daily at the latest. */
export const defaultKeyPeriod: number = 12 * 60 * 60;

/**
 * ClientHellos that a replay guard in memory remembers unless told otherwise: 1,600 with early data a second for as long
 * as they are remembered at most. More early data is declined.
 */
export const defaultReplayCapacity: number = 2 ** 16;

/** Milliseconds for which a ClientHello with early data is fresh, at most: ten seconds early to ten late (RFC 9846 §8.3). */
export const defaultReplayWindow: number = 20_000;
