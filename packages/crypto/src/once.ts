import type { Aead, AeadAlgorithm } from "./aead.ts";
import { type Awaitable, run, type Steps, wait } from "./steps.ts";

/**
 * Encrypts and authenticates once with this key.
 * @returns the ciphertext with its tag behind it, in a buffer of its own.
 * @throws {CryptoError} `invalid_argument` as {@link AeadAlgorithm.withKey} and {@link Aead.seal}
 */
export function sealOnce(
  algorithm: AeadAlgorithm,
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  plaintext: Uint8Array,
): Awaitable<Uint8Array> {
  return once(algorithm, key, plaintext.length + algorithm.tagLength, (aead, into) =>
    aead.seal(nonce, additionalData, [plaintext], into, 0),
  );
}

/**
 * Verifies and decrypts once with this key.
 * @param ciphertext with its tag behind it.
 * @returns the plaintext, in a buffer of its own.
 * @throws {CryptoError} `authentication_failed`; `invalid_argument` as {@link AeadAlgorithm.withKey} and {@link Aead.open}
 */
export function openOnce(
  algorithm: AeadAlgorithm,
  key: Uint8Array,
  nonce: Uint8Array,
  additionalData: Uint8Array,
  ciphertext: Uint8Array,
): Awaitable<Uint8Array> {
  return once(algorithm, key, Math.max(0, ciphertext.length - algorithm.tagLength), (aead, into) =>
    aead.open(nonce, additionalData, ciphertext, into, 0),
  );
}

function once(
  algorithm: AeadAlgorithm,
  key: Uint8Array,
  length: number,
  write: (aead: Aead, into: Uint8Array) => Awaitable<void>,
): Awaitable<Uint8Array> {
  return run(
    (function* (): Steps<Uint8Array> {
      const aead = algorithm.withKey(key);
      try {
        const into = new Uint8Array(length);
        yield* wait(write(aead, into));
        return into;
      } finally {
        aead.dispose();
      }
    })(),
  );
}
