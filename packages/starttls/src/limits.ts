/**
 * Octets of a line, its end included, at most. RFC 5321 §4.5.3.1.5 has 512 for SMTP, RFC 7162 §4 recommends 8192 for IMAP,
 * whose servers list their capabilities in one line.
 */
export const maxLineLength = 8192;

/** Lines from the peer before TLS, at most: a greeting and a list of extensions are some dozens. */
export const maxLines = 256;

/** Octets from the peer before TLS, at most. The longest dialogue of an honest peer has some thousands. */
export const maxOctets: number = 64 * 1024;
