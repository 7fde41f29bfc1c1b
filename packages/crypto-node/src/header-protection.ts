import { createCipheriv } from "node:crypto";
import { type AeadAlgorithm, cryptoError } from "@tlskit/crypto";
import { runtimeHasCipher } from "./runtime.ts";

/** RFC 9001 §5.4.1, §5.4.2, in bytes. */
const sampleLength = 16;
const maskLength = 5;

/** QUIC's header protection by a cipher with OpenSSL's name; nothing where the runtime hasn't got it. */
export function headerProtection(cipher: string, keyLength: number): AeadAlgorithm["headerProtection"] {
  if (!runtimeHasCipher(cipher)) return undefined;
  const mask = cipher === "chacha20" ? chachaMask : aesMask(cipher);
  return (given) => {
    if (given.length !== keyLength) {
      throw cryptoError("invalid_argument", `${cipher} takes a key of ${keyLength} bytes, got ${given.length}`);
    }
    const key = Uint8Array.from(given);
    return {
      mask: (sample) => {
        if (sample.length !== sampleLength) {
          throw cryptoError("invalid_argument", `a sample has ${sampleLength} bytes, got ${sample.length}`);
        }
        return Uint8Array.from(mask(key, sample).subarray(0, maskLength));
      },
    };
  };
}

/** RFC 9001 §5.4.3: one block of AES. */
function aesMask(cipher: string): (key: Uint8Array, sample: Uint8Array) => Uint8Array {
  return (key, sample) => createCipheriv(cipher, key, null).setAutoPadding(false).update(sample);
}

/** RFC 9001 §5.4.4: ChaCha20's key stream. OpenSSL takes counter and nonce in one, laid out as a sample is. */
function chachaMask(key: Uint8Array, sample: Uint8Array): Uint8Array {
  return createCipheriv("chacha20", key, sample).update(new Uint8Array(maskLength));
}
