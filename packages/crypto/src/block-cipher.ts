import type { HashName } from "./hash.ts";

/** A block cipher in CBC mode (SP 800-38A §6.2): its name. */
export type BlockCipherName = "AES-128-CBC" | "AES-256-CBC" | "3DES-EDE-CBC";

/**
 * A block cipher in CBC mode, over whole blocks and without padding: for the records of TLS 1.2 and before (RFC 5246
 * §6.2.3.2), whose padding is TLS's own. It authenticates nothing. Always answers at once.
 */
export interface BlockCipherAlgorithm {
  readonly name: BlockCipherName;
  /** Bytes of a key. */
  readonly keyLength: number;
  /** Bytes of a block, and of an initialization vector. */
  readonly blockLength: number;
  /**
   * The algorithm with a key of `keyLength` bytes; the key's bytes are copied.
   * @throws {CryptoError} `invalid_argument` for another length.
   */
  withKey(key: Uint8Array): BlockCipher;
  /**
   * Opens records that were made by MAC-then-encrypt, in a time that tells nothing of padding and MAC but whether both are
   * right: where what lies beneath the provider has a way of its own to do so. Elsewhere it is absent, and whoever opens
   * such records has to compensate by itself, with `decrypt` and hashes.
   * @param key of `keyLength` bytes, which are copied.
   * @param hash what the HMAC is over.
   * @param macKey copied.
   * @throws {CryptoError} `invalid_argument` for another length of the key; `unsupported` for a hash that it can't do that
   * with.
   */
  readonly openMacThenEncrypt?:
    | ((key: Uint8Array, hash: HashName, macKey: Uint8Array) => MacThenEncryptOpening)
    | undefined;
}

/**
 * A block cipher in CBC mode with its key.
 *
 * It writes into a place that the caller gives, as an {@link Aead} does: `into`, from `at` on, as many bytes as it reads.
 * What it reads and that place are disjoint, or it works exactly in place; any other overlap is refused
 * ({@link checkPlace}).
 */
export interface BlockCipher {
  /**
   * Encrypts.
   * @param iv `blockLength` bytes: for TLS 1.1 and 1.2 new random ones for each record, for TLS 1.0 the last block of the
   * record before.
   * @param pieces of the plaintext, in order, together a multiple of `blockLength`.
   * @throws {CryptoError} `invalid_argument` if the vector hasn't `blockLength` bytes, the plaintext isn't whole blocks, or
   * the place isn't inside `into` or overlaps what is read.
   */
  encrypt(iv: Uint8Array, pieces: readonly Uint8Array[], into: Uint8Array, at: number): void;
  /**
   * Decrypts. Whatever comes out is not authentic until a MAC has been looked at.
   * @param ciphertext a multiple of `blockLength`.
   * @throws {CryptoError} `invalid_argument` as for `encrypt`.
   */
  decrypt(iv: Uint8Array, ciphertext: Uint8Array, into: Uint8Array, at: number): void;
  /** Frees what it holds beside memory of JavaScript's, and its key. It is never called again. */
  dispose(): void;
}

/** The opening of records made by MAC-then-encrypt (RFC 5246 §6.2.3.1, §6.2.3.2), with its keys. */
export interface MacThenEncryptOpening {
  /**
   * Decrypts, takes padding and MAC away, and verifies both.
   * @param iv `blockLength` bytes. TLS 1.1 and 1.2 have them in front of the ciphertext, which doesn't hold them here.
   * @param header what is authenticated of a record in front of its length: sequence number, content type and version, 11
   * bytes.
   * @param ciphertext a multiple of `blockLength`, at least as long as MAC and one byte of padding.
   * @param into where the content goes, from `at` on: there has to be room for as many bytes as `ciphertext` has. Behind
   * the content there are zeros.
   * @returns bytes of the content.
   * @throws {CryptoError} `authentication_failed`, whatever the reason: zeros are in the place then; `invalid_argument` if
   * vector or header have another length, or the place isn't inside `into` or overlaps what is read.
   */
  open(iv: Uint8Array, header: Uint8Array, ciphertext: Uint8Array, into: Uint8Array, at: number): number;
  /** Frees what it holds beside memory of JavaScript's, and its keys. It is never called again. */
  dispose(): void;
}
