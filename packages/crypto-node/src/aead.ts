import { type CipherGCMTypes, createCipheriv, createDecipheriv, timingSafeEqual } from "node:crypto";
import { type Aead, type AeadAlgorithm, type AeadName, checkPlace, cryptoError } from "@tlskit/crypto";
import { headerProtection } from "./header-protection.ts";
import { runtimeHasCipher } from "./runtime.ts";

const nonceLength = 12;
const longTag = 16;
/** RFC 6655 §4: of AES-CCM-8. */
const shortTag = 8;

type CipherName = CipherGCMTypes | "chacha20-poly1305" | "aes-128-ccm" | "aes-256-ccm";

/** RFC 5116 §5.3: bytes of the longest plaintext of AES-CCM, whose nonces of 12 bytes leave 3 for its length. */
const maxCcmLength = 2 ** 24 - 1;

/** Bytes up to which it is quicker to join what is sealed than to call the cipher for each piece. */
const shortLength = 2048;

/** No bytes, at an address: an array without any may have none. */
const nothing = new Uint8Array(1).subarray(1);

/** @param headerCipher what QUIC protects headers with, by OpenSSL's name, if QUIC has the AEAD */
function algorithm(
  name: AeadName,
  cipher: CipherName,
  keyLength: number,
  headerCipher: string | undefined,
  tagLength: number = longTag,
): AeadAlgorithm {
  return {
    name,
    keyLength,
    nonceLength,
    tagLength,
    synchronous: true,
    withKey: (key) => {
      if (key.length !== keyLength) {
        throw cryptoError("invalid_argument", `${name} takes a key of ${keyLength} bytes, got ${key.length}`);
      }
      return new NodeAead(name, cipher, Uint8Array.from(key), tagLength);
    },
    headerProtection: headerCipher === undefined ? undefined : headerProtection(headerCipher, keyLength),
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
  readonly #tagLength: number;

  constructor(name: AeadName, cipher: CipherName, key: Uint8Array, tagLength: number) {
    this.#name = name;
    this.#cipher = cipher as CipherGCMTypes;
    this.#isCcm = cipher === "aes-128-ccm" || cipher === "aes-256-ccm";
    this.#key = key;
    this.#tagLength = tagLength;
  }

  seal(
    nonce: Uint8Array,
    additionalData: Uint8Array,
    pieces: readonly Uint8Array[],
    into: Uint8Array,
    at: number,
  ): void {
    this.#checkNonce(nonce);
    let length = 0;
    for (const piece of pieces) length += piece.length;
    checkPlace([nonce, additionalData], pieces, into, at, length + this.#tagLength);
    if (this.#isCcm && length > maxCcmLength) {
      throw cryptoError("invalid_argument", `${this.#name} takes ${maxCcmLength} bytes, got ${length}`);
    }
    const cipher = createCipheriv(this.#cipher, this.#key, nonce, { authTagLength: this.#tagLength });
    cipher.setAAD(additionalData, { plaintextLength: length });
    let offset = at;
    if (this.#isCcm && length === 0) {
      // Of Node 20 it has to be asked for, and to lie somewhere.
      cipher.update(nothing);
    } else if (pieces.length !== 1 && (this.#isCcm || length <= shortLength)) {
      // AES-CCM takes its plaintext at once, and several short pieces cost less so.
      const scratch = Buffer.concat(pieces, length);
      into.set(cipher.update(scratch), offset);
      scratch.fill(0);
      offset += length;
    } else {
      for (const piece of pieces) {
        into.set(cipher.update(piece), offset);
        offset += piece.length;
      }
    }
    cipher.final();
    into.set(cipher.getAuthTag(), offset);
  }

  open(nonce: Uint8Array, additionalData: Uint8Array, ciphertext: Uint8Array, into: Uint8Array, at: number): void {
    this.#checkNonce(nonce);
    const length = ciphertext.length - this.#tagLength;
    checkPlace([nonce, additionalData], [ciphertext], into, at, Math.max(0, length));
    if (length < 0 || (this.#isCcm && length > maxCcmLength)) throw this.#failed(into, at, length);
    // Node 20 takes any tag of AES-CCM for right where there is nothing to decrypt.
    if (this.#isCcm && length === 0) {
      const tag = new Uint8Array(this.#tagLength);
      this.seal(nonce, additionalData, [], tag, 0);
      if (!timingSafeEqual(ciphertext, tag)) throw this.#failed(into, at, length);
      return;
    }
    const decipher = createDecipheriv(this.#cipher, this.#key, nonce, { authTagLength: this.#tagLength });
    decipher.setAAD(additionalData, { plaintextLength: length });
    decipher.setAuthTag(ciphertext.subarray(length));
    const plaintext = decipher.update(ciphertext.subarray(0, length));
    try {
      decipher.final();
    } catch {
      plaintext.fill(0);
      throw this.#failed(into, at, length);
    }
    into.set(plaintext, at);
  }

  dispose(): void {
    this.#key.fill(0);
  }

  #failed(into: Uint8Array, at: number, length: number): Error {
    if (length > 0) into.fill(0, at, at + length);
    return cryptoError("authentication_failed", "the ciphertext is not authentic");
  }

  #checkNonce(nonce: Uint8Array): void {
    if (nonce.length !== nonceLength) {
      throw cryptoError("invalid_argument", `${this.#name} takes a nonce of ${nonceLength} bytes, got ${nonce.length}`);
    }
  }
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

/** For TLS 1.2. */
export const aes256Ccm: AeadAlgorithm | undefined = ifThere("AES-256-CCM", "aes-256-ccm", 32, undefined);
/** For TLS 1.2, with tags of 8 bytes. */
export const aes128Ccm8: AeadAlgorithm | undefined = ifThere("AES-128-CCM-8", "aes-128-ccm", 16, undefined, shortTag);
export const aes256Ccm8: AeadAlgorithm | undefined = ifThere("AES-256-CCM-8", "aes-256-ccm", 32, undefined, shortTag);

/** What the runtime has, in order of preference. */
export const aeads: readonly AeadAlgorithm[] = [
  aes128Gcm,
  aes256Gcm,
  chacha20Poly1305,
  aes128Ccm,
  aes256Ccm,
  aes128Ccm8,
  aes256Ccm8,
].filter((aead) => aead !== undefined);
