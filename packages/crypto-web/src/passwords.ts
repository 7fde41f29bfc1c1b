import { cryptoError, type HashFunction, type PasswordCryptography } from "@tlskit/crypto";
import { isAboutData, webCryptoFailed } from "./failures.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** As much of `SubtleCrypto` as derives keys from passwords and encrypts with them. */
export interface SubtlePasswords<K> {
  importKey(format: "raw", key: Bytes, algorithm: string, extractable: boolean, usages: SubtleUsage[]): PromiseLike<K>;
  deriveBits(
    algorithm: { name: "PBKDF2"; hash: string; salt: Bytes; iterations: number },
    key: K,
    length: number,
  ): PromiseLike<ArrayBuffer>;
  encrypt(algorithm: { name: "AES-CBC"; iv: Bytes }, key: K, data: Bytes): PromiseLike<ArrayBuffer>;
  decrypt(algorithm: { name: "AES-CBC"; iv: Bytes }, key: K, data: Bytes): PromiseLike<ArrayBuffer>;
}

/** What a key is imported for here. */
export type SubtleUsage = "deriveBits" | "encrypt" | "decrypt";

/**
 * What passwords need, by WebCrypto: native speed in browsers. It answers later, and has no scrypt; some browsers have no
 * AES keys of 192 bits either.
 * @param hashes for the MAC of PKCS#12, which WebCrypto has none for: a provider's `hashes`
 */
export function webPasswordCryptography<K>(
  subtle: SubtlePasswords<K>,
  hashes: readonly HashFunction[],
): PasswordCryptography {
  const aesKey = async (key: Uint8Array, iv: Uint8Array, usage: SubtleUsage): Promise<K> => {
    if ((key.length !== 16 && key.length !== 24 && key.length !== 32) || iv.length !== 16) {
      throw cryptoError("invalid_argument", "AES-CBC takes keys of 16, 24 or 32 bytes and vectors of 16");
    }
    try {
      return await subtle.importKey("raw", new Uint8Array(key), "AES-CBC", false, [usage]);
    } catch (error) {
      // Chrome has no AES keys of 192 bits
      throw cryptoError("unsupported", `the runtime has no AES-CBC with keys of ${key.length * 8} bits`, error);
    }
  };
  return {
    name: "WebCrypto",
    hashes,
    pbkdf2: async (hash, password, salt, iterations, length) => {
      const parameters = { name: "PBKDF2", hash, salt: new Uint8Array(salt), iterations } as const;
      const secret = new Uint8Array(password);
      try {
        const key = await subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
        return new Uint8Array(await subtle.deriveBits(parameters, key, length * 8));
      } catch (error) {
        // workerd has no more than 100,000 iterations
        throw webCryptoFailed(`PBKDF2 with ${hash} and ${iterations} iterations`, error);
      } finally {
        secret.fill(0);
      }
    },
    aesCbc: {
      encrypt: async (key, iv, plaintext) => {
        const imported = await aesKey(key, iv, "encrypt");
        const parameters = { name: "AES-CBC", iv: new Uint8Array(iv) } as const;
        try {
          return new Uint8Array(await subtle.encrypt(parameters, imported, new Uint8Array(plaintext)));
        } catch (error) {
          throw webCryptoFailed("AES-CBC", error);
        }
      },
      decrypt: async (key, iv, ciphertext) => {
        const imported = await aesKey(key, iv, "decrypt");
        const parameters = { name: "AES-CBC", iv: new Uint8Array(iv) } as const;
        try {
          return new Uint8Array(await subtle.decrypt(parameters, imported, new Uint8Array(ciphertext)));
        } catch (error) {
          if (!isAboutData(error)) throw webCryptoFailed("AES-CBC", error);
          throw cryptoError("decryption_failed", "not made with this key");
        }
      },
    },
  };
}
