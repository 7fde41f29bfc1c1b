import type { HashFunction } from "@tlskit/crypto";
import { asciiBytes, concat } from "@tlskit/wire";
import { aNumber, aString, bytes, check, checkArguments } from "@tlskit/wire/arguments";
import { aHash } from "./expectations.ts";
import { checkOutputLength } from "./prf-output.ts";

/**
 * A pseudorandom function of TLS 1.2 or earlier: what every secret of such a connection comes from.
 * @throws {TlsError} `invalid_argument`, `not_ascii`, `out_of_range` for more than 65,535 bytes (the caller's fault)
 */
export type Prf = (secret: Uint8Array, label: string, seed: Uint8Array, length: number) => Uint8Array;

/**
 * RFC 5246 §5: TLS 1.2's PRF, with the hash that the cipher suite names: SHA-256, or SHA-384 where its name ends so.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function prf(hash: HashFunction): Prf {
  check(hash, "hash", aHash);
  return (secret, label, seed, length) => {
    checkArguments({ secret, label, seed, length }, expected);
    checkOutputLength(length);
    return expandWithHmac(hash, secret, concat(asciiBytes(label), seed), length);
  };
}

const expected = { secret: bytes, label: aString, seed: bytes, length: aNumber };

/** RFC 5246 §5: P_hash, HMACs of a chain of HMACs. */
export function expandWithHmac(
  hash: Pick<HashFunction, "hmac" | "length">,
  secret: Uint8Array,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const output = new Uint8Array(length);
  let link = seed;
  for (let offset = 0; offset < length; offset += hash.length) {
    link = hash.hmac(secret, link);
    const block = hash.hmac(secret, concat(link, seed));
    output.set(block.subarray(0, length - offset), offset);
  }
  return output;
}
