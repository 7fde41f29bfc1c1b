import * as crypto from "node:crypto";
import { type AesCbc, cryptoError, type PasswordCryptography } from "@tlskit/crypto";
import { sha1, sha256, sha384, sha512 } from "./hash.ts";

const digests = { "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512" } as const;
const ciphers: Readonly<Record<number, string>> = { 16: "aes-128-cbc", 24: "aes-192-cbc", 32: "aes-256-cbc" };

function cipherFor(key: Uint8Array, iv: Uint8Array): string {
  const cipher = ciphers[key.length];
  if (cipher === undefined || iv.length !== 16) {
    throw cryptoError("invalid_argument", "AES-CBC takes keys of 16, 24 or 32 bytes and vectors of 16");
  }
  return cipher;
}

/** Deno has no AES in CBC mode with keys of 24 bytes. */
function supported<T>(cipher: string, make: () => T): T {
  try {
    return make();
  } catch {
    throw cryptoError("unsupported", `the runtime has no ${cipher}`);
  }
}

/** Small buffers of Node share their memory: a copy. */
function through(cipher: crypto.Cipheriv | crypto.Decipheriv, input: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([cipher.update(input), cipher.final()]));
}

const aesCbc: AesCbc = {
  encrypt: (key, iv, plaintext) => {
    const cipher = cipherFor(key, iv);
    return through(
      supported(cipher, () => crypto.createCipheriv(cipher, key, iv)),
      plaintext,
    );
  },
  decrypt: (key, iv, ciphertext) => {
    const cipher = cipherFor(key, iv);
    const decipher = supported(cipher, () => crypto.createDecipheriv(cipher, key, iv));
    try {
      // there is always padding: Deno finds none missing in nothing
      if (ciphertext.length === 0) throw cryptoError("decryption_failed", "nothing is not a ciphertext");
      return through(decipher, ciphertext);
    } catch {
      throw cryptoError("decryption_failed", "not made with this key");
    }
  },
};

/**
 * Triple DES in CBC mode, for `pkcs12TripleDes` of `@tlskit/x509`: it opens files of old, and protects nothing. Answers at
 * once.
 */
export const nodeTripleDesCbc: Pick<AesCbc, "decrypt"> = {
  decrypt: (key, iv, ciphertext) => {
    if (key.length !== 24 || iv.length !== 8) {
      throw cryptoError("invalid_argument", "triple DES in CBC mode takes keys of 24 bytes and vectors of 8");
    }
    const decipher = supported("des-ede3-cbc", () => crypto.createDecipheriv("des-ede3-cbc", key, iv));
    try {
      if (ciphertext.length === 0) throw cryptoError("decryption_failed", "nothing is not a ciphertext");
      return through(decipher, ciphertext);
    } catch {
      throw cryptoError("decryption_failed", "not made with this key");
    }
  },
};

/** What the protection of files by passwords needs. Answers at once. */
export const nodePasswordCryptography: PasswordCryptography = {
  name: "node:crypto",
  hashes: [sha256, sha384, sha512, sha1],
  pbkdf2: (hash, password, salt, iterations, length) =>
    new Uint8Array(crypto.pbkdf2Sync(password, salt, iterations, length, digests[hash])),
  scrypt: (password, salt, { cost, blockSize, parallelization }, length) => {
    // Node limits memory to 32 MB unless told; the caller's limits are the ones that hold
    const maxmem = 128 * blockSize * (cost + parallelization + 2);
    try {
      return new Uint8Array(
        crypto.scryptSync(password, salt, length, { N: cost, r: blockSize, p: parallelization, maxmem }),
      );
    } catch {
      throw cryptoError("invalid_argument", "scrypt doesn't take these parameters");
    }
  },
  aesCbc,
};
