import { type AeadAlgorithm, type AeadName, checkPlace, cryptoError } from "@tlskit/crypto";
import { type Bytes, copied, type SubtleCryptography } from "./subtle.ts";

const nonceLength = 12;
const tagLength = 16;

/**
 * AES-GCM by WebCrypto, which answers later. The key can't be extracted from then on. What was asked for first is handed over
 * first, also while the key is still being imported.
 */
export function aesGcm<K>(
  subtle: SubtleCryptography<K>,
  name: AeadName & `AES-${string}-GCM`,
  keyLength: number,
): AeadAlgorithm {
  const parameters = (nonce: Uint8Array, additionalData: Uint8Array) => {
    if (nonce.length !== nonceLength) {
      throw cryptoError("invalid_argument", `${name} takes a nonce of ${nonceLength} bytes, got ${nonce.length}`);
    }
    return {
      name: "AES-GCM",
      iv: copied(nonce),
      additionalData: copied(additionalData),
      tagLength: 8 * tagLength,
    };
  };
  return {
    name,
    keyLength,
    nonceLength,
    tagLength,
    synchronous: false,
    withKey: (given) => {
      if (given.length !== keyLength) {
        throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${given.length}`);
      }
      let imported: K | PromiseLike<K> | undefined = importKey(subtle, given);
      const key = imported;
      void key.then(
        (ready) => {
          if (imported !== undefined) imported = ready;
        },
        () => undefined, // whoever uses the key is told
      );
      const current = (): K | PromiseLike<K> => {
        if (imported === undefined) throw cryptoError("invalid_argument", "the AEAD was disposed of");
        return imported;
      };
      return {
        seal: (nonce, additionalData, pieces, into, at) => {
          const how = parameters(nonce, additionalData);
          const length = pieces.reduce((sum, piece) => sum + piece.length, tagLength);
          checkPlace([nonce, additionalData], pieces, into, at, length);
          const plaintext = joined(pieces, length - tagLength);
          return seal(current(), plaintext);

          async function seal(by: K | PromiseLike<K>, data: Bytes): Promise<void> {
            into.set(new Uint8Array(await subtle.encrypt(how, await by, data)), at);
            data.fill(0);
          }
        },
        open: (nonce, additionalData, ciphertext, into, at) => {
          const how = parameters(nonce, additionalData);
          const length = Math.max(0, ciphertext.length - tagLength);
          checkPlace([nonce, additionalData], [ciphertext], into, at, length);
          return open(current(), copied(ciphertext));

          async function open(by: K | PromiseLike<K>, data: Bytes): Promise<void> {
            const usable = await by;
            let plaintext: Uint8Array;
            try {
              plaintext = new Uint8Array(await subtle.decrypt(how, usable, data));
            } catch {
              into.fill(0, at, at + length);
              throw cryptoError("authentication_failed", "the ciphertext is not authentic");
            }
            into.set(plaintext, at);
            plaintext.fill(0);
          }
        },
        dispose: () => {
          imported = undefined;
        },
      };
    },
  };
}

/** The bytes given are copied in this very call. */
async function importKey<K>(subtle: SubtleCryptography<K>, given: Uint8Array): Promise<K> {
  const key = copied(given);
  try {
    return await subtle.importKey("raw", key, { name: "AES-GCM" }, false, ["encrypt", "decrypt"]);
  } finally {
    key.fill(0);
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Bytes {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
