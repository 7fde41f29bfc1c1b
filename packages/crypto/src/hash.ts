/** A hash function's name, as in FIPS 180-4. */
export type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

/**
 * A hash function, with the HMAC over it. Always answers at once.
 * @typeParam Name MD5 (RFC 1321) is none of the hash functions that may be asked for by name: it is for TLS before 1.2.
 */
export interface HashFunction<Name extends HashName | "MD5" = HashName> {
  readonly name: Name;
  /** Bytes of a digest. */
  readonly length: number;
  /** The digest of a message. */
  digest(message: Uint8Array): Uint8Array;
  /** HMAC (RFC 2104) of a message: `length` bytes. The key may have any length. */
  hmac(key: Uint8Array, message: Uint8Array): Uint8Array;
  /** A hash over a message that comes in parts. */
  start(): RunningHash;
}

/** A hash over a message that comes in parts, such as a handshake's transcript. */
export interface RunningHash {
  /** Adds a part. The bytes are used before the call returns. */
  update(part: Uint8Array): void;
  /** The digest of all parts until now; more may be added afterwards. */
  digest(): Uint8Array;
}
