import type { HeaderProtection } from "./header-protection.ts";
import type { Awaitable } from "./steps.ts";

/** An AEAD's name. */
export type AeadName = "AES-128-GCM" | "AES-256-GCM" | "CHACHA20-POLY1305" | "AES-128-CCM";

/** Authenticated encryption with associated data (RFC 5116). */
export interface AeadAlgorithm {
  readonly name: AeadName;
  /** Bytes of a key. */
  readonly keyLength: number;
  /** Bytes of a nonce. */
  readonly nonceLength: number;
  /** Bytes by which a ciphertext is longer than its plaintext. */
  readonly tagLength: number;
  /**
   * The algorithm with a key of `keyLength` bytes; the key's bytes are copied.
   * @throws {CryptoError} `invalid_argument` for another length.
   */
  withKey(key: Uint8Array): Aead;
  /**
   * The header protection that QUIC has for this AEAD (RFC 9001 §5.4.3, §5.4.4), with a key of `keyLength` bytes, which
   * are copied. TLS doesn't need it, and a provider may leave it out.
   * @throws {CryptoError} `invalid_argument` for another length.
   */
  readonly headerProtection?: ((key: Uint8Array) => HeaderProtection) | undefined;
}

/**
 * An AEAD with its key. Whoever calls it answers for never sealing twice with one nonce.
 * What is handed in is read until the answer is there and never written to.
 */
export interface Aead {
  /**
   * Encrypts and authenticates.
   * @returns the ciphertext with its tag behind it, in a buffer of its own.
   * @throws {CryptoError} `invalid_argument` if the nonce hasn't `nonceLength` bytes, or the plaintext is longer than the
   * algorithm takes: for AES-CCM 2^24 - 1 bytes (RFC 5116 §5.3).
   */
  seal(nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array): Awaitable<Uint8Array>;
  /**
   * Verifies and decrypts.
   * @param ciphertext with its tag behind it.
   * @returns the plaintext, in a buffer of its own, only ever once it has been verified.
   * @throws {CryptoError} `authentication_failed`, whatever the reason; `invalid_argument` for a nonce's length.
   */
  open(nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array): Awaitable<Uint8Array>;
}
