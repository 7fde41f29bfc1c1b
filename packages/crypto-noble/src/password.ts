import { cbc } from "@noble/ciphers/aes.js";
import { sha1 as nobleSha1 } from "@noble/hashes/legacy.js";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { scrypt } from "@noble/hashes/scrypt.js";
import { sha256 as nobleSha256, sha384 as nobleSha384, sha512 as nobleSha512 } from "@noble/hashes/sha2.js";
import { type AesCbc, cryptoError, type PasswordCryptography, type ScryptParameters } from "@tlskit/crypto";
import { sha1, sha256, sha384, sha512 } from "./hash.ts";

const hashes = { "SHA-1": nobleSha1, "SHA-256": nobleSha256, "SHA-384": nobleSha384, "SHA-512": nobleSha512 } as const;

function checkLengths(key: Uint8Array, iv: Uint8Array): void {
  if ((key.length !== 16 && key.length !== 24 && key.length !== 32) || iv.length !== 16) {
    throw cryptoError("invalid_argument", "AES-CBC takes keys of 16, 24 or 32 bytes and vectors of 16");
  }
}

const aesCbc: AesCbc = {
  encrypt: (key, iv, plaintext) => {
    checkLengths(key, iv);
    return cbc(key, iv).encrypt(plaintext);
  },
  decrypt: (key, iv, ciphertext) => {
    checkLengths(key, iv);
    try {
      return cbc(key, iv).decrypt(ciphertext);
    } catch {
      throw cryptoError("decryption_failed", "not made with this key");
    }
  },
};

function deriveByScrypt(
  password: Uint8Array,
  salt: Uint8Array,
  { cost, blockSize, parallelization }: ScryptParameters,
  length: number,
): Uint8Array {
  // noble limits memory to a gigabyte and a bit unless told; the caller's limits are the ones that hold
  const maxmem = 128 * blockSize * (cost + parallelization + 2);
  try {
    return scrypt(password, salt, { N: cost, r: blockSize, p: parallelization, dkLen: length, maxmem });
  } catch {
    throw cryptoError("invalid_argument", "scrypt doesn't take these parameters");
  }
}

/** What the protection of files by passwords needs. Answers at once; its AES is, by its tables, not constant-time. */
export const noblePasswordCryptography: PasswordCryptography = {
  name: "noble",
  hashes: [sha256, sha384, sha512, sha1],
  pbkdf2: (hash, password, salt, iterations, length) =>
    pbkdf2(hashes[hash], password, salt, { c: iterations, dkLen: length }),
  scrypt: deriveByScrypt,
  aesCbc,
};
