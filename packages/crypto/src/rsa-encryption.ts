import type { Random } from "./random.ts";
import type { RsaPrivateKey, RsaPublicKey } from "./signature.ts";
import type { Awaitable } from "./steps.ts";

/** Encryption with RSA, for the key exchange of that name in TLS 1.2 and before (RFC 5246 §7.4.7.1). */
export interface RsaEncryption {
  /**
   * Makes a public key ready. Keys are refused as by {@link SignatureKeys.verifier}.
   * @throws {CryptoError} `invalid_public_key`
   */
  encrypter(publicKey: RsaPublicKey): Encrypter;
  /**
   * Makes a private key ready. Absent where the provider can't compute with private keys in a time that says nothing of
   * what it decrypts.
   * @throws {CryptoError} `invalid_private_key`, `invalid_public_key`
   */
  readonly decrypter?: ((privateKey: RsaPrivateKey) => Decrypter) | undefined;
}

/** A public key that encrypts. */
export interface Encrypter {
  /** Bytes of the modulus, and of a ciphertext. */
  readonly modulusLength: number;
  /**
   * RSAES-PKCS1-v1_5 (RFC 8017 §7.2.1).
   * @param random for the padding, where the provider takes it from outside.
   * @throws {CryptoError} `invalid_argument` if the message has more than `modulusLength` - 11 bytes.
   */
  encrypt(message: Uint8Array, random: Random): Awaitable<Uint8Array>;
}

/** A private key that decrypts, and may be anywhere: in memory, in an HSM, on another machine. */
export interface Decrypter {
  /** Bytes of the modulus, of a ciphertext, and of what is decrypted. */
  readonly modulusLength: number;
  /**
   * RSADP (RFC 8017 §5.1.2): the operation alone. Padding is still there and isn't looked at, so that nothing here takes
   * another time, or another way, for a wrong one (Bleichenbacher 1998): unpad in constant time.
   * @returns `modulusLength` bytes.
   * @throws {CryptoError} `decryption_failed` for a ciphertext that hasn't `modulusLength` bytes or isn't below the modulus,
   * which whoever made it knows.
   */
  decrypt(ciphertext: Uint8Array): Awaitable<Uint8Array>;
}

/**
 * Whatever decrypts: a private key in its parts, the same inside of what declares it (as key files do), or a decrypter,
 * which may be anywhere.
 */
export type DecryptionKey = Decrypter | RsaPrivateKey | { readonly privateKey: RsaPrivateKey };
