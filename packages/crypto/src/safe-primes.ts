import { cryptoError } from "./error.ts";
import { checkedGenerator, type FiniteField, type FiniteFieldGroup, finiteFieldPrimeBits } from "./finite-field.ts";
import { bitLength, hasSmallFactor, isProbablyPrime, power, toBytes, toInteger } from "./integers.ts";
import type { KeyExchange, KeyShareOffer } from "./key-exchange.ts";
import type { Random } from "./random.ts";
import { type Awaitable, run, type Steps, wait } from "./steps.ts";

/** A group of RFC 7919, by its name. */
export type FfdheName = "ffdhe2048" | "ffdhe3072" | "ffdhe4096" | "ffdhe6144" | "ffdhe8192";

interface Known {
  readonly bits: number;
  /** The digits in its middle are those of this number, so that nobody could have chosen them. */
  readonly digits: "e" | "pi";
  /** The smallest number that, added to the digits, makes the prime a safe one. */
  readonly added: bigint;
}

/** RFC 7919, appendix A. */
const ffdhe: Readonly<Record<FfdheName, Known>> = {
  ffdhe2048: { bits: 2048, digits: "e", added: 560316n },
  ffdhe3072: { bits: 3072, digits: "e", added: 2625351n },
  ffdhe4096: { bits: 4096, digits: "e", added: 5736041n },
  ffdhe6144: { bits: 6144, digits: "e", added: 15705020n },
  ffdhe8192: { bits: 8192, digits: "e", added: 10965728n },
};

/** RFC 3526 §3 to §7, which OpenSSL before 3.0 and others answer with. */
const modp: readonly Known[] = [
  { bits: 2048, digits: "pi", added: 124476n },
  { bits: 3072, digits: "pi", added: 1690314n },
  { bits: 4096, digits: "pi", added: 240904n },
  { bits: 6144, digits: "pi", added: 929484n },
  { bits: 8192, digits: "pi", added: 4743158n },
];

/** RFC 7919, appendix A; RFC 3526: 2^b - 2^(b-64) + (⌊2^(b-130) · digits⌋ + added) · 2^64 - 1. */
function primeOf({ bits, digits, added }: Known): bigint {
  const b = BigInt(bits);
  const middle = binaryDigits[digits](b - 130n) + added;
  return (1n << b) - (1n << (b - 64n)) + (middle << 64n) - 1n;
}

/** Bits behind those that are wanted: what the roundings of a thousand terms amount to. */
const guard = 64n;

/** ⌊2^count · number⌋ */
const binaryDigits: Readonly<Record<Known["digits"], (count: bigint) => bigint>> = {
  // 1/0! + 1/1! + 1/2! + …
  e: (count) => {
    let [sum, term] = [0n, 1n << (count + guard)];
    for (let k = 1n; term > 0n; k += 1n) {
      sum += term;
      term /= k;
    }
    return sum >> guard;
  },
  // Machin 1706: 4 · (4 · arctan 1/5 - arctan 1/239)
  pi: (count) => {
    const one = 1n << (count + guard);
    return (4n * (4n * inverseTangent(5n, one) - inverseTangent(239n, one))) >> guard;
  },
};

/** arctan 1/x = 1/x - 1/3x³ + 1/5x⁵ - …, as so many times `one`. */
function inverseTangent(x: bigint, one: bigint): bigint {
  let [sum, term] = [0n, one / x];
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += term / k;
    term = -term / (x * x);
  }
  return sum;
}

const primes = /* @__PURE__ */ new Map<Known, bigint>();

/** Computed when it is needed: the digits of all of them would take 6 KB of whoever has this in a bundle. */
function knownPrime(known: Known): bigint {
  const found = primes.get(known) ?? primeOf(known);
  primes.set(known, found);
  return found;
}

/** A group of RFC 7919. */
export function ffdheGroup(name: FfdheName): FiniteFieldGroup {
  const known = ffdhe[name];
  return { prime: toBytes(knownPrime(known), known.bits / 8), generator: Uint8Array.of(2) };
}

/** A group of RFC 7919 as a key exchange, with shares in the form of TLS 1.3 (RFC 9846 §4.3.8.1): as long as the prime. */
export function ffdheKeyExchange(name: FfdheName, field: FiniteField): KeyExchange {
  const length = ffdhe[name].bits / 8;
  let group: ReturnType<FiniteField["in"]> | undefined;
  const exchange = (): ReturnType<FiniteField["in"]> => (group ??= field.in(ffdheGroup(name)));
  const check = (share: Uint8Array): void => {
    if (share.length !== length) {
      throw cryptoError("invalid_key_share", `a ${name} key share has ${length} bytes, got ${share.length}`);
    }
  };
  const offered = function* (random: Random): Steps<KeyShareOffer> {
    const offer = yield* wait(exchange().offer(random));
    const finish = (peerShare: Uint8Array): Awaitable<Uint8Array> => {
      check(peerShare);
      return offer.finish(peerShare);
    };
    return { share: offer.share, finish, dispose: () => offer.dispose() };
  };
  return {
    name,
    offer: (random) => run(offered(random)),
    respond: (peerShare, random) => {
      check(peerShare);
      return exchange().respond(peerShare, random);
    },
  };
}

/**
 * Bits of the longest prime that is tested, if it is nobody's known one. A test of 4,096 bits takes about a second of this
 * thread, one of 8,192 ten: more than a peer may cost.
 */
export const maxTestedPrimeBits = 4096;

/**
 * Rounds of Miller-Rabin on (p - 1) / 2: what isn't prime gets through once in 4^16 times, if somebody who can't foresee
 * `random` made it so on purpose.
 */
const rounds = 16;

/** Primes whose verdicts are remembered: those of so many servers that have one of their own. */
export const maxRememberedPrimes = 64;

const verdicts = /* @__PURE__ */ new Map<bigint, boolean>();

/**
 * Whether a group that a peer has chosen is safe to use: its prime is one of RFC 7919 or RFC 3526, or has been tested to be
 * a safe one, which takes long, but once for each: the verdicts on the last {@link maxRememberedPrimes} are remembered.
 * @returns the group's name, if it is one of RFC 7919
 * @throws {CryptoError} `unsafe_group` if p hasn't 2,048 to 8,192 bits ({@link maxTestedPrimeBits} if it is nobody's known
 * one) or isn't a safe prime, or g isn't from 2 to 2^31 - 1.
 */
export function checkFiniteFieldGroup(group: FiniteFieldGroup, random: Random): FfdheName | undefined {
  const { prime } = group;
  const { min, max } = finiteFieldPrimeBits;
  // Without leading zeros, of which there may be a few.
  const first = Math.max(
    0,
    prime.findIndex((byte) => byte !== 0),
  );
  if (prime.length - first > max / 8) throw tooLong(max);
  const p = toInteger(prime.subarray(first));
  const bits = bitLength(p);
  if (bits < min) throw cryptoError("unsafe_group", `a prime of at least ${min} bits is wanted, got ${bits}`);
  const generator = checkedGenerator(group);
  const [name] = Object.entries(ffdhe).find(([, known]) => known.bits === bits && knownPrime(known) === p) ?? [];
  // Of the entries of a record of names a key is a name.
  if (name !== undefined) return generator === 2 ? (name as FfdheName) : undefined;
  if (modp.some((known) => known.bits === bits && knownPrime(known) === p)) return undefined;
  if (bits > maxTestedPrimeBits) throw tooLong(maxTestedPrimeBits);
  if (!isSafePrime(p, random)) throw cryptoError("unsafe_group", "the prime is not a safe prime");
  return undefined;
}

function tooLong(max: number): Error {
  return cryptoError("unsafe_group", `a prime of at most ${max} bits is wanted`);
}

function isSafePrime(p: bigint, random: Random): boolean {
  const remembered = verdicts.get(p);
  if (remembered !== undefined) return remembered;
  const q = (p - 1n) / 2n;
  const verdict =
    // Both are odd, and no small prime divides one of them.
    (p & 3n) === 3n &&
    !hasSmallFactor(p) &&
    !hasSmallFactor(q) &&
    // Pocklington 1914: if q is prime, and 2^(p-1) is 1 modulo p and 2^2 - 1 has no factor in common with it, p is.
    power(2n, p - 1n, p) === 1n &&
    isProbablyPrime(q, random, rounds);
  const [oldest] = verdicts.keys();
  if (verdicts.size >= maxRememberedPrimes && oldest !== undefined) verdicts.delete(oldest);
  verdicts.set(p, verdict);
  return verdict;
}
