/**
 * Integers without bounds, for RSA and finite fields in JavaScript. What a BigInt's operations take of time depends on its
 * value: whoever computes with secrets blinds them, or uses them once.
 * @module
 */
import type { Random } from "./random.ts";

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** An unsigned big-endian integer. */
export function toInteger(bytes: Uint8Array): bigint {
  let hex = "0x0";
  for (const byte of bytes) hex += digits[byte];
  return BigInt(hex);
}

/** An integer as so many bytes, big-endian. It must fit. */
export function toBytes(value: bigint, length: number): Uint8Array {
  const hex = value.toString(16).padStart(length * 2, "0");
  return Uint8Array.from({ length }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

const windowBits = 5;

/** base^exponent mod modulus, by fixed windows: the sequence of multiplications does not follow the exponent's bits. */
export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (exponent <= 0x1_ffffn) return smallPower(base, exponent, modulus);
  const table = [1n];
  for (let i = 1; i < 1 << windowBits; i += 1) table.push(((table[i - 1] ?? 1n) * base) % modulus);
  const binary = exponent.toString(2);
  const bits = binary.padStart(Math.ceil(binary.length / windowBits) * windowBits, "0");
  let result = 1n;
  for (let i = 0; i < bits.length; i += windowBits) {
    for (let j = 0; j < windowBits; j += 1) result = (result * result) % modulus;
    result = (result * (table[Number.parseInt(bits.slice(i, i + windowBits), 2)] ?? 1n)) % modulus;
  }
  return result;
}

/** For public exponents: nothing to hide. */
function smallPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === "1") result = (result * base) % modulus;
  }
  return result;
}

/** value^-1 mod modulus, if there is one: the extended Euclidean algorithm, which ends for any input. */
export function inverse(value: bigint, modulus: bigint): bigint | undefined {
  let [a, b] = [((value % modulus) + modulus) % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return b === 1n ? ((y % modulus) + modulus) % modulus : undefined;
}

/** A number from 1 to limit - 1, each as likely as any other. */
export function randomBelow(limit: bigint, random: Random): bigint {
  const bits = bitLength(limit);
  const length = Math.ceil(bits / 8);
  for (;;) {
    const candidate = toInteger(random(length)) >> BigInt(length * 8 - bits);
    if (candidate > 0n && candidate < limit) return candidate;
  }
}

/** Odd primes, each of which takes a division. */
const smallPrimes: readonly bigint[] = /* @__PURE__ */ sieve(2000);

/** Whether one of the smallest odd primes divides it, and it isn't that. */
export function hasSmallFactor(value: bigint): boolean {
  return smallPrimes.some((prime) => value % prime === 0n && value !== prime);
}

/** A prime of so many bits, the highest two set, for which e is invertible mod p - 1. */
export function randomPrime(bits: number, e: bigint, random: Random): bigint {
  const length = Math.ceil(bits / 8);
  const top = 3n << BigInt(bits - 2);
  for (;;) {
    const candidate = (toInteger(random(length)) >> BigInt(length * 8 - bits)) | top | 1n;
    if ((candidate - 1n) % e === 0n) continue;
    if (hasSmallFactor(candidate)) continue;
    // More rounds than FIPS 186-5 table B.1 asks for any size.
    if (isProbablyPrime(candidate, random, 40)) return candidate;
  }
}

/** FIPS 186-5 §B.3.1: Miller–Rabin, of an odd number. Of what is no prime a round finds nothing once in four times, at worst. */
export function isProbablyPrime(candidate: bigint, random: Random, rounds: number): boolean {
  let odd = candidate - 1n;
  let twos = 0;
  while (odd % 2n === 0n) {
    odd /= 2n;
    twos += 1;
  }
  return Array.from({ length: rounds }).every(() => {
    let x = power(randomBelow(candidate, random), odd, candidate);
    if (x === 1n || x === candidate - 1n) return true;
    for (let i = 1; i < twos; i += 1) {
      x = (x * x) % candidate;
      if (x === candidate - 1n) return true;
    }
    return false;
  });
}

function sieve(limit: number): readonly bigint[] {
  const primes: bigint[] = [];
  for (let n = 3n; n < BigInt(limit); n += 2n) if (primes.every((prime) => n % prime !== 0n)) primes.push(n);
  return primes;
}
