/**
 * The PRF of TLS 1.0 and 1.1 and the hash of their transcripts, which stand on MD5 and SHA-1 (RFC 8996 forbids both
 * versions): for connections to devices that can do nothing else, and for reading recorded ones.
 * @module
 */
import type { HashFunction, RunningHash } from "@tlskit/crypto";
import { asciiBytes, concat } from "@tlskit/wire";
import { aFunction, aNumber, aString, bytes, checkArguments, objectWith } from "@tlskit/wire/arguments";
import { expandWithHmac, type Prf } from "./prf.ts";
import { checkOutputLength } from "./prf-output.ts";
import type { TranscriptHash } from "./transcript.ts";

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

/**
 * RFC 2246 §7.4.9, RFC 4346 §7.4.9: what Finished, and an extended main secret (RFC 7627 §3), are made over: both hashes of
 * the messages, MD5's first.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function legacyTranscriptHash(
  md5: Pick<HashFunction, "start" | "length">,
  sha1: Pick<HashFunction, "start" | "length">,
): TranscriptHash {
  checkArguments({ md5, sha1 }, { md5: aHash, sha1: aHash });
  return {
    name: "MD5 and SHA-1",
    length: md5.length + sha1.length,
    start: () => both(md5.start(), sha1.start()),
  };
}

function both(one: RunningHash, other: RunningHash): RunningHash {
  return {
    update: (part) => {
      one.update(part);
      other.update(part);
    },
    digest: () => concat(one.digest(), other.digest()),
  };
}

const aHash = objectWith("a hash that can be started", { start: aFunction, length: aNumber });
const aMac = objectWith("a hash with its HMAC", { hmac: aFunction, length: aNumber });
const expected = { secret: bytes, label: aString, seed: bytes, length: aNumber };
