import { cbc } from "@noble/ciphers/aes.js";
import { type BlockCipherAlgorithm, type BlockCipherName, checkPlace, cryptoError } from "@tlskit/crypto";

const blockLength = 16;
const withoutPadding = { disablePadding: true };

function algorithm(name: BlockCipherName, keyLength: number): BlockCipherAlgorithm {
  const check = (iv: Uint8Array, pieces: readonly Uint8Array[], into: Uint8Array, at: number): number => {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (iv.length !== blockLength) {
      throw cryptoError("invalid_argument", `${name} takes a vector of ${blockLength} bytes, got ${iv.length}`);
    }
    if (length % blockLength !== 0) {
      throw cryptoError("invalid_argument", `${name} takes blocks of ${blockLength} bytes, got ${length} bytes`);
    }
    checkPlace([iv], pieces, into, at, length);
    return length;
  };
  return {
    name,
    keyLength,
    blockLength,
    withKey: (given) => {
      if (given.length !== keyLength) {
        throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${given.length}`);
      }
      const key = Uint8Array.from(given);
      return {
        encrypt: (iv, pieces, into, at) => {
          const plaintext = new Uint8Array(check(iv, pieces, into, at));
          let offset = 0;
          for (const piece of pieces) {
            plaintext.set(piece, offset);
            offset += piece.length;
          }
          into.set(cbc(key, iv, withoutPadding).encrypt(plaintext), at);
          plaintext.fill(0);
        },
        decrypt: (iv, ciphertext, into, at) => {
          // noble knows no ciphertext without a block.
          if (check(iv, [ciphertext], into, at) === 0) return;
          const plaintext = cbc(key, iv, withoutPadding).decrypt(ciphertext);
          into.set(plaintext, at);
          plaintext.fill(0);
        },
        dispose: () => {
          key.fill(0);
        },
      };
    },
  };
}

/** AES by tables, which isn't constant in time; as for AES-GCM. */
export const aes128Cbc: BlockCipherAlgorithm = /* @__PURE__ */ algorithm("AES-128-CBC", 16);
export const aes256Cbc: BlockCipherAlgorithm = /* @__PURE__ */ algorithm("AES-256-CBC", 32);
