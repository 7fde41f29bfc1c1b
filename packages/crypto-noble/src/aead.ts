import { ecb, gcm } from "@noble/ciphers/aes.js";
import { chacha20, chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { type AeadAlgorithm, type AeadName, checkPlace, cryptoError } from "@tlskit/crypto";

const nonceLength = 12;
const tagLength = 16;
/** RFC 9001 §5.4.1, §5.4.2, in bytes. */
const sampleLength = 16;
const maskLength = 5;

function algorithm(
  name: AeadName,
  noble: typeof gcm | typeof chacha20poly1305,
  keyLength: number,
  mask: (key: Uint8Array, sample: Uint8Array) => Uint8Array,
): AeadAlgorithm {
  const ownKey = (given: Uint8Array): Uint8Array => {
    if (given.length !== keyLength) {
      throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${given.length}`);
    }
    return Uint8Array.from(given);
  };
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
    synchronous: true,
    withKey: (given) => {
      const key = ownKey(given);
      return {
        seal: (nonce, additionalData, pieces, into, at) => {
          checkNonce(nonce);
          const length = pieces.reduce((sum, piece) => sum + piece.length, tagLength);
          checkPlace([nonce, additionalData], pieces, into, at, length);
          const plaintext = joined(pieces, length - tagLength);
          into.set(noble(key, nonce, additionalData).encrypt(plaintext), at);
          if (plaintext !== pieces[0]) plaintext.fill(0);
        },
        open: (nonce, additionalData, ciphertext, into, at) => {
          checkNonce(nonce);
          const length = ciphertext.length - tagLength;
          checkPlace([nonce, additionalData], [ciphertext], into, at, Math.max(0, length));
          try {
            into.set(noble(key, nonce, additionalData).decrypt(ciphertext), at);
          } catch {
            if (length > 0) into.fill(0, at, at + length);
            throw cryptoError("authentication_failed", "the ciphertext is not authentic");
          }
        },
        dispose: () => {
          key.fill(0);
        },
      };
    },
    headerProtection: (given) => {
      const key = ownKey(given);
      return {
        mask: (sample) => {
          if (sample.length !== sampleLength) {
            throw cryptoError("invalid_argument", `a sample has ${sampleLength} bytes, got ${sample.length}`);
          }
          return mask(key, sample);
        },
      };
    },
  };
}

/** noble wants it in one piece, and is slow where that doesn't begin at a multiple of 4 bytes, as in a record it doesn't. */
function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && first.length === length) return first;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/** RFC 9001 §5.4.3: one block of AES. */
function aesMask(key: Uint8Array, sample: Uint8Array): Uint8Array {
  return ecb(key, { disablePadding: true }).encrypt(sample).slice(0, maskLength);
}

/** RFC 9001 §5.4.4: ChaCha20's key stream from the block that the sample counts, in little-endian order, and its nonce. */
function chachaMask(key: Uint8Array, sample: Uint8Array): Uint8Array {
  const counter = new DataView(sample.buffer, sample.byteOffset, 4).getUint32(0, true);
  return chacha20(key, sample.subarray(4), new Uint8Array(maskLength), undefined, counter);
}

export const aes128Gcm: AeadAlgorithm = /* @__PURE__ */ algorithm("AES-128-GCM", gcm, 16, aesMask);
export const aes256Gcm: AeadAlgorithm = /* @__PURE__ */ algorithm("AES-256-GCM", gcm, 32, aesMask);
export const chacha20Poly1305: AeadAlgorithm = /* @__PURE__ */ algorithm(
  "CHACHA20-POLY1305",
  chacha20poly1305,
  32,
  chachaMask,
);
