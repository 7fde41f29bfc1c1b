import {
  type CurveName,
  checkRsaPublicKey,
  constantTimeEqual,
  cryptoError,
  type EcPrivateKey,
  type EdwardsCurveName,
  type EdwardsPrivateKey,
  type PrivateKey,
  type PublicKey,
  rsaModulusBits,
  rsaSignatureLength,
  type SignatureAlgorithm,
  type SignatureKeyType,
} from "@tlskit/crypto";
import { check } from "./answers.ts";
import { ecPrivateKey, integers } from "./der.ts";
import type { KeyDesk } from "./keys.ts";
import type { Owned } from "./owned.ts";

/** Keys of one type: how they go into libcrypto and come out of it. */
export interface KeyKind {
  readonly type: SignatureKeyType;
  /** Best first. */
  readonly algorithms: readonly SignatureAlgorithm[];
  readonly generator: Owned;
  /** Tells a generator how long a key is to be, where that can be told. */
  readonly setLength?: (generator: Owned, modulusBits: number) => void;
  /** What `importPublic` takes. @throws {CryptoError} `invalid_public_key` */
  encoded(key: PublicKey): Uint8Array;
  importPublic(encoded: Uint8Array): Owned | undefined;
  /** @throws {CryptoError} `invalid_private_key`, `invalid_public_key` */
  importPrivate(key: PrivateKey): Owned;
  /** @throws {CryptoError} `invalid_private_key` */
  readonly fromSecret?: (secret: Uint8Array) => PrivateKey;
  /** A key's parts, to be given out. */
  parts(key: Owned): PrivateKey;
}

/** What this libcrypto has, in order of preference. */
export function keyKinds(desk: KeyDesk): readonly KeyKind[] {
  const kinds = [
    ec(desk, "P-256"),
    edwards(desk, "Ed25519", 32),
    ec(desk, "P-384"),
    ec(desk, "P-521"),
    edwards(desk, "Ed448", 57),
    rsa(desk),
  ];
  return kinds.filter((kind) => kind !== undefined);
}

function wrongType(expected: SignatureKeyType, got: SignatureKeyType, kind: "public" | "private"): Error {
  return cryptoError(`invalid_${kind}_key`, `expected a key of type ${expected}, got ${got}`);
}

function invalid(type: SignatureKeyType, kind: "public" | "private"): Error {
  return cryptoError(`invalid_${kind}_key`, `not a valid ${type} ${kind} key`);
}

/** Two signatures of EdDSA with different public keys give the seed away, and OpenSSL takes any point along with a scalar. */
function checkFits(computed: Uint8Array, given: Uint8Array): void {
  if (!constantTimeEqual(computed, given)) {
    throw cryptoError("invalid_private_key", "the private key does not fit its public key");
  }
}

/** openssl/core_names.h: `OSSL_PKEY_PARAM_PUB_KEY`, `OSSL_PKEY_PARAM_PRIV_KEY` */
const parameter = { publicKey: "pub", privateKey: "priv" } as const;

/** openssl/obj_mac.h: `NID_rsaEncryption`, `NID_X9_62_id_ecPublicKey` */
const keyType = { rsa: 6n, ec: 408n } as const;

interface Curve {
  /** Bytes of a coordinate and of a scalar. */
  readonly length: number;
  /** The object identifier (RFC 5480 §2.1.1.1), in DER. */
  readonly oid: string;
  /** The order of the base point (SP 800-186 §3.2.1), which a scalar is below. */
  readonly order: string;
  readonly algorithms: readonly SignatureAlgorithm[];
}

const curves: Readonly<Record<CurveName, Curve>> = {
  "P-256": {
    length: 32,
    oid: "06082a8648ce3d030107",
    order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    algorithms: ["ECDSA/P-256/SHA-256", "ECDSA/P-256/SHA-384", "ECDSA/P-256/SHA-512", "ECDSA/P-256/SHA-1"],
  },
  "P-384": {
    length: 48,
    oid: "06052b81040022",
    order: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    algorithms: ["ECDSA/P-384/SHA-384", "ECDSA/P-384/SHA-256", "ECDSA/P-384/SHA-512", "ECDSA/P-384/SHA-1"],
  },
  "P-521": {
    length: 66,
    oid: "06052b81040023",
    order:
      "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    algorithms: ["ECDSA/P-521/SHA-512", "ECDSA/P-521/SHA-256", "ECDSA/P-521/SHA-384", "ECDSA/P-521/SHA-1"],
  },
};

function ec(desk: KeyDesk, type: CurveName): KeyKind | undefined {
  const { call, cString } = desk.libcrypto;
  const { length, algorithms, ...curve } = curves[type];
  const [oid, order] = [unhex(curve.oid), unhex(curve.order)];
  const generator = desk.generator("EC", (context) => call.EVP_PKEY_CTX_set_group_name(context, cString(type)));
  if (generator === undefined) return undefined;
  let likeness: Owned | undefined;

  const pointOf = (key: PublicKey): Uint8Array => {
    if (key.type !== type) throw wrongType(type, key.type, "public");
    if (key.point.length !== 1 + 2 * length || key.point[0] !== 4) {
      throw cryptoError(
        "invalid_public_key",
        `a ${type} public key is an uncompressed point of ${1 + 2 * length} bytes`,
      );
    }
    return Uint8Array.from(key.point);
  };

  const importScalar = (scalar: Uint8Array): Owned => {
    if (scalar.length !== length) throw cryptoError("invalid_private_key", `a ${type} scalar has ${length} bytes`);
    // SEC 1 §3.2.1: a scalar is at least 1 and below the order; OpenSSL reads others.
    if (!isBelow(scalar, order) || scalar.every((byte) => byte === 0)) throw invalid(type, "private");
    const key = desk.importedDer(ecPrivateKey(scalar, oid), (pointer, size) =>
      call.d2i_PrivateKey(keyType.ec, 0n, pointer, size),
    );
    if (key === undefined) throw invalid(type, "private");
    return key;
  };

  return {
    type,
    algorithms,
    generator,
    encoded: pointOf,
    importPublic: (point) => {
      likeness ??= desk.generate(generator);
      return desk.publicLike(likeness, point);
    },
    importPrivate: (key) => {
      if (key.type !== type) throw wrongType(type, key.type, "private");
      return fitting(importScalar(key.scalar), (own) => checkFits(desk.octets(own, parameter.publicKey), pointOf(key)));
    },
    fromSecret: (secret): EcPrivateKey => {
      const scalar = Uint8Array.from(secret);
      const key = importScalar(scalar);
      try {
        return { type, scalar, point: desk.octets(key, parameter.publicKey) };
      } finally {
        key.dispose();
      }
    },
    parts: (key) => ({
      type,
      scalar: desk.integer(key, parameter.privateKey, length),
      point: desk.octets(key, parameter.publicKey),
    }),
  };
}

/** Big-endian integers of one length. Where they differ first is told by the time, of a number that is no key then. */
function isBelow(number: Uint8Array, bound: Uint8Array): boolean {
  let borrow = 0;
  for (let i = number.length - 1; i >= 0; i -= 1) borrow = (number[i] ?? 0) - (bound[i] ?? 0) - borrow < 0 ? 1 : 0;
  return borrow === 1;
}

function unhex(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

function edwards(desk: KeyDesk, type: EdwardsCurveName, length: number): KeyKind | undefined {
  const { call, cString } = desk.libcrypto;
  const algorithm = type.toUpperCase();
  const generator = desk.generator(algorithm);
  if (generator === undefined) return undefined;

  const publicKeyOf = (key: PublicKey): Uint8Array => {
    if (key.type !== type) throw wrongType(type, key.type, "public");
    if (key.publicKey.length !== length) {
      throw cryptoError("invalid_public_key", `an ${type} public key has ${length} bytes, got ${key.publicKey.length}`);
    }
    return Uint8Array.from(key.publicKey);
  };

  const importSeed = (seed: Uint8Array): Owned => {
    if (seed.length !== length) throw cryptoError("invalid_private_key", `an ${type} seed has ${length} bytes`);
    const key = desk.imported(seed, (bytes, size) =>
      call.EVP_PKEY_new_raw_private_key_ex(0n, cString(algorithm), 0n, bytes, size),
    );
    if (key === undefined) throw invalid(type, "private");
    return key;
  };

  return {
    type,
    algorithms: [type],
    generator,
    encoded: publicKeyOf,
    importPublic: (bytes) =>
      desk.imported(bytes, (address, size) =>
        call.EVP_PKEY_new_raw_public_key_ex(0n, cString(algorithm), 0n, address, size),
      ),
    importPrivate: (key) => {
      if (key.type !== type) throw wrongType(type, key.type, "private");
      return fitting(importSeed(key.seed), (own) => checkFits(desk.octets(own, parameter.publicKey), publicKeyOf(key)));
    },
    fromSecret: (secret): EdwardsPrivateKey => {
      const seed = Uint8Array.from(secret);
      const key = importSeed(seed);
      try {
        return { type, seed, publicKey: desk.octets(key, parameter.publicKey) };
      } finally {
        key.dispose();
      }
    },
    parts: (key) => ({
      type,
      seed: desk.octets(key, parameter.privateKey),
      publicKey: desk.octets(key, parameter.publicKey),
    }),
  };
}

/** The key, unless a check throws. */
function fitting(key: Owned, checkKey: (key: Owned) => void): Owned {
  try {
    checkKey(key);
    return key;
  } catch (error) {
    key.dispose();
    throw error;
  }
}

function rsa(desk: KeyDesk): KeyKind | undefined {
  const { call } = desk.libcrypto;
  const generator = desk.generator("RSA");
  if (generator === undefined) return undefined;
  const encoded = (key: PublicKey): Uint8Array => {
    if (key.type !== "RSA") throw wrongType("RSA", key.type, "public");
    checkRsaPublicKey(key);
    return integers(key.modulus, key.publicExponent);
  };
  return {
    type: "RSA",
    algorithms: [
      "RSA-PSS/SHA-256",
      "RSA-PSS/SHA-384",
      "RSA-PSS/SHA-512",
      "RSA-PKCS1/SHA-256",
      "RSA-PKCS1/SHA-384",
      "RSA-PKCS1/SHA-512",
      "RSA-PKCS1/MD5-SHA-1",
    ],
    generator,
    setLength: (context, modulusBits) => {
      const { min, max } = rsaModulusBits;
      if (!Number.isInteger(modulusBits) || modulusBits < min || modulusBits > max) {
        throw cryptoError("invalid_argument", `an RSA modulus has ${min} to ${max} bits, asked for ${modulusBits}`);
      }
      check(desk.libcrypto, call.EVP_PKEY_CTX_set_rsa_keygen_bits(context.address, BigInt(modulusBits)), "RSA");
    },
    encoded,
    importPublic: (der) => desk.importedDer(der, (pointer, size) => call.d2i_PublicKey(keyType.rsa, 0n, pointer, size)),
    importPrivate: (key) => {
      if (key.type !== "RSA") throw wrongType("RSA", key.type, "private");
      checkRsaPublicKey(key);
      const { modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = key;
      const numbers = [modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient];
      // RFC 8017 §3.2: all are below the modulus. Longer ones would make signing take as long as somebody likes.
      if (numbers.some((number) => rsaSignatureLength({ modulus: number }) > rsaSignatureLength(key))) {
        throw invalid("RSA", "private");
      }
      const version = Uint8Array.of(0);
      const own = desk.importedDer(integers(version, ...numbers), (pointer, size) =>
        call.d2i_PrivateKey(keyType.rsa, 0n, pointer, size),
      );
      if (own === undefined) throw invalid("RSA", "private");
      return own;
    },
    parts: (key) => ({
      type: "RSA",
      modulus: desk.integer(key, "n"),
      publicExponent: desk.integer(key, "e"),
      privateExponent: desk.integer(key, "d"),
      prime1: desk.integer(key, "rsa-factor1"),
      prime2: desk.integer(key, "rsa-factor2"),
      exponent1: desk.integer(key, "rsa-exponent1"),
      exponent2: desk.integer(key, "rsa-exponent2"),
      coefficient: desk.integer(key, "rsa-coefficient1"),
    }),
  };
}
