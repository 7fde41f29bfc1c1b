/**
 * How many bytes the body of a handshake message may have. A peer that announces more gets `illegal_parameter`, before
 * anything is buffered: the limits bound the memory that a peer controls.
 */
export const messageLimits: MessageLimits = {
  /** A ClientHello with a post-quantum key share and a ticket has some 2 kB; this leaves room for large tickets. */
  clientHello: 65_536,
  serverHello: 16_384,
  encryptedExtensions: 16_384,
  /** A chain of ten large certificates with their extensions. Most have less than 5 kB. */
  certificate: 131_072,
  certificateRequest: 65_536,
  /** RSA with 8192 bits signs in 1 kB, ML-DSA in 5 kB. */
  certificateVerify: 16_384,
  /** More than any hash has: of a wrong length is `decode_error`, as the decoder finds out. */
  finished: 256,
  newSessionTicket: 131_072,
  endOfEarlyData: 0,
  /** It has one byte. More is `decode_error`, as the decoder finds out; what is announced to be much more is refused. */
  keyUpdate: 256,
};

/** The limit of each message's body, in bytes. */
export interface MessageLimits {
  readonly clientHello: number;
  readonly serverHello: number;
  readonly encryptedExtensions: number;
  readonly certificate: number;
  readonly certificateRequest: number;
  readonly certificateVerify: number;
  readonly finished: number;
  readonly newSessionTicket: number;
  readonly endOfEarlyData: number;
  readonly keyUpdate: number;
}
