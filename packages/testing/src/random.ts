import type { Random } from "@tlskit/crypto";

/**
 * A source of bytes that are the same for the same seed: Blackman and Vigna's xoshiro128**, its state filled by
 * splitmix32. It is for tests that must repeat to the byte. Whoever knows the seed, or has seen a few bytes, knows all
 * of them: it is unfit for anything else.
 * @param seed a whole number; its low 32 bits count.
 */
export function seededRandom(seed: number): Random {
  const next = xoshiro128(seed);
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = next();
      for (let j = i; j < i + 4 && j < length; j += 1) bytes[j] = word >>> (8 * (j - i));
    }
    return bytes;
  };
}

/** A whole number from 0 up to, but not including, `limit`. For choices in tests: the slight bias doesn't matter. */
export function randomBelow(random: Random, limit: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(4);
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) % limit;
}

function xoshiro128(seed: number): () => number {
  const fill = splitmix32(seed);
  let [a, b, c, d] = [fill(), fill(), fill(), fill()];
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
