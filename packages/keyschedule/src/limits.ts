/** What is read of a key log at most. */
export const keyLogLimits: {
  /**
   * Characters in a line. RFC 9850's longest is ECH_CONFIG's, which has up to 2^16 bytes in hexadecimal digits; this
   * leaves room for its label. A longer line is told of as malformed, and isn't looked into.
   */
  readonly line: number;
} = { line: 132_000 };
