import type { HashFunction, HashName } from "../hash.ts";
import { type ConformanceCase, check, checkSame, unhex } from "./case.ts";

/** FIPS 180-4's "abc", which RFC 1321 §A.5 has as well. */
const abc = Uint8Array.of(0x61, 0x62, 0x63);
const digests: Readonly<Record<HashName | "MD5", string>> = {
  MD5: "900150983cd24fb0d6963f7d28e17f72",
  "SHA-1": "a9993e364706816aba3e25717850c26c9cd0d89d",
  "SHA-256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  "SHA-384": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
  "SHA-512":
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
};

/** FIPS 180-4: bytes that are hashed at once, to which HMAC stretches its key. */
const blockLengths: Readonly<Record<HashName | "MD5", number>> = {
  MD5: 64,
  "SHA-1": 64,
  "SHA-256": 64,
  "SHA-384": 128,
  "SHA-512": 128,
};

export function hashCases(hash: HashFunction<HashName | "MD5">): readonly ConformanceCase[] {
  return [
    {
      name: `${hash.name}: digest and length`,
      run: () => {
        checkSame(hash.digest(abc), unhex(digests[hash.name]), "the digest of abc");
        check(hash.length === digests[hash.name].length / 2, `length is ${hash.length}`);
      },
    },
    {
      name: `${hash.name}: a running hash gives the digest of what was added, and goes on`,
      run: () => {
        const running = hash.start();
        checkSame(running.digest(), hash.digest(new Uint8Array(0)), "of nothing");
        running.update(abc.subarray(0, 1));
        checkSame(running.digest(), hash.digest(abc.subarray(0, 1)), "of a part");
        running.update(abc.subarray(1));
        checkSame(running.digest(), hash.digest(abc), "of all");
        checkSame(running.digest(), hash.digest(abc), "of all, again");
      },
    },
    {
      name: `${hash.name}: a part that is changed after it was added changes nothing`,
      run: () => {
        const running = hash.start();
        const part = Uint8Array.from(abc);
        running.update(part);
        part.fill(0);
        checkSame(running.digest(), hash.digest(abc), "the digest");
      },
    },
    {
      name: `${hash.name}: HMAC with keys of any length (RFC 2104 §2)`,
      run: () => {
        // A key longer than a block is hashed first; an empty one is a block of zeros.
        const long = new Uint8Array(200).fill(0xaa);
        checkSame(hash.hmac(long, abc), hash.hmac(hash.digest(long), abc), "with a long key");
        checkSame(hash.hmac(new Uint8Array(0), abc), hash.hmac(new Uint8Array(hash.length), abc), "with no key");
        check(hash.hmac(abc, abc).length === hash.length, "HMAC is as long as the hash");
      },
    },
    {
      name: `${hash.name}: HMAC of messages of any length is what its definition says (RFC 2104 §2)`,
      run: () => {
        const block = blockLengths[hash.name];
        for (const keyLength of [0, 1, hash.length, block - 1, block, block + 1, 1000]) {
          const key = new Uint8Array(keyLength).fill(0xaa);
          for (const length of [0, 1, block, 511, 512, 513, 5000]) {
            const message = new Uint8Array(length).fill(0xdd);
            const what = `a key of ${keyLength} bytes and a message of ${length}`;
            checkSame(hash.hmac(key, message), definedHmac(hash, key, message), what);
          }
        }
      },
    },
    {
      name: `${hash.name}: answers are buffers of their own`,
      run: () => {
        const digest = hash.digest(abc);
        const again = Uint8Array.from(digest);
        hash.digest(Uint8Array.of(1)).fill(0);
        hash.hmac(abc, abc).fill(0);
        checkSame(digest, again, "a digest after others were made");
        check(digest.constructor === Uint8Array, "a digest is a plain Uint8Array");
      },
    },
  ];
}

function definedHmac(hash: HashFunction<HashName | "MD5">, key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = new Uint8Array(blockLengths[hash.name]);
  block.set(key.length > block.length ? hash.digest(key) : key);
  const padded = (pad: number, text: Uint8Array): Uint8Array =>
    hash.digest(Uint8Array.of(...block.map((byte) => byte ^ pad), ...text));
  return padded(0x5c, padded(0x36, message));
}
