import { createDiffieHellmanGroup, generateKeyPairSync } from "node:crypto";
import {
  checkFiniteFieldGroup,
  type FfdheName,
  type FiniteFieldGroup,
  ffdheGroup,
  maxRememberedPrimes,
  maxTestedPrimeBits,
} from "@tlskit/crypto";
import { isProbablyPrime, power, toBytes, toInteger } from "@tlskit/crypto/integers";
import { describe, expect, it, test } from "vitest";

const names: readonly FfdheName[] = ["ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"];
const refusal = (message: string) => expect.objectContaining({ name: "CryptoError", code: "unsafe_group", message });
const fromHex = (digits: string): bigint => BigInt(`0x${digits}`);

/** A generator of numbers that only has to be the same each time (Marsaglia's xorshift), which counts its calls. */
function source(): { random: (length: number) => Uint8Array; calls: number } {
  let state = 2463534242;
  const made = {
    calls: 0,
    random: (length: number) => {
      made.calls += 1;
      return Uint8Array.from({ length }, () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return state & 0xff;
      });
    },
  };
  return made;
}

/** A safe prime that nobody knows (made with `openssl dhparam 2048`). */
const ownPrime = fromHex(
  [
    "b8147d8192b4de9e7c5f66633d52d7aeaf093c6c82421763d2fe6d6c7598669798dbeba495dfa4ff74087a91bd612ce6",
    "7fc7472ccc2996c544fec761fc4eda517e11c1fb7871e7ef4bbdd6e944fdef65305a3f6b705922996ae21c8da4908aab",
    "0e15e5de31bfa734016f9797c98da8ddc47260182c9e4891f163050f07a151c2b8e1405189b98f458dfeea9bb38e0c3e",
    "f7b63a89f25e6bd23571631f1a18c3ba6380e85f6a478a8c94f8e7e0edc66de3fcf00bbc483105d5ea694bcea7914061",
    "16f87a3b87e436a2fd790d750c5f9d638261e1479e87e02ff13ae6b5c4e21a1be81ae72837c2c85afc0c4c463835f568",
    "b7ba68c2c5c65ad4b60cb5d0b898d827",
  ].join(""),
);

/** RFC 5114 §2.2: a prime p for which (p - 1) / 2 isn't. */
const primeOfRfc5114 = fromHex(
  [
    "ad107e1e9123a9d0d660faa79559c51fa20d64e5683b9fd1b54b1597b61d0a75e6fa141df95a56dbaf9a3c407ba1df15",
    "eb3d688a309c180e1de6b85a1274a0a66d3f8152ad6ac2129037c9edefda4df8d91e8fef55b7394b7ad5b7d0b6c12207",
    "c9f98d11ed34dbf6c6ba0b2c8bbc27be6a00e0a0b9c49708b3bf8a317091883681286130bc8985db1602e714415d9330",
    "278273c7de31efdc7310f7121fd5a07415987d9adc0a486dcdf93acc44328387315d75e198c641a480cd86a1b9e587e8",
    "be60e69cc928b2b9c52172e413042e9b23f10b0e16e79763c9b53dcf4ba80a29e3fb73c16b8e75b97ef363e2ffa31f71",
    "cf9de5384e71b81c0ac4dffe0c10e64f",
  ].join(""),
);

function group(prime: bigint, generator = 2): FiniteFieldGroup {
  return { prime: toBytes(prime, Math.ceil(prime.toString(2).length / 8)), generator: Uint8Array.of(generator) };
}

describe("RFC 7919's groups", () => {
  // Appendix A: how each prime ends there. All begin alike.
  test.each<[FfdheName, string]>([
    ["ffdhe2048", "886b423861285c97ffffffffffffffff"],
    ["ffdhe3072", "25e41d2b66c62e37ffffffffffffffff"],
    ["ffdhe4096", "c68a007e5e655f6affffffffffffffff"],
    ["ffdhe6144", "a40e329cd0e40e65ffffffffffffffff"],
    ["ffdhe8192", "d68c8bb7c5c6424cffffffffffffffff"],
  ])("%s is what is printed there", (name, end) => {
    const { prime, generator } = ffdheGroup(name);
    const digits = Buffer.from(prime).toString("hex");
    expect(digits.length).toBe(Number(name.slice("ffdhe".length)) / 4);
    expect(digits.slice(0, 64)).toBe("ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695");
    expect(digits.endsWith(end)).toBe(true);
    expect(generator).toEqual(Uint8Array.of(2));
  });

  // A private key has as few bits as RFC 7919 §5.2 allows where OpenSSL finds the whole prime in its table, and else as many
  // as the prime.
  test("are the ones that OpenSSL knows, bit by bit", () => {
    const bytesOfKey = (prime: Uint8Array): number => {
      const { privateKey } = generateKeyPairSync("dh", { prime: Buffer.from(prime), generator: 2 });
      return privateKey.export({ format: "der", type: "pkcs8" }).length - prime.length;
    };
    for (const name of names) expect(bytesOfKey(ffdheGroup(name).prime), name).toBeLessThan(100);
    const other = ffdheGroup("ffdhe2048").prime;
    other[100] = (other[100] ?? 0) ^ 1;
    expect(bytesOfKey(other)).toBeGreaterThan(250);
  });

  it("are safe primes, and 2 generates the half of the group that has a prime order", () => {
    for (const name of names.slice(0, 2)) {
      const p = toInteger(ffdheGroup(name).prime);
      const { random } = source();
      expect(isProbablyPrime(p, random, 2), name).toBe(true);
      expect(isProbablyPrime((p - 1n) / 2n, random, 2), name).toBe(true);
      expect(power(2n, (p - 1n) / 2n, p), name).toBe(1n);
    }
  });
});

describe("a group that a peer has chosen", () => {
  test.each(names)("is known by its name if it is %s", (name) => {
    const made = source();
    expect(checkFiniteFieldGroup(ffdheGroup(name), made.random)).toBe(name);
    const { prime } = ffdheGroup(name);
    const padded = { prime: Uint8Array.of(0, ...prime), generator: Uint8Array.of(0, 2) };
    expect(checkFiniteFieldGroup(padded, made.random)).toBe(name);
    // A right prime with another generator is no group of RFC 7919, and safe even so.
    expect(checkFiniteFieldGroup({ prime, generator: Uint8Array.of(5) }, made.random)).toBeUndefined();
    expect(made.calls).toBe(0);
  });

  // Node has RFC 3526's primes under these names.
  test.each(["modp14", "modp15", "modp16", "modp17", "modp18"])("is taken untested if it is RFC 3526's %s", (name) => {
    const made = source();
    const prime = new Uint8Array(createDiffieHellmanGroup(name).getPrime());
    expect(checkFiniteFieldGroup({ prime, generator: Uint8Array.of(2) }, made.random)).toBeUndefined();
    expect(made.calls).toBe(0);
  });

  it("is taken if it is nobody's, and its prime a safe one, which is tested once", () => {
    const made = source();
    expect(checkFiniteFieldGroup(group(ownPrime), made.random)).toBeUndefined();
    const { calls } = made;
    expect(calls).toBeGreaterThanOrEqual(16);
    expect(checkFiniteFieldGroup(group(ownPrime, 5), made.random)).toBeUndefined();
    expect(made.calls).toBe(calls);
  });

  it("is remembered until so many others have come", () => {
    const made = source();
    checkFiniteFieldGroup(group(ownPrime), made.random);
    const others = (count: number, first: bigint): void => {
      for (let i = 0n; i < BigInt(count); i += 1n) {
        expect(() => checkFiniteFieldGroup(group(ownPrime + 4n * (first + i)), made.random)).toThrow();
      }
    };
    // Whatever this test found there is gone with these.
    others(maxRememberedPrimes, 1n);
    made.calls = 0;
    checkFiniteFieldGroup(group(ownPrime), made.random);
    expect(made.calls).toBeGreaterThanOrEqual(16);
    made.calls = 0;
    others(maxRememberedPrimes - 1, 1000n);
    checkFiniteFieldGroup(group(ownPrime), made.random);
    expect(made.calls).toBe(0);
    others(1, 2000n);
    checkFiniteFieldGroup(group(ownPrime), made.random);
    expect(made.calls).toBeGreaterThanOrEqual(16);
  });

  test.each<[string, FiniteFieldGroup, string]>([
    ["no prime at all", group(0n), "a prime of at least 2048 bits is wanted, got 0"],
    ["2047 bits", group((1n << 2047n) - 1n), "a prime of at least 2048 bits is wanted, got 2047"],
    ["8193 bits", group((1n << 8193n) - 1n), "a prime of at most 8192 bits is wanted"],
    [
      "bits that would take too long to test",
      group((1n << BigInt(maxTestedPrimeBits + 1)) - 1n),
      `a prime of at most ${maxTestedPrimeBits} bits is wanted`,
    ],
    ["as many bits as are tested", group((1n << BigInt(maxTestedPrimeBits)) - 1n), "the prime is not a safe prime"],
    ["an even modulus", group((1n << 2048n) - 2n), "the prime is not a safe prime"],
    // RFC 5114 §2.2: the order of the group has small factors, and a private key in it is told piece by piece.
    ["a prime that isn't safe", group(primeOfRfc5114), "the prime is not a safe prime"],
    [
      "a product of two primes, as 2^255 - 19 and RFC 3526's",
      group(((1n << 255n) - 19n) * toInteger(createDiffieHellmanGroup("modp14").getPrime())),
      "the prime is not a safe prime",
    ],
    ["a generator of 0", group(ownPrime, 0), "the generator isn't from 2 to 2147483647"],
    ["a generator of 1", group(ownPrime, 1), "the generator isn't from 2 to 2147483647"],
    [
      "a generator of p - 1",
      { prime: toBytes(ownPrime, 256), generator: toBytes(ownPrime - 1n, 256) },
      "the generator isn't from 2 to 2147483647",
    ],
    [
      "a generator of 2^31",
      { prime: toBytes(ownPrime, 256), generator: toBytes(2n ** 31n, 4) },
      "the generator isn't from 2 to 2147483647",
    ],
  ])("is refused with %s", (_, wrong, message) => {
    expect(() => checkFiniteFieldGroup(wrong, source().random)).toThrow(refusal(message));
  });
});
