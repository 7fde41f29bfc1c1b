import { cryptoError } from "./error.ts";
import type { KeyShareAnswer, KeyShareOffer } from "./key-exchange.ts";
import type { Random } from "./random.ts";
import { type Awaitable, run, type Steps, wait } from "./steps.ts";

/** A group for Diffie-Hellman over a finite field: unsigned big-endian integers, with or without leading zeros. */
export interface FiniteFieldGroup {
  /** p, a safe prime: (p - 1) / 2 is prime as well. */
  readonly prime: Uint8Array;
  /** g */
  readonly generator: Uint8Array;
}

/** Diffie-Hellman over finite fields. */
export interface FiniteField {
  /**
   * Key agreement in a group. Whether its prime is a safe one isn't looked at here: {@link checkFiniteFieldGroup} does.
   * @throws {CryptoError} `unsafe_group` if p hasn't 2,048 to 8,192 bits or is even, or g isn't from 2 to 2^31 - 1.
   */
  in(group: FiniteFieldGroup): FiniteFieldKeyExchange;
}

/**
 * Key agreement in a group, in the shape of {@link KeyExchange}. Shares and secrets are as long as p, with zeros in front
 * (RFC 9846 §4.3.8.1, §7.4.1); TLS 1.2 takes those of the secret away (RFC 5246 §8.1.2). A peer's share may lack them, and
 * is refused unless it is from 2 to p - 2 (RFC 7919 §5.1).
 *
 * A private key gives one secret and no other: a peer who may ask again learns of a secret's leading zeros (Raccoon;
 * RFC 5246 §F.1.1.3#new-exponent, RFC 9325 §7.4#new-exponent).
 */
export interface FiniteFieldKeyExchange {
  /** Makes a key pair. Its `finish`, called once more when it has answered, refuses: `invalid_argument`. */
  offer(random: Random): Awaitable<KeyShareOffer>;
  /** @throws {CryptoError} `invalid_key_share` */
  respond(peerShare: Uint8Array, random: Random): Awaitable<KeyShareAnswer>;
}

/** A key pair in a group, for {@link finiteField}. */
export interface FiniteFieldKeyPair {
  /** g^x mod p, with or without leading zeros. */
  readonly publicValue: Uint8Array;
  /**
   * y^x mod p, with or without leading zeros.
   * @param peerValue from 2 to p - 2, as long as p. What is thrown for it is the peer's fault.
   */
  secretWith(peerValue: Uint8Array): Awaitable<Uint8Array>;
  dispose(): void;
}

/**
 * RFC 9325 §4.5#dh-bits, RFC 5246 §F.1.1.3#exponent-size: bits of the shortest and the longest prime: what is shorter has been broken or nearly so, what
 * is longer takes too long.
 */
export const finiteFieldPrimeBits: { readonly min: number; readonly max: number } = { min: 2048, max: 8192 };

/** RFC 7919 §5.2, appendix A: bits of a private key that are enough in a group of a safe prime. */
const privateKeyBits: readonly { readonly upTo: number; readonly bits: number }[] = [
  { upTo: 2048, bits: 225 },
  { upTo: 3072, bits: 275 },
  { upTo: 4096, bits: 325 },
  { upTo: 6144, bits: 375 },
  { upTo: 8192, bits: 400 },
];

/**
 * The largest generator: as much as every library takes. Any small number generates at least half of a safe prime's group;
 * those that are found in use have 2 to 5.
 */
export const maxGenerator: number = 2 ** 31 - 1;

/** A group as whoever computes in it wants it. */
export interface MinimalFiniteFieldGroup {
  /** p, big-endian, without leading zeros. */
  readonly prime: Uint8Array;
  /** g, up to {@link maxGenerator}. */
  readonly generator: number;
  /** Bits that a private key is to have (RFC 7919 §5.2). */
  readonly privateKeyBits: number;
}

/**
 * For whoever implements {@link FiniteField}: everything about it but the arithmetic, which `keyPairs` brings for a group.
 */
export function finiteField(
  keyPairs: (group: MinimalFiniteFieldGroup) => (random: Random) => Awaitable<FiniteFieldKeyPair>,
): FiniteField {
  return {
    in: (given) => {
      const group = minimal(given);
      const makeKeyPair = keyPairs(group);
      return {
        offer: (random) => run(offer(group, makeKeyPair(random))),
        respond: (peerShare, random) => run(respond(group, peerShare, () => makeKeyPair(random))),
      };
    },
  };
}

function minimal(group: FiniteFieldGroup): MinimalFiniteFieldGroup {
  const prime = withoutLeadingZeros(group.prime);
  const bits = prime.length === 0 ? 0 : prime.length * 8 - Math.clz32(prime[0] ?? 0) + 24;
  const { min, max } = finiteFieldPrimeBits;
  if (bits < min || bits > max) {
    throw cryptoError("unsafe_group", `a prime has ${min} to ${max} bits, got ${bits}`);
  }
  if (((prime.at(-1) ?? 0) & 1) === 0) throw cryptoError("unsafe_group", "the modulus is even");
  return {
    prime,
    generator: checkedGenerator(group),
    privateKeyBits: privateKeyBits.find(({ upTo }) => bits <= upTo)?.bits ?? bits,
  };
}

/** @throws {CryptoError} `unsafe_group` unless g is from 2 to {@link maxGenerator} */
export function checkedGenerator({ generator }: FiniteFieldGroup): number {
  const bytes = withoutLeadingZeros(generator);
  const value = bytes.length > 4 ? maxGenerator + 1 : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  if (value < 2 || value > maxGenerator) {
    throw cryptoError("unsafe_group", `the generator isn't from 2 to ${maxGenerator}`);
  }
  return value;
}

function* offer({ prime }: MinimalFiniteFieldGroup, made: Awaitable<FiniteFieldKeyPair>): Steps<KeyShareOffer> {
  const keyPair = yield* wait(made);
  let isUsed = false;
  const finish = function* (peerShare: Uint8Array): Steps<Uint8Array> {
    const peerValue = checkedShare(prime, peerShare);
    if (isUsed) throw cryptoError("invalid_argument", "a private key of Diffie-Hellman is used a second time");
    isUsed = true;
    return yield* secret(prime, keyPair, peerValue);
  };
  return {
    share: padded(keyPair.publicValue, prime.length),
    finish: (peerShare) => run(finish(peerShare)),
    dispose: () => keyPair.dispose(),
  };
}

function* respond(
  { prime }: MinimalFiniteFieldGroup,
  peerShare: Uint8Array,
  makeKeyPair: () => Awaitable<FiniteFieldKeyPair>,
): Steps<KeyShareAnswer> {
  const peerValue = checkedShare(prime, peerShare);
  const keyPair = yield* wait(makeKeyPair());
  try {
    return { share: padded(keyPair.publicValue, prime.length), secret: yield* secret(prime, keyPair, peerValue) };
  } finally {
    keyPair.dispose();
  }
}

function* secret(prime: Uint8Array, keyPair: FiniteFieldKeyPair, peerValue: Uint8Array): Steps<Uint8Array> {
  let computed: Uint8Array;
  try {
    computed = yield* wait(keyPair.secretWith(peerValue));
  } catch {
    throw invalidShare();
  }
  // RFC 9846 §7.4.1: as long as the prime.
  return padded(computed, prime.length);
}

/** RFC 9846 §4.3.8.1#public-key-checked, RFC 7919 §5.1, RFC 5246 §F.1.1.3#subgroups: from 2 to p - 2. 0, 1 and p - 1 make secrets that everybody knows. */
function checkedShare(prime: Uint8Array, share: Uint8Array): Uint8Array {
  const value = withoutLeadingZeros(share);
  const peerValue = value.length <= prime.length ? padded(value, prime.length) : value;
  if (value.length > prime.length || !isInRange(peerValue, prime)) throw invalidShare();
  return peerValue;
}

function invalidShare(): Error {
  return cryptoError("invalid_key_share", "a Diffie-Hellman share isn't from 2 to p - 2");
}

/** Whether a public number is from 2 to p - 2; both have one length, and p is odd. */
function isInRange(value: Uint8Array, prime: Uint8Array): boolean {
  const last = prime.length - 1;
  if (value.subarray(0, last).every((byte) => byte === 0) && (value[last] ?? 0) < 2) return false;
  const difference = value.findIndex((byte, at) => byte !== prime[at]);
  // p is odd, so that p - 1 differs from it in the last byte alone.
  if (difference === last) return (value[last] ?? 0) < (prime[last] ?? 0) - 1;
  return difference !== -1 && (value[difference] ?? 0) < (prime[difference] ?? 0);
}

function withoutLeadingZeros(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  return first === -1 ? new Uint8Array(0) : Uint8Array.from(number.subarray(first));
}

/** In a buffer of its own. A secret's leading zeros are looked at by nobody: it is copied to where it ends. */
function padded(number: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  whole.set(number.length > length ? number.subarray(-length) : number, Math.max(0, length - number.length));
  return whole;
}
