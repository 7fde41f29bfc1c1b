/**
 * Octets that are read of the answer to one hello. The largest honest flights have a chain of post-quantum certificates with
 * a staple: some dozen thousand octets; a Certificate alone may have 128 KiB (`@tlskit/messages`).
 */
export const maxAnswerOctets: number = 256 * 1024;

/** Records of an answer, so that nobody keeps a scan busy with tiny ones: as many as a flight takes octet by octet. */
export const maxAnswerRecords = 8192;

/** Handshake messages of an answer. The longest flight has eight, with a HelloRetryRequest nine. */
export const maxAnswerMessages = 32;

/** Alerts of an answer that end nothing: warnings, of which an honest server has one, `unrecognized_name`. */
export const maxAnswerWarnings = 4;

/** Octets of evidence that a scan keeps of one target. A scan of an honest server, with all checks, has some 500 kB. */
export const maxEvidenceOctets: number = 4 * 1024 * 1024;
