/** RFC 9846 §5.1, in bytes: the content of a record. More is `record_overflow`. */
export const maxPlaintextLength: number = 2 ** 14;

/** RFC 9846 §5.2, in bytes: a protected record's body, with content type, padding and the AEAD's expansion. */
export const maxCiphertextLength: number = 2 ** 14 + 256;

/** RFC 5246 §6.2.3#length, in bytes: a protected record's body in TLS 1.2 and earlier. More is `record_overflow`. */
export const maxTls12CiphertextLength: number = 2 ** 14 + 2048;

/** Bytes of a record's header: type, version and length. */
export const recordHeaderLength = 5;

/**
 * Records in a row that move nothing forward (dropped change_cipher_spec, empty application data). A peer that sends
 * more keeps us busy for nothing and gets `unexpected_message`.
 *
 * RFC 9846 §5 has no such limit: a change_cipher_spec in the handshake is simply dropped, however many come, and
 * empty records are allowed. One is sent for compatibility, two at most with a HelloRetryRequest. BoringSSL and OpenSSL
 * take 32 in a row too, rustls two in a connection, and Go has a limit of its own.
 */
export const maxUselessRecords = 32;

/**
 * Bytes of a buffer that whole records are written or opened into, one behind the other, at most; a record alone may be
 * longer. Fewer buffers cost less, up to where an allocator asks the system for fresh pages each time: 128 KiB in
 * glibc (`pnpm bench record-layer`).
 */
export const bufferSize: number = 2 ** 16 + 2 ** 10;
