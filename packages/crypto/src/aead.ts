import type { HeaderProtection } from "./header-protection.ts";
import type { Awaitable } from "./steps.ts";

/** An AEAD's name. */
export type AeadName =
  | "AES-128-GCM"
  | "AES-256-GCM"
  | "CHACHA20-POLY1305"
  | "AES-128-CCM"
  | "AES-256-CCM"
  | "AES-128-CCM-8"
  | "AES-256-CCM-8";

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
   * Whether `seal` and `open` have always done their work when they return. Then they answer `undefined`, and nothing has
   * to be kept as it is for them.
   */
  readonly synchronous: boolean;
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
 *
 * It writes into a place that the caller gives: `into`, from `at` on. What it reads and that place are disjoint, or it
 * works exactly in place: each byte is read where its result is written. Any other overlap is refused
 * ({@link checkPlace}).
 *
 * Until the answer is there, what is handed in is read and isn't to be changed, and the place is the AEAD's own: nobody
 * else reads or writes it.
 */
export interface Aead {
  /**
   * Encrypts and authenticates.
   * @param pieces of the plaintext, in order.
   * @param into where the ciphertext goes, `tagLength` bytes longer than the plaintext, with the tag at its end. Nothing
   * else of it is written to.
   * @throws {CryptoError} `invalid_argument` if the nonce hasn't `nonceLength` bytes, the place isn't inside `into` or
   * overlaps what is read, or the plaintext is longer than the algorithm takes: for AES-CCM 2^24 - 1 bytes (RFC 5116
   * §5.3).
   */
  seal(
    nonce: Uint8Array,
    additionalData: Uint8Array,
    pieces: readonly Uint8Array[],
    into: Uint8Array,
    at: number,
  ): Awaitable<void>;
  /**
   * Verifies and decrypts.
   * @param ciphertext with its tag behind it.
   * @param into where the plaintext goes, `tagLength` bytes shorter than the ciphertext. If that isn't authentic, zeros
   * are there instead.
   * @throws {CryptoError} `authentication_failed`, whatever the reason; `invalid_argument` as for `seal`.
   */
  open(
    nonce: Uint8Array,
    additionalData: Uint8Array,
    ciphertext: Uint8Array,
    into: Uint8Array,
    at: number,
  ): Awaitable<void>;
  /**
   * Frees what the AEAD holds beside memory of JavaScript's, and its key. It is never called again; what it still works
   * on may fail.
   */
  dispose(): void;
}
