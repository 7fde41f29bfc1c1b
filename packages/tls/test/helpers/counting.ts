import type { BlockCipherAlgorithm, CryptoProvider, HashFunction, HashName } from "@tlskit/crypto";
import { concat } from "@tlskit/wire";

/** A provider, and how much it has had to do. */
export interface Counting {
  readonly provider: CryptoProvider;
  /** By what is counted: compressions of each hash, blocks of each cipher, and operations. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Bytes of a block, and what its padding takes at least (FIPS 180-4 §5.1). */
function blocksOf(name: HashName): { readonly block: number; readonly padding: number } {
  return name === "SHA-384" || name === "SHA-512" ? { block: 128, padding: 17 } : { block: 64, padding: 9 };
}

/**
 * Counts the compressions of hashes, the blocks of block ciphers and RSA's decryptions. An HMAC is made of digests, as RFC
 * 2104 has it. What answers by itself whether a record is authentic isn't there, so that it is done where it can be counted.
 */
export function counting(base: CryptoProvider): Counting {
  const counts: Record<string, number> = {};
  const count = (what: string, by: number): void => {
    counts[what] = (counts[what] ?? 0) + by;
  };
  const { decrypter } = base.rsaEncryption ?? {};
  return {
    counts,
    provider: {
      ...base,
      hashes: base.hashes.map((hash) => countingHash(hash, count)),
      blockCiphers: base.blockCiphers?.map((cipher) => countingCipher(cipher, count)),
      rsaEncryption: base.rsaEncryption && {
        ...base.rsaEncryption,
        decrypter:
          decrypter &&
          ((key) => {
            const made = decrypter(key);
            return {
              ...made,
              modulusLength: made.modulusLength,
              decrypt: (ciphertext) => {
                count(`RSA decryptions of ${ciphertext.length} bytes`, 1);
                return made.decrypt(ciphertext);
              },
            };
          }),
      },
    },
  };
}

function countingHash(hash: HashFunction, count: (what: string, by: number) => void): HashFunction {
  const { block, padding } = blocksOf(hash.name);
  const digest = (message: Uint8Array): Uint8Array => {
    count(`compressions of ${hash.name}`, Math.ceil((message.length + padding) / block));
    // A call takes time by itself, as much as several compressions.
    count(`calls of ${hash.name}`, 1);
    return hash.digest(message);
  };
  return {
    name: hash.name,
    length: hash.length,
    digest,
    hmac: (key, message) => {
      const padded = concat(key.length > block ? digest(key) : key, new Uint8Array(block)).subarray(0, block);
      const over = (fill: number, inner: Uint8Array): Uint8Array =>
        digest(
          concat(
            padded.map((byte) => byte ^ fill),
            inner,
          ),
        );
      return over(0x5c, over(0x36, message));
    },
    start: () => {
      const running = hash.start();
      return {
        update: (part) => {
          count(`bytes of ${hash.name}'s transcript`, part.length);
          running.update(part);
        },
        digest: () => {
          count(`digests of ${hash.name}'s transcript`, 1);
          return running.digest();
        },
      };
    },
  };
}

function countingCipher(
  algorithm: BlockCipherAlgorithm,
  count: (what: string, by: number) => void,
): BlockCipherAlgorithm {
  return {
    name: algorithm.name,
    keyLength: algorithm.keyLength,
    blockLength: algorithm.blockLength,
    withKey: (key) => {
      const cipher = algorithm.withKey(key);
      return {
        encrypt: (iv, pieces, into, at) => {
          const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
          count(`blocks encrypted by ${algorithm.name}`, length / algorithm.blockLength);
          cipher.encrypt(iv, pieces, into, at);
        },
        decrypt: (iv, ciphertext, into, at) => {
          count(`blocks decrypted by ${algorithm.name}`, ciphertext.length / algorithm.blockLength);
          cipher.decrypt(iv, ciphertext, into, at);
        },
        dispose: () => cipher.dispose(),
      };
    },
  };
}
