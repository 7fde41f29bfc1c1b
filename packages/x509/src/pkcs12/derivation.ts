import type { HashFunction, HashName, PasswordCryptography } from "@tlskit/crypto";
import { concat } from "@tlskit/wire";
import { x509Error } from "../error.ts";
import { encodeUtf16 } from "./labels.ts";

/** Bytes of a block that a hash takes (FIPS 180-4 §1). */
const blockLengths: Readonly<Record<HashName, number>> = { "SHA-1": 64, "SHA-256": 64, "SHA-384": 128, "SHA-512": 128 };

/** RFC 7292 appendix B.3: what bytes are derived for. */
export const Purpose = { key: 1, initializationVector: 2, macKey: 3 } as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

/** RFC 7292 appendix B.2, whose steps the numbers are. */
export function derivePkcs12(
  hash: HashFunction,
  purpose: Purpose,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
  length: number,
): Uint8Array {
  const blockLength = blockLengths[hash.name];
  const diversifier = new Uint8Array(blockLength).fill(purpose); // 1
  const input = concat(filled(salt, blockLength), filled(password, blockLength)); // 2, 3, 4
  const digests: Uint8Array[] = [];
  for (let block = 0; block * hash.length < length; block += 1) {
    let digest = hash.digest(concat(diversifier, input)); // 6.A
    for (let i = 1; i < iterations; i += 1) digest = hash.digest(digest);
    digests.push(digest);
    const addend = filled(digest, blockLength).subarray(0, blockLength); // 6.B
    for (let at = 0; at < input.length; at += blockLength) addWithOne(input.subarray(at, at + blockLength), addend); // 6.C
  }
  return concat(...digests).subarray(0, length); // 7
}

/** Repeated up to a multiple of the block's length, nothing for nothing. */
function filled(octets: Uint8Array, blockLength: number): Uint8Array {
  const length = blockLength * Math.ceil(octets.length / blockLength);
  return Uint8Array.from({ length }, (_, i) => octets[i % octets.length] ?? 0);
}

/** Adds a number of the same length and one to it, modulo 2 to the number of bits. */
function addWithOne(number: Uint8Array, addend: Uint8Array): void {
  let carry = 1;
  for (let i = number.length - 1; i >= 0; i -= 1) {
    carry += (number[i] ?? 0) + (addend[i] ?? 0);
    number[i] = carry & 0xff;
    carry >>= 8;
  }
}

/** Appendix B.1: UTF-16, and two octets of zero behind it. */
export function passwordOctets(password: string): Uint8Array {
  return concat(encodeUtf16(password), new Uint8Array(2));
}

/** @throws {X509Error} `unsupported_algorithm` */
export function hashFunction({ name, hashes }: PasswordCryptography, wanted: HashName): HashFunction {
  const hash = hashes.find((candidate) => candidate.name === wanted);
  if (hash === undefined) throw x509Error("unsupported_algorithm", `${name} has no ${wanted}`);
  return hash;
}
