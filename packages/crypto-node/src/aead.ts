import { type CipherGCMTypes, createCipheriv, createDecipheriv, timingSafeEqual } from "node:crypto";
import { type Aead, type AeadAlgorithm, type AeadName, cryptoError } from "@tlskit/crypto";
import { headerProtection } from "./header-protection.ts";
import { runtimeHasCipher } from "./runtime.ts";

const nonceLength = 12;
const tagLength = 16;

type CipherName = CipherGCMTypes | "chacha20-poly1305" | "aes-128-ccm";

/** RFC 5116 §5.3: bytes of the longest plaintext of AES-CCM, whose nonces of 12 bytes leave 3 for its length. */
const maxCcmLength = 2 ** 24 - 1;

/** @param headerCipher what QUIC protects headers with, by OpenSSL's name */
function algorithm(name: AeadName, cipher: CipherName, keyLength: number, headerCipher: string): AeadAlgorithm {
  return {
    name,
    keyLength,
    nonceLength,
    tagLength,
    withKey: (key) => {
      if (key.length !== keyLength) {
        throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${key.length}`);
      }
      return new NodeAead(name, cipher, Uint8Array.from(key));
    },
    headerProtection: headerProtection(headerCipher, keyLength),
  };
}

/** Nothing where the runtime hasn't got it. */
function ifThere(...[name, cipher, ...others]: Parameters<typeof algorithm>): AeadAlgorithm | undefined {
  return runtimeHasCipher(cipher) ? algorithm(name, cipher, ...others) : undefined;
}

class NodeAead implements Aead {
  readonly #name: AeadName;
  // The others have the same interface as GCM; their names are in other overloads.
  readonly #cipher: CipherGCMTypes;
  readonly #isCcm: boolean;
  readonly #key: Uint8Array;

  constructor(name: AeadName, cipher: CipherName, key: Uint8Array) {
    this.#name = name;
    this.#cipher = cipher as CipherGCMTypes;
    this.#isCcm = cipher === "aes-128-ccm";
    this.#key = key;
  }

  seal(nonce: Uint8Array, additionalData: Uint8Array, plaintext: Uint8Array): Uint8Array {
    this.#checkNonce(nonce);
    if (this.#isCcm && plaintext.length > maxCcmLength) {
      throw cryptoError("invalid_argument", `${this.#name} takes ${maxCcmLength} bytes, got ${plaintext.length}`);
    }
    const cipher = createCipheriv(this.#cipher, this.#key, nonce, { authTagLength: tagLength });
    cipher.setAAD(additionalData, { plaintextLength: plaintext.length });
    const sealed = new Uint8Array(plaintext.length + tagLength);
    sealed.set(cipher.update(plaintext));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    this.#checkNonce(nonce);
    const end = ciphertext.length - tagLength;
    if (end < 0 || (this.#isCcm && end > maxCcmLength)) throw failed();
    // Node 20 takes any tag of AES-CCM for right where there is nothing to decrypt.
    if (this.#isCcm && end === 0 && !timingSafeEqual(ciphertext, this.seal(nonce, additionalData, empty)))
      throw failed();
    const decipher = createDecipheriv(this.#cipher, this.#key, nonce, { authTagLength: tagLength });
    decipher.setAAD(additionalData, { plaintextLength: end });
    decipher.setAuthTag(ciphertext.subarray(end));
    const plaintext = decipher.update(ciphertext.subarray(0, end));
    try {
      decipher.final();
    } catch {
      throw failed();
    }
    return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
  }

  #checkNonce(nonce: Uint8Array): void {
    if (nonce.length !== nonceLength) {
      throw cryptoError("invalid_argument", `${this.#name} takes a nonce of ${nonceLength} bytes, got ${nonce.length}`);
    }
  }
}

const empty = new Uint8Array(0);

function failed(): Error {
  return cryptoError("authentication_failed", "the ciphertext is not authentic");
}

export const aes128Gcm: AeadAlgorithm = algorithm("AES-128-GCM", "aes-128-gcm", 16, "aes-128-ecb");
export const aes256Gcm: AeadAlgorithm = algorithm("AES-256-GCM", "aes-256-gcm", 32, "aes-256-ecb");
/** Absent where the runtime has none. */
export const chacha20Poly1305: AeadAlgorithm | undefined = ifThere(
  "CHACHA20-POLY1305",
  "chacha20-poly1305",
  32,
  "chacha20",
);

/** Absent where the runtime has none: in Deno and Bun. */
export const aes128Ccm: AeadAlgorithm | undefined = ifThere("AES-128-CCM", "aes-128-ccm", 16, "aes-128-ecb");

/** What the runtime has, in order of preference. */
export const aeads: readonly AeadAlgorithm[] = [aes128Gcm, aes256Gcm, chacha20Poly1305, aes128Ccm].filter(
  (aead) => aead !== undefined,
);
