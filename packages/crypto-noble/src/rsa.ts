import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import {
  checkRsaPublicKey,
  constantTimeEqual,
  cryptoError,
  type Random,
  type RsaPrivateKey,
  type RsaPublicKey,
  type SignatureAlgorithm,
  type SignatureHash,
  type SignatureKeys,
} from "@tlskit/crypto";
import { bitLength, inverse, power, randomBelow, randomPrime, toBytes, toInteger } from "@tlskit/crypto/integers";
import { type SignatureKind, signatureKeys } from "./signature-keys.ts";

/** A hash, and the DER in front of it in PKCS#1 v1.5 signatures (RFC 8017 §9.2, note 1). */
interface Digest {
  readonly length: number;
  readonly digestInfo: Uint8Array;
  hash(message: Uint8Array): Uint8Array;
}

function digest(hash: (message: Uint8Array) => Uint8Array, length: number, oidEnd: number): Digest {
  // RFC 5246 §4.7#digest-info, §4.7#null-parameters, RFC 9963 §4#null-parameters: SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.x, NULL }, OCTET STRING }
  const digestInfo = Uint8Array.of(
    ...[0x30, 0x11 + length, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, oidEnd],
    ...[0x05, 0x00, 0x04, length],
  );
  return { length, digestInfo, hash };
}

const digests: Readonly<Record<SignatureHash, Digest>> = {
  "SHA-256": digest(sha256, 32, 1),
  "SHA-384": digest(sha384, 48, 2),
  "SHA-512": digest(sha512, 64, 3),
};

type RsaAlgorithm = Extract<SignatureAlgorithm, `RSA-${string}`>;

interface Scheme {
  readonly pss: boolean;
  readonly digest: Digest;
}

const schemes: ReadonlyMap<SignatureAlgorithm, Scheme> = new Map(
  (["RSA-PSS", "RSA-PKCS1"] as const).flatMap((padding) =>
    (["SHA-256", "SHA-384", "SHA-512"] as const).map((hash) => {
      const algorithm: RsaAlgorithm = `${padding}/${hash}`;
      return [algorithm, { pss: padding === "RSA-PSS", digest: digests[hash] }] as const;
    }),
  ),
);

function schemeIn(known: ReadonlyMap<SignatureAlgorithm, Scheme>, algorithm: SignatureAlgorithm): Scheme {
  const scheme = known.get(algorithm);
  if (scheme === undefined) throw cryptoError("unsupported", `no ${algorithm}`);
  return scheme;
}

type Verifying = Omit<SignatureKind<RsaPublicKey, RsaPrivateKey>, "signer" | "generate">;

function verifying(known: ReadonlyMap<SignatureAlgorithm, Scheme>): Verifying {
  return {
    type: "RSA",
    algorithms: [...known.keys()],
    isPublic: (key) => key.type === "RSA",
    isPrivate: (key) => key.type === "RSA",
    verifier: (key) => {
      checkRsaPublicKey(key);
      const n = toInteger(key.modulus);
      const e = toInteger(key.publicExponent);
      return (algorithm, message, signature) => verify(n, e, schemeIn(known, algorithm), message, signature);
    },
  };
}

/**
 * RSA signatures with these schemes besides: by PKCS#1 v1.5, with a hash that the signature says nothing of.
 * @param unnamed bytes of a digest, and the hash.
 */
export function rsaSignatures(
  unnamed: ReadonlyMap<SignatureAlgorithm, { readonly length: number; hash(message: Uint8Array): Uint8Array }>,
): SignatureKeys {
  const own = new Map(schemes);
  for (const [algorithm, { length, hash }] of unnamed) {
    own.set(algorithm, { pss: false, digest: { length, hash, digestInfo: new Uint8Array(0) } });
  }
  return signatureKeys<RsaPublicKey, RsaPrivateKey>({
    ...verifying(own),
    signer: (key, random) => {
      checkRsaPublicKey(key);
      const privateKey = integersOf(key);
      return (algorithm, message) => sign(privateKey, algorithm, schemeIn(own, algorithm), message, random);
    },
    generate: (random, modulusBits) => generate(random, modulusBits),
  });
}

/** RSA signatures (RFC 8017), in BigInts. Private operations are blinded, since BigInts take no constant time. */
export const rsa: SignatureKeys = /* @__PURE__ */ rsaSignatures(new Map());

/**
 * The same for who only verifies: it signs nothing and makes no keys, and has none of that in a bundle. For clients that show no
 * RSA certificate of their own.
 */
export const rsaVerification: SignatureKeys = /* @__PURE__ */ onlyVerifying(schemes);

function onlyVerifying(known: ReadonlyMap<SignatureAlgorithm, Scheme>): SignatureKeys {
  const refuse = (): never => {
    throw cryptoError("unsupported", "this RSA verifies signatures and does nothing else");
  };
  const keys = signatureKeys<RsaPublicKey, RsaPrivateKey>({ ...verifying(known), signer: refuse, generate: refuse });
  return { ...keys, signer: refuse };
}

/** RFC 8017 §8.1.2, §8.2.2 (RFC 9963 §4#rfc8017, §4#encoding-checked). */
function verify(n: bigint, e: bigint, { pss, digest }: Scheme, message: Uint8Array, signature: Uint8Array): boolean {
  const modulusBits = bitLength(n);
  const s = toInteger(signature);
  if (signature.length !== Math.ceil(modulusBits / 8) || s >= n) return false;
  const m = power(s, e, n);
  const hashed = digest.hash(message);
  if (pss) return verifyPss(m, hashed, digest, modulusBits - 1);
  // Compared with what a right signature holds, rather than parsed: no forger finds room in the padding.
  const expected = encodePkcs1(hashed, digest, signature.length);
  return expected !== undefined && constantTimeEqual(toBytes(m, signature.length), expected);
}

/** RFC 8017 §8.1.1, §8.2.1. */
function sign(
  key: PrivateIntegers,
  algorithm: SignatureAlgorithm,
  { pss, digest }: Scheme,
  message: Uint8Array,
  random: Random,
): Uint8Array {
  const modulusBits = bitLength(key.n);
  const length = Math.ceil(modulusBits / 8);
  const hashed = digest.hash(message);
  const encoded = pss
    ? encodePss(hashed, random(digest.length), digest, modulusBits - 1)
    : encodePkcs1(hashed, digest, length);
  if (encoded === undefined)
    throw cryptoError("unsupported", `an RSA key of ${modulusBits} bits is too small for ${algorithm}`);
  return toBytes(decrypt(key, toInteger(encoded), random), length);
}

/** RFC 8017 §9.2: EMSA-PKCS1-v1_5. */
function encodePkcs1(hashed: Uint8Array, { digestInfo }: Digest, length: number): Uint8Array | undefined {
  const contentLength = digestInfo.length + hashed.length;
  if (length < contentLength + 11) return undefined;
  const encoded = new Uint8Array(length).fill(0xff);
  encoded[0] = 0;
  encoded[1] = 1;
  encoded[length - contentLength - 1] = 0;
  encoded.set(digestInfo, length - contentLength);
  encoded.set(hashed, length - hashed.length);
  return encoded;
}

/** RFC 8017 §9.1.1: EMSA-PSS, the salt as long as the hash (RFC 9846 §4.3.3#pss-salt). */
function encodePss(hashed: Uint8Array, salt: Uint8Array, digest: Digest, bits: number): Uint8Array | undefined {
  const length = Math.ceil(bits / 8);
  if (length < 2 * digest.length + 2) return undefined;
  const h = pssHash(hashed, salt, digest);
  const db = new Uint8Array(length - digest.length - 1);
  db[db.length - salt.length - 1] = 1;
  db.set(salt, db.length - salt.length);
  xorMask(db, h, digest);
  db[0] = (db[0] ?? 0) & (0xff >> (8 * length - bits));
  const encoded = new Uint8Array(length);
  encoded.set(db);
  encoded.set(h, db.length);
  encoded[length - 1] = 0xbc;
  return encoded;
}

/** RFC 8017 §9.1.2. Nothing of it is secret. */
function verifyPss(m: bigint, hashed: Uint8Array, digest: Digest, bits: number): boolean {
  const length = Math.ceil(bits / 8);
  if (length < 2 * digest.length + 2 || bitLength(m) > bits) return false;
  const encoded = toBytes(m, length);
  if (encoded[length - 1] !== 0xbc) return false;
  const db = encoded.slice(0, length - digest.length - 1);
  const h = encoded.subarray(db.length, length - 1);
  const unused = 8 * length - bits;
  if (((db[0] ?? 0) & ~(0xff >> unused) & 0xff) !== 0) return false;
  xorMask(db, h, digest);
  db[0] = (db[0] ?? 0) & (0xff >> unused);
  const saltAt = db.length - digest.length;
  if (db.findIndex((byte) => byte !== 0) !== saltAt - 1 || db[saltAt - 1] !== 1) return false;
  return constantTimeEqual(h, pssHash(hashed, db.subarray(saltAt), digest));
}

function pssHash(hashed: Uint8Array, salt: Uint8Array, digest: Digest): Uint8Array {
  const input = new Uint8Array(8 + hashed.length + salt.length);
  input.set(hashed, 8);
  input.set(salt, 8 + hashed.length);
  return digest.hash(input);
}

/** RFC 8017 §B.2.1: MGF1, applied to `target`. */
function xorMask(target: Uint8Array, seed: Uint8Array, digest: Digest): void {
  const input = new Uint8Array(seed.length + 4);
  input.set(seed);
  for (let counter = 0, offset = 0; offset < target.length; counter += 1, offset += digest.length) {
    input.set([counter >>> 24, counter >>> 16, counter >>> 8, counter], seed.length);
    const mask = digest.hash(input);
    for (let i = 0; i < mask.length && offset + i < target.length; i += 1) {
      target[offset + i] = (target[offset + i] ?? 0) ^ (mask[i] ?? 0);
    }
  }
}

interface PrivateIntegers {
  readonly n: bigint;
  readonly e: bigint;
  readonly p: bigint;
  readonly q: bigint;
  readonly dp: bigint;
  readonly dq: bigint;
  readonly qi: bigint;
}

function integersOf(key: RsaPrivateKey): PrivateIntegers {
  const integers: PrivateIntegers = {
    n: toInteger(key.modulus),
    e: toInteger(key.publicExponent),
    p: toInteger(key.prime1),
    q: toInteger(key.prime2),
    dp: toInteger(key.exponent1),
    dq: toInteger(key.exponent2),
    qi: toInteger(key.coefficient),
  };
  const { n, e, p, q, dp, dq, qi } = integers;
  const fits =
    p > 1n && q > 1n && p * q === n && (e * dp) % (p - 1n) === 1n && (e * dq) % (q - 1n) === 1n && (qi * q) % p === 1n;
  if (!fits) throw cryptoError("invalid_private_key", "the parts of the RSA key do not fit together");
  return integers;
}

/** RFC 8017 §5.1.2, by the Chinese remainder theorem: blinded, and checked before anyone sees it. */
function decrypt({ n, e, p, q, dp, dq, qi }: PrivateIntegers, m: bigint, random: Random): bigint {
  let blind = 0n;
  let unblind: bigint | undefined;
  while (unblind === undefined) {
    blind = randomBelow(n, random);
    unblind = inverse(blind, n);
  }
  const blinded = (m * power(blind, e, n)) % n;
  const m1 = power(blinded % p, dp, p);
  const m2 = power(blinded % q, dq, q);
  const h = (((m1 - m2) % p) + p) * qi;
  const s = ((m2 + (h % p) * q) * unblind) % n;
  // A fault in one half would give away the primes (Boneh, DeMillo, Lipton 1997).
  if (power(s, e, n) !== m) throw cryptoError("invalid_private_key", "an RSA private key operation went wrong");
  return s;
}

/** FIPS 186-5 §A.1.3, with 65537. Takes seconds for large keys. */
function generate(random: Random, modulusBits: number): RsaPrivateKey {
  if (!Number.isInteger(modulusBits) || modulusBits % 2 !== 0 || modulusBits < 1024 || modulusBits > 8192) {
    throw cryptoError("invalid_argument", `an RSA modulus has 1024 to 8192 bits, an even number; got ${modulusBits}`);
  }
  const e = 65537n;
  const half = modulusBits / 2;
  for (;;) {
    const p = randomPrime(half, e, random);
    const q = randomPrime(half, e, random);
    const distance = p > q ? p - q : q - p;
    if (bitLength(distance) <= half - 100) continue;
    const d = inverse(e, (p - 1n) * (q - 1n));
    const qi = inverse(q, p);
    if (d === undefined || qi === undefined) continue;
    return {
      type: "RSA",
      modulus: toBytes(p * q, modulusBits / 8),
      publicExponent: toBytes(e, 3),
      privateExponent: toBytes(d, modulusBits / 8),
      prime1: toBytes(p, half / 8),
      prime2: toBytes(q, half / 8),
      exponent1: toBytes(d % (p - 1n), half / 8),
      exponent2: toBytes(d % (q - 1n), half / 8),
      coefficient: toBytes(qi, half / 8),
    };
  }
}
