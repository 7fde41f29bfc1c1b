/**
 * KeyUpdates in a row that weren't asked for, without data between them; each costs a derivation. One more is
 * `unexpected_message`. BoringSSL has the same limit, and counts answers too.
 */
export const maxKeyUpdatesInARow = 32;

/** Alerts that end nothing (`user_canceled`), which a peer may send before `close_notify`. One more is `unexpected_message`. */
export const maxIgnoredAlerts = 4;

/** Milliseconds that a handshake may take unless told otherwise. */
export const defaultHandshakeTimeout = 30_000;

/** RFC 9846 §4.7.3: key updates that we send at most on a connection. */
export const maxKeyUpdatesSent: number = 2 ** 48 - 1;

/** Bytes of content that records of ours are at least allowed, as RFC 8449 §4 has it for a peer's wishes. */
export const minRecordSize = 64;
