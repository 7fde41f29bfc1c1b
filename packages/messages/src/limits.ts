/**
 * How many bytes the body of a handshake message may have here, by the message's name, where its syntax allows more
 * (`MessageType.maxLength`). They bound the memory that a peer controls: a header that announces more is refused before
 * anything is kept, with the code `message_too_long` and the alert `internal_error`.
 *
 * The alert: RFC 9846 §6.2 has none for this. Such a message conforms to the syntax, so that it isn't `decode_error`
 * (which NSS, GnuTLS and rustls send), and nothing in it is incorrect or inconsistent, so that it isn't
 * `illegal_parameter` (OpenSSL, BoringSSL). It is we who can't go on, as with an allocation that failed: Go says so.
 */
export const messageLimits: MessageLimits = {
  /**
   * One with a post-quantum key share and a ticket has some 2 kB; this leaves room for large tickets and many shares.
   * More than 2^16 bytes Go and rustls don't take either, BoringSSL 2^14; NSS and GnuTLS take 2^17, OpenSSL all that
   * there can be. A server may be told another limit.
   */
  ClientHello: 65_536,
  /** It answers what was offered: the largest key share there is has 1.6 kB. */
  ServerHello: 16_384,
  /** Its cookie has to fit into our second ClientHello, beside what else there is to say. */
  HelloRetryRequest: 16_384,
  /** It answers what was offered, in some hundred bytes. */
  EncryptedExtensions: 16_384,
  /** A chain of ten large certificates with their extensions. Most have less than 5 kB. */
  Certificate: 131_072,
  /** TLS 1.2: a group of finite fields with 8192 bits takes 3 kB, with a signature as in CertificateVerify. */
  ServerKeyExchange: 16_384,
  /** TLS 1.2: as much as the group's numbers and an encrypted secret take, which have 1 kB at most, with an identity. */
  ClientKeyExchange: 16_384,
  /** TLS 1.2: an OCSP response with its signer's certificates; RFC 6960's have some kB. */
  CertificateStatus: 65_536,
  /** RSA with 8192 bits signs in 1 kB, ML-DSA in 5 kB. */
  CertificateVerify: 16_384,
};

/** The limits of messages' bodies, in bytes. What has none here is limited by its syntax alone. */
export interface MessageLimits {
  readonly ClientHello: number;
  readonly ServerHello: number;
  readonly HelloRetryRequest: number;
  readonly EncryptedExtensions: number;
  readonly Certificate: number;
  readonly ServerKeyExchange: number;
  readonly ClientKeyExchange: number;
  readonly CertificateStatus: number;
  readonly CertificateVerify: number;
}

/**
 * Bytes in the body of a message of a type that isn't known, where such a message is passed over: as many as are taken
 * of a Certificate, the largest that is known, for it may be one that is compressed.
 */
export const maxUnknownMessageLength: number = messageLimits.Certificate;
