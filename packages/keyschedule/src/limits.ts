/** What is read of a key log at most. */
export const keyLogLimits: {
  /**
   * Characters in a line. RFC 9850's longest is ECH_CONFIG's, which has up to 2^16 bytes in hexadecimal digits; this
   * leaves room for its label. A longer line is told of as malformed, and isn't looked into.
   */
  readonly line: number;
} = { line: 132_000 };

/** Bytes of a pre-shared key from outside at least: 128 bits (RFC 9257 §6). */
export const minPskLength: number = 16;

/**
 * Bytes of such a key for TLS 1.2 at most: what its length may be in a preliminary secret (RFC 4279 §2). RFC 4279 §5.3#lengths, §5.3#longer
 * have 64 as the least that there has to be.
 */
export const maxTls12PskLength: number = 0xffff;

/**
 * Bytes of the identity of a key for TLS 1.2 at most, and of a hint for one, so that they fit beside a key share into the
 * 16 KiB that a message may have. RFC 4279 §5.3#lengths, §5.3#longer have 128 as the least that there has to be; OpenSSL takes 256.
 */
export const maxTls12PskIdentityLength: number = 8_192;

/**
 * Bytes of such a key's identity on the wire at most, so that several fit into a ClientHello, whose extension has 65,535
 * for all. OpenSSL takes 256, GnuTLS the whole extension.
 */
export const maxPskIdentityLength: number = 16_384;
/**
 * Bytes that a PRF of TLS 1.2 or earlier gives at most. RFC 5246 §5 has no end; nobody asks for more than a key block or
 * some exported keys, and this keeps a length that comes of a mistake from taking all memory.
 */
export const maxPrfOutput = 65_535;
