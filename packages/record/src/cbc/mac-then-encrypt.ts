import {
  type BlockCipher,
  type BlockCipherAlgorithm,
  constantTimeEqual,
  cryptoError,
  type HashFunction,
} from "@tlskit/crypto";
import { concat } from "@tlskit/wire";

/** What protects records by a MAC that is encrypted along with the content (RFC 5246 §6.2.3.1, §6.2.3.2), in one direction. */
export interface MacThenEncrypt {
  /** Bytes of the ciphertext of so much content. */
  size(content: number): number;
  /**
   * Writes the ciphertext.
   * @param header of 13 bytes: number, type, version and length of the content.
   */
  seal(iv: Uint8Array, header: Uint8Array, pieces: readonly Uint8Array[], into: Uint8Array, at: number): void;
  /**
   * @param header of 11 bytes: number, type and version.
   * @param into gets the content, and is written to as far as the ciphertext is long.
   * @returns bytes of the content
   * @throws {CryptoError} `authentication_failed`, whatever is wrong
   */
  open(iv: Uint8Array, header: Uint8Array, ciphertext: Uint8Array, into: Uint8Array, at: number): number;
  dispose(): void;
}

/** The hash's blocks, in bytes, and what its padding takes at least (FIPS 180-4 §5.1). */
function blocksOf({ name }: HashFunction): { readonly block: number; readonly padding: number } {
  return name === "SHA-384" || name === "SHA-512" ? { block: 128, padding: 17 } : { block: 64, padding: 9 };
}

/** RFC 5246 §6.2.3.2: bytes of the padding, its length included, in front of which there is so much. */
export function paddingFor(length: number, blockLength: number): number {
  return blockLength - (length % blockLength);
}

export function macThenEncrypt(
  algorithm: BlockCipherAlgorithm,
  key: Uint8Array,
  hash: HashFunction,
  macKey: Uint8Array,
): MacThenEncrypt {
  const { blockLength } = algorithm;
  const cipher = algorithm.withKey(key);
  const ownMacKey = Uint8Array.from(macKey);
  const native = algorithm.openMacThenEncrypt?.(key, hash.name, ownMacKey);
  return {
    size: (content) => {
      const length = content + hash.length;
      return length + paddingFor(length, blockLength);
    },
    seal: (iv, header, pieces, into, at) => {
      const mac = hash.hmac(ownMacKey, concat(header, ...pieces));
      const length = pieces.reduce((sum, piece) => sum + piece.length, mac.length);
      const padding = paddingFor(length, blockLength);
      // RFC 5246 §6.2.3.2#padding-sent: each byte says how many there are besides itself.
      cipher.encrypt(iv, [...pieces, mac, new Uint8Array(padding).fill(padding - 1)], into, at);
    },
    open: (iv, header, ciphertext, into, at) =>
      native === undefined
        ? openCompensated(cipher, hash, ownMacKey, iv, header, ciphertext, into, at)
        : native.open(iv, header, ciphertext, into, at),
    dispose: () => {
      cipher.dispose();
      native?.dispose();
      ownMacKey.fill(0);
    },
  };
}

/**
 * Opens a record so that as little as JavaScript allows tells what was wrong with it (RFC 5246 §6.2.3.2#padding-time):
 * padding is looked at as a whole whatever its first byte says (RFC 5246 §6.2.3.2#padding-checked), the MAC is computed
 * in any case, and by as many compressions of the hash as if there had been no padding. HMAC behind a provider isn't constant in time, and compensation of this kind has been
 * broken before (Lucky Thirteen and what came of it): encrypt-then-MAC and AEADs have no need of it.
 */
function openCompensated(
  cipher: BlockCipher,
  hash: HashFunction,
  macKey: Uint8Array,
  iv: Uint8Array,
  header: Uint8Array,
  ciphertext: Uint8Array,
  into: Uint8Array,
  at: number,
): number {
  const { length } = ciphertext;
  cipher.decrypt(iv, ciphertext, into, at);
  const plaintext = into.subarray(at, at + length);
  const { good, padding } = paddingIn(plaintext, hash.length);
  const content = length - hash.length - 1 - padding;
  const lengthBytes = Uint8Array.of(content >> 8, content & 0xff);
  const mac = hash.hmac(macKey, concat(header, lengthBytes, plaintext.subarray(0, content)));
  compensate(hash, content, length - hash.length - 1);
  const macGood = constantTimeEqual(mac, plaintext.subarray(content, content + hash.length));
  if (!(macGood && good === 1)) {
    plaintext.fill(0);
    throw cryptoError("authentication_failed", "the record is not authentic");
  }
  plaintext.fill(0, content);
  return content;
}

/** Bytes that padding can have, its length included. */
const maxPadding = 256;

/**
 * Whether padding is right, and how long it is without its length; none if it isn't right. Neither branches on what is in
 * the plaintext.
 */
function paddingIn(plaintext: Uint8Array, macLength: number): { readonly good: number; readonly padding: number } {
  const { length } = plaintext;
  const said = plaintext[length - 1] ?? 0;
  // 1 if MAC and padding have room.
  let good = notLess(length, macLength + 1 + said);
  const looked = Math.min(maxPadding, length);
  for (let i = 0; i < looked; i += 1) {
    const counts = notLess(said, i);
    const differs = notLess((plaintext[length - 1 - i] ?? 0) ^ said, 1);
    good &= 1 ^ (counts & differs);
  }
  return { good, padding: said & -good };
}

/** 1 if one number isn't less than another, both below 2^31; 0 otherwise. */
function notLess(one: number, other: number): number {
  return 1 ^ (((one - other) >> 31) & 1);
}

/** Whose digest is computed for nothing but its time: as many blocks as padding can be long, and one more. */
const nothing = new Uint8Array(6 * 64);

/**
 * As many compressions as the MAC of the longest content has more than that of this one, and one: a call takes time by
 * itself, as much as several compressions, and must not tell that there was padding.
 */
function compensate(hash: HashFunction, content: number, longest: number): void {
  const { block, padding } = blocksOf(hash);
  const headerLength = 13;
  const compressions = (length: number): number => Math.ceil((headerLength + length + padding) / block);
  const missing = compressions(longest) - compressions(content);
  hash.digest(nothing.subarray(0, (missing + 1) * block - padding));
}
