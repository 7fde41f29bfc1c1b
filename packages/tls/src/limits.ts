/**
 * KeyUpdates in a row that weren't asked for, without data between them; each costs a derivation. One more is
 * `unexpected_message`. BoringSSL has the same limit, and counts answers too.
 */
export const maxKeyUpdatesInARow = 32;

/**
 * Tickets in a row without data between them. One more is `unexpected_message`: a server of ours gives as many on a whole
 * connection, and one that sends nothing else keeps a connection for ever that does nothing.
 */
export const maxTicketsInARow = 256;

/**
 * Alerts in a row that end nothing: `user_canceled`, and before TLS 1.3 warnings (RFC 5246 §7.2.2). One more is
 * `unexpected_message`: nobody has more to say, and each costs a record to open. BoringSSL has the same limit.
 */
export const maxIgnoredAlerts = 4;

/** Milliseconds that a handshake may take unless told otherwise. */
export const defaultHandshakeTimeout = 30_000;

/**
 * Certificates of a path that peers' chains may have unless told otherwise, leaf and anchor included: paths on the web have
 * two to five. A longer one is `bad_certificate`, as is one more of what follows.
 */
export const defaultMaxChainLength = 10;

/**
 * Certificates that a peer may show unless told otherwise: some servers send more than is needed, cross-certificates and
 * roots most of all. All have at most 128 KiB together.
 */
export const defaultMaxCertificates = 32;

/**
 * Certificates of peers that a context keeps as read, 128 KiB in all with what reading makes of them: a few servers' chains.
 * Longer ones than this many bytes aren't kept; those on the web have one to two thousand.
 */
export const maxRecentCertificates = 8;
export const maxRecentCertificateLength = 4_096;

/**
 * Names of authorities that are looked at where a certificate is chosen by them: the others of a longer list are as good as
 * absent. Each takes some microseconds, and a ClientHello has room for sixteen thousand; servers that trust a whole
 * system's store send two hundred.
 */
export const maxAuthoritiesLookedAt = 1_000;

/**
 * Bytes of an OCSP response that is shown beside a certificate: what goes into an extension behind the status's type and the
 * response's length (RFC 6066 §8). Those in use have some hundred, or two thousand with a responder's certificate.
 */
export const maxStapleLength: number = 0xffff - 1 - 3;

/** Milliseconds before an OCSP response is asked for again that couldn't be had, or isn't newer. */
export const stapleRetryInterval = 60_000;

/** RFC 9846 §4.7.3: key updates that we send at most on a connection. */
export const maxKeyUpdatesSent: number = 2 ** 48 - 1;

/** Bytes of content that records of ours are at least allowed, as RFC 8449 §4 has it for a peer's wishes. */
export const minRecordSize = 64;

/**
 * Handshakes that a client makes on a connection because the server has asked for another one, if it makes any: each costs
 * as much as a connection does. More wishes are refused. A server that wants to know who its client is asks once.
 */
export const maxRenegotiations = 10;

/**
 * Wishes for a renegotiation that are refused with a warning, in a connection of TLS 1.2. One more is
 * `unexpected_message`: whoever is told `no_renegotiation` has no reason to ask again. RFC 5246 §7.2.2 has no limit.
 */
export const maxRenegotiationsRefused = 4;

/**
 * HelloRequests in a handshake of TLS 1.2, which are passed over (RFC 5246 §7.4.1.1). One more is `unexpected_message`.
 * A server has no reason for any: OpenSSL sends none then.
 */
export const maxHelloRequests = 4;
