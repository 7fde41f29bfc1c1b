import { createCipheriv, createDecipheriv } from "node:crypto";
import {
  type BlockCipher,
  type BlockCipherAlgorithm,
  type BlockCipherName,
  checkPlace,
  cryptoError,
} from "@tlskit/crypto";
import { runtimeHasCipher } from "./runtime.ts";

/** Nothing where the runtime hasn't got it, by OpenSSL's name. */
function algorithm(
  name: BlockCipherName,
  cipher: string,
  keyLength: number,
  blockLength: number,
): BlockCipherAlgorithm | undefined {
  if (!runtimeHasCipher(cipher)) return undefined;
  return {
    name,
    keyLength,
    blockLength,
    withKey: (key) => {
      if (key.length !== keyLength) {
        throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${key.length}`);
      }
      return new NodeBlockCipher(name, cipher, Uint8Array.from(key), blockLength);
    },
  };
}

class NodeBlockCipher implements BlockCipher {
  readonly #name: BlockCipherName;
  readonly #cipher: string;
  readonly #key: Uint8Array;
  readonly #blockLength: number;

  constructor(name: BlockCipherName, cipher: string, key: Uint8Array, blockLength: number) {
    this.#name = name;
    this.#cipher = cipher;
    this.#key = key;
    this.#blockLength = blockLength;
  }

  encrypt(iv: Uint8Array, pieces: readonly Uint8Array[], into: Uint8Array, at: number): void {
    const length = this.#check(iv, pieces, into, at);
    const cipher = createCipheriv(this.#cipher, this.#key, iv).setAutoPadding(false);
    // In one piece: a cipher writes whole blocks, and would write behind what it has read.
    const plaintext = Buffer.concat(pieces, length);
    into.set(cipher.update(plaintext), at);
    cipher.final();
    plaintext.fill(0);
  }

  decrypt(iv: Uint8Array, ciphertext: Uint8Array, into: Uint8Array, at: number): void {
    this.#check(iv, [ciphertext], into, at);
    const decipher = createDecipheriv(this.#cipher, this.#key, iv).setAutoPadding(false);
    const plaintext = decipher.update(ciphertext);
    decipher.final();
    into.set(plaintext, at);
    plaintext.fill(0);
  }

  dispose(): void {
    this.#key.fill(0);
  }

  /** @returns bytes of the pieces together */
  #check(iv: Uint8Array, pieces: readonly Uint8Array[], into: Uint8Array, at: number): number {
    const [name, blockLength] = [this.#name, this.#blockLength];
    let length = 0;
    for (const piece of pieces) length += piece.length;
    if (iv.length !== blockLength) {
      throw cryptoError("invalid_argument", `${name} takes a vector of ${blockLength} bytes, got ${iv.length}`);
    }
    if (length % blockLength !== 0) {
      throw cryptoError("invalid_argument", `${name} takes blocks of ${blockLength} bytes, got ${length} bytes`);
    }
    checkPlace([iv], pieces, into, at, length);
    return length;
  }
}

/** Absent where the runtime has none. */
export const aes128Cbc: BlockCipherAlgorithm | undefined = algorithm("AES-128-CBC", "aes-128-cbc", 16, 16);
/** Absent where the runtime has none. */
export const aes256Cbc: BlockCipherAlgorithm | undefined = algorithm("AES-256-CBC", "aes-256-cbc", 32, 16);
/** Absent where the runtime has none. */
export const tripleDesCbc: BlockCipherAlgorithm | undefined = algorithm("3DES-EDE-CBC", "des-ede3-cbc", 24, 8);

/** What the runtime has, in order of preference. */
export const blockCiphers: readonly BlockCipherAlgorithm[] = [aes128Cbc, aes256Cbc, tripleDesCbc].filter(
  (cipher) => cipher !== undefined,
);
