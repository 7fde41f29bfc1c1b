import type { HashFunction, HashName } from "./hash.ts";
import type { Awaitable } from "./steps.ts";

/**
 * What the protection of files by passwords needs (RFC 8018): apart from {@link CryptoProvider}, so that who never opens
 * such a file has none of it in the bundle.
 */
export interface PasswordCryptography {
  readonly name: string;
  /** SHA-1 among them, which old files still ask for. */
  readonly hashes: readonly HashFunction[];
  /**
   * PBKDF2 with HMAC over this hash (RFC 8018 §5.2). The caller bounds `iterations`, which take the time that they take.
   * @param length bytes wanted
   */
  pbkdf2(
    hash: HashName,
    password: Uint8Array,
    salt: Uint8Array,
    iterations: number,
    length: number,
  ): Awaitable<Uint8Array>;
  /**
   * scrypt (RFC 7914), which takes 128 · cost · blockSize bytes of memory: the caller bounds them. Absent where the
   * runtime has none.
   * @param length bytes wanted
   * @throws {CryptoError} `invalid_argument` for a cost that isn't a power of two
   */
  readonly scrypt?: (
    password: Uint8Array,
    salt: Uint8Array,
    parameters: ScryptParameters,
    length: number,
  ) => Awaitable<Uint8Array>;
  readonly aesCbc: AesCbc;
}

/** What a derivation by scrypt costs (RFC 7914 §2). */
export interface ScryptParameters {
  /** N: a power of two above 1. */
  readonly cost: number;
  /** r */
  readonly blockSize: number;
  /** p */
  readonly parallelization: number;
}

/**
 * AES in CBC mode with the padding of PKCS#7 (RFC 8018 §6.2, appendix B.2.5): keys of 16, 24 or 32 bytes, initialization
 * vectors of 16. A runtime may lack keys of 24 bytes (`unsupported`). It authenticates nothing: only for where a format leaves no choice.
 */
export interface AesCbc {
  /** @throws {CryptoError} `invalid_argument` for another length of key or vector */
  encrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Awaitable<Uint8Array>;
  /**
   * @throws {CryptoError} `decryption_failed` for a ciphertext of another length or with another padding;
   *   `invalid_argument` for another length of key or vector
   */
  decrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Awaitable<Uint8Array>;
}
