import { gcm } from "@noble/ciphers/aes.js";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { type AeadAlgorithm, type AeadName, cryptoError } from "@tlskit/crypto";

const nonceLength = 12;
const tagLength = 16;

function algorithm(name: AeadName, noble: typeof gcm | typeof chacha20poly1305, keyLength: number): AeadAlgorithm {
  const checkNonce = (nonce: Uint8Array): void => {
    if (nonce.length !== nonceLength) {
      throw cryptoError("invalid_argument", `${name} takes a nonce of ${nonceLength} bytes, got ${nonce.length}`);
    }
  };
  return {
    name,
    keyLength,
    nonceLength,
    tagLength,
    withKey: (given) => {
      if (given.length !== keyLength) {
        throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${given.length}`);
      }
      const key = Uint8Array.from(given);
      return {
        seal: (nonce, additionalData, plaintext) => {
          checkNonce(nonce);
          return noble(key, nonce, additionalData).encrypt(plaintext);
        },
        open: (nonce, additionalData, ciphertext) => {
          checkNonce(nonce);
          try {
            return noble(key, nonce, additionalData).decrypt(ciphertext);
          } catch {
            throw cryptoError("authentication_failed", "the ciphertext is not authentic");
          }
        },
      };
    },
  };
}

export const aes128Gcm: AeadAlgorithm = algorithm("AES-128-GCM", gcm, 16);
export const aes256Gcm: AeadAlgorithm = algorithm("AES-256-GCM", gcm, 32);
export const chacha20Poly1305: AeadAlgorithm = algorithm("CHACHA20-POLY1305", chacha20poly1305, 32);
