import { cryptoError } from "./error.ts";
import type { HashFunction } from "./hash.ts";

/** RFC 5869 §2.2: HKDF-Extract. An empty salt stands for a string of zeros. */
export function hkdfExtract(hash: HashFunction, salt: Uint8Array, inputKeyingMaterial: Uint8Array): Uint8Array {
  return hash.hmac(salt, inputKeyingMaterial);
}

/**
 * RFC 5869 §2.3: HKDF-Expand.
 * @param length Bytes wanted, at most 255 times the hash's length.
 * @throws {CryptoError} `invalid_argument` for more than that.
 */
export function hkdfExpand(
  hash: HashFunction,
  pseudorandomKey: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  if (!Number.isInteger(length) || length < 0 || length > 255 * hash.length) {
    throw cryptoError("invalid_argument", `HKDF-Expand gives at most ${255 * hash.length} bytes, asked for ${length}`);
  }
  const output = new Uint8Array(length);
  let block: Uint8Array = nothing;
  for (let offset = 0, counter = 1; offset < length; offset += hash.length, counter += 1) {
    const input = new Uint8Array(block.length + info.length + 1);
    input.set(block);
    input.set(info, block.length);
    input[input.length - 1] = counter;
    block = hash.hmac(pseudorandomKey, input);
    output.set(length - offset < block.length ? block.subarray(0, length - offset) : block, offset);
  }
  return output;
}

const nothing = new Uint8Array(0);
