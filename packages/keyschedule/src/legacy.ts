/**
 * The PRF of TLS 1.0 and 1.1, which stands on MD5 and SHA-1 (RFC 8996 forbids both versions): for connections to devices
 * that can do nothing else, and for reading recorded ones.
 * @module
 */
import type { HashFunction } from "@tlskit/crypto";
import { asciiBytes, concat } from "@tlskit/wire";
import { aFunction, aNumber, aString, bytes, checkArguments, objectWith } from "@tlskit/wire/arguments";
import { expandWithHmac, type Prf } from "./prf.ts";
import { checkOutputLength } from "./prf-output.ts";

/**
 * RFC 2246 §5, RFC 4346 §5: each half of the secret goes through one of the hashes; with an odd number of bytes the halves
 * share the middle one.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function legacyPrf(
  md5: Pick<HashFunction, "hmac" | "length">,
  sha1: Pick<HashFunction, "hmac" | "length">,
): Prf {
  checkArguments({ md5, sha1 }, { md5: aMac, sha1: aMac });
  return (secret, label, seed, length) => {
    checkArguments({ secret, label, seed, length }, expected);
    checkOutputLength(length);
    const whole = concat(asciiBytes(label), seed);
    const half = Math.ceil(secret.length / 2);
    const output = expandWithHmac(md5, secret.subarray(0, half), whole, length);
    const other = expandWithHmac(sha1, secret.subarray(secret.length - half), whole, length);
    for (let at = 0; at < length; at += 1) output[at] = (output[at] ?? 0) ^ (other[at] ?? 0);
    return output;
  };
}

const aMac = objectWith("a hash with its HMAC", { hmac: aFunction, length: aNumber });
const expected = { secret: bytes, label: aString, seed: bytes, length: aNumber };
