import * as crypto from "node:crypto";
import {
  CryptoError,
  type CurveName,
  checkRsaPublicKey,
  constantTimeEqual,
  cryptoError,
  type EcPrivateKey,
  type EdwardsCurveName,
  type EdwardsPrivateKey,
  type PrivateKey,
  type PublicKey,
  type RsaPrivateKey,
  type RsaPublicKey,
  rsaSignatureLength,
  run,
  type SignatureAlgorithm,
  type SignatureHash,
  type SignatureKeys,
  type SignatureKeyType,
  type Steps,
  wait,
} from "@tlskit/crypto";
import { fromBase64Url, toBase64Url } from "./bytes.ts";
import { ellipticCurves } from "./elliptic-curves.ts";
import type { KeyKind, Operations } from "./operations.ts";
import { runtimeHasEd448, runtimeHasP521, runtimeSignsShortDigests } from "./runtime.ts";

type Jwk = crypto.JsonWebKeyInput["key"];

type OpensslHash = "sha256" | "sha384" | "sha512" | "sha1" | "md5-sha1";

/** How node:crypto is told an algorithm: the hash, and the padding of RSA. */
interface NodeAlgorithm {
  readonly hash: OpensslHash | null;
  readonly options: crypto.SigningOptions;
}

export function nodeAlgorithm(algorithm: SignatureAlgorithm): NodeAlgorithm {
  if (algorithm === "Ed25519" || algorithm === "Ed448") return { hash: null, options: {} };
  const hash = hashes[algorithm.slice(algorithm.lastIndexOf("/") + 1)] ?? null;
  if (algorithm.startsWith("RSA-PSS/")) {
    // RFC 9846 §4.3.3#pss-salt
    const { RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_DIGEST } = crypto.constants;
    return { hash, options: { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST } };
  }
  if (algorithm.startsWith("RSA-PKCS1/")) return { hash, options: { padding: crypto.constants.RSA_PKCS1_PADDING } };
  return { hash, options: { dsaEncoding: "der" } };
}

const hashes: Readonly<Record<string, OpensslHash>> = {
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
  "SHA-1": "sha1",
  // RFC 4346 §4.7: OpenSSL knows that such a signature doesn't name its hash.
  "MD5-SHA-1": "md5-sha1",
};

/** What differs between types of keys: in what form node:crypto reads them, which is the quickest for each. */
interface KeyFormat {
  readonly algorithms: readonly SignatureAlgorithm[];
  publicKey(key: PublicKey): crypto.PublicKeyInput | crypto.JsonWebKeyInput;
  privateJwk(key: PrivateKey): Jwk;
  /** Throws whatever it likes for a secret that is no good. */
  readonly fromSecret?: (secret: Uint8Array) => PrivateKey;
  kind(modulusBits: number): KeyKind;
  parts(jwk: Jwk): PrivateKey;
}

function signatureKeys(type: SignatureKeyType, operations: Operations, format: KeyFormat): SignatureKeys {
  const algorithms = new Map(format.algorithms.map((algorithm) => [algorithm, nodeAlgorithm(algorithm)]));
  const settings = (algorithm: SignatureAlgorithm): NodeAlgorithm => {
    const found = algorithms.get(algorithm);
    if (found === undefined) throw cryptoError("unsupported", `a key of type ${type} has no ${algorithm} signatures`);
    return found;
  };
  const { fromSecret } = format;
  return {
    type,
    algorithms: format.algorithms,
    ...(fromSecret === undefined
      ? {}
      : { fromSecret: (secret) => imported("invalid_private_key", type, () => fromSecret(Uint8Array.from(secret))) }),
    verifier: (publicKey) => {
      const input = format.publicKey(publicKey);
      const key = imported("invalid_public_key", type, () => crypto.createPublicKey(input));
      const length = publicKey.type === "RSA" ? rsaSignatureLength(publicKey) : undefined;
      return {
        algorithms: format.algorithms,
        verify: (algorithm, message, signature) => {
          const { hash, options } = settings(algorithm);
          if (length !== undefined && signature.length !== length) return false;
          return operations.verify(hash, message, { key, ...options }, signature);
        },
      };
    },
    signer: (privateKey) => {
      const key = imported("invalid_private_key", type, () =>
        crypto.createPrivateKey({ key: format.privateJwk(privateKey), format: "jwk" }),
      );
      return {
        algorithms: format.algorithms,
        sign: (algorithm, message) => {
          const { hash, options } = settings(algorithm);
          return operations.sign(hash, message, { key, ...options });
        },
      };
    },
    generate: (_random, modulusBits = 2048) => run(generated(operations, format, modulusBits)),
  };
}

function* generated(operations: Operations, format: KeyFormat, modulusBits: number): Steps<PrivateKey> {
  const { privateKey } = yield* wait(operations.generateKeyPair(format.kind(modulusBits)));
  return format.parts(privateKey.export({ format: "jwk" }));
}

function imported<T>(code: "invalid_public_key" | "invalid_private_key", type: SignatureKeyType, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof CryptoError) throw error;
    throw cryptoError(code, `not a valid ${type} ${code === "invalid_public_key" ? "public" : "private"} key`);
  }
}

function wrongType(expected: SignatureKeyType, got: SignatureKeyType, kind: "public" | "private"): Error {
  return cryptoError(`invalid_${kind}_key`, `expected a key of type ${expected}, got ${got}`);
}

/** Deno and Bun take any public key along with a seed, Node 20 along with a scalar. */
function checkFits(derived: Uint8Array, publicKey: Uint8Array): void {
  if (!constantTimeEqual(derived, publicKey)) {
    throw cryptoError("invalid_private_key", "the private key does not fit its public key");
  }
}

function ecdsa(type: CurveName, hash: SignatureHash, operations: Operations): SignatureKeys {
  const { openssl, coordinateLength: length, spkiPrefix } = ellipticCurves[type];
  const others = (["SHA-256", "SHA-384", "SHA-512"] as const).filter((other) => other !== hash);
  const hasSha1 = type === "P-256" || runtimeSignsShortDigests;
  const pointOf = (key: PublicKey): Uint8Array => {
    if (key.type !== type) throw wrongType(type, key.type, "public");
    if (key.point.length !== 1 + 2 * length || key.point[0] !== 4) {
      throw cryptoError(
        "invalid_public_key",
        `a ${type} public key is an uncompressed point of ${1 + 2 * length} bytes`,
      );
    }
    return key.point;
  };
  const fromSecret = (scalar: Uint8Array): EcPrivateKey => {
    if (scalar.length !== length) throw cryptoError("invalid_private_key", `a ${type} scalar has ${length} bytes`);
    const pair = crypto.createECDH(openssl);
    pair.setPrivateKey(scalar);
    return { type, scalar, point: new Uint8Array(pair.getPublicKey()) };
  };
  return signatureKeys(type, operations, {
    algorithms: [hash, ...others, ...(hasSha1 ? (["SHA-1"] as const) : [])].map(
      (name) => `ECDSA/${type}/${name}` as const,
    ),
    publicKey: (key) => ({ key: Buffer.concat([spkiPrefix, pointOf(key)]), format: "der", type: "spki" }),
    privateJwk: (key) => {
      if (key.type !== type) throw wrongType(type, key.type, "private");
      const point = pointOf(key);
      checkFits(fromSecret(key.scalar).point, point);
      const x = toBase64Url(point.subarray(1, 1 + length));
      return { kty: "EC", crv: type, x, y: toBase64Url(point.subarray(1 + length)), d: toBase64Url(key.scalar) };
    },
    fromSecret,
    kind: () => ({ type: "ec", namedCurve: openssl }),
    parts: ({ d, x, y }) => ({
      type,
      scalar: fromBase64Url(d),
      point: new Uint8Array(Buffer.concat([Uint8Array.of(4), fromBase64Url(x), fromBase64Url(y)])),
    }),
  });
}

interface Edwards {
  readonly type: EdwardsCurveName;
  readonly kind: KeyKind;
  /** Bytes of seeds and public keys. */
  readonly length: number;
  /** DER of a PrivateKeyInfo (RFC 8410) up to the seed. */
  readonly pkcs8Prefix: Buffer;
}

const edwards25519: Edwards = {
  type: "Ed25519",
  kind: { type: "ed25519" },
  length: 32,
  pkcs8Prefix: Buffer.from("302e020100300506032b657004220420", "hex"),
};
const edwards448: Edwards = {
  type: "Ed448",
  kind: { type: "ed448" },
  length: 57,
  pkcs8Prefix: Buffer.from("3047020100300506032b6571043b0439", "hex"),
};

function eddsa({ type, kind, length, pkcs8Prefix }: Edwards, operations: Operations): SignatureKeys {
  const publicJwk = (key: PublicKey): Jwk => {
    if (key.type !== type) throw wrongType(type, key.type, "public");
    return { kty: "OKP", crv: type, x: toBase64Url(key.publicKey) };
  };
  const fromSecret = (seed: Uint8Array): EdwardsPrivateKey => {
    if (seed.length !== length) throw cryptoError("invalid_private_key", `an ${type} seed has ${length} bytes`);
    const der = Buffer.concat([pkcs8Prefix, seed]);
    const { x } = crypto.createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ format: "jwk" });
    return { type, seed, publicKey: fromBase64Url(x) };
  };
  return signatureKeys(type, operations, {
    algorithms: [type],
    publicKey: (key) => ({ key: publicJwk(key), format: "jwk" }),
    privateJwk: (key) => {
      if (key.type !== type) throw wrongType(type, key.type, "private");
      // Two signatures with different public keys give the seed away.
      checkFits(fromSecret(key.seed).publicKey, key.publicKey);
      return { ...publicJwk(key), d: toBase64Url(key.seed) };
    },
    fromSecret,
    kind: () => kind,
    parts: ({ d, x }) => ({ type, seed: fromBase64Url(d), publicKey: fromBase64Url(x) }),
  });
}

function rsaPublicJwk(key: PublicKey): Jwk {
  if (key.type !== "RSA") throw wrongType("RSA", key.type, "public");
  checkRsaPublicKey(key);
  return { kty: "RSA", n: toBase64Url(key.modulus), e: toBase64Url(key.publicExponent) };
}

function rsaPrivateJwk(key: PrivateKey): Jwk {
  if (key.type !== "RSA") throw wrongType("RSA", key.type, "private");
  const publicJwk = rsaPublicJwk(key);
  const { privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = key;
  // RFC 8017 §3.2: all are below the modulus. BoringSSL, under Bun, looks at nothing before it computes.
  for (const number of [privateExponent, prime1, prime2, exponent1, exponent2, coefficient]) {
    if (rsaSignatureLength({ modulus: number }) > rsaSignatureLength(key)) {
      throw cryptoError("invalid_private_key", "a number in an RSA private key is longer than the modulus");
    }
  }
  return {
    ...publicJwk,
    d: toBase64Url(key.privateExponent),
    p: toBase64Url(key.prime1),
    q: toBase64Url(key.prime2),
    dp: toBase64Url(key.exponent1),
    dq: toBase64Url(key.exponent2),
    qi: toBase64Url(key.coefficient),
  };
}

/** @throws {CryptoError} `invalid_public_key` */
export function rsaPublicKeyObject(key: RsaPublicKey): crypto.KeyObject {
  return imported("invalid_public_key", "RSA", () => crypto.createPublicKey({ key: rsaPublicJwk(key), format: "jwk" }));
}

/** @throws {CryptoError} `invalid_private_key`, `invalid_public_key` */
export function rsaPrivateKeyObject(key: RsaPrivateKey): crypto.KeyObject {
  return imported("invalid_private_key", "RSA", () =>
    crypto.createPrivateKey({ key: rsaPrivateJwk(key), format: "jwk" }),
  );
}

function rsa(operations: Operations): SignatureKeys {
  return signatureKeys("RSA", operations, {
    algorithms: [
      "RSA-PSS/SHA-256",
      "RSA-PSS/SHA-384",
      "RSA-PSS/SHA-512",
      "RSA-PKCS1/SHA-256",
      "RSA-PKCS1/SHA-384",
      "RSA-PKCS1/SHA-512",
      "RSA-PKCS1/MD5-SHA-1",
    ],
    publicKey: (key) => ({ key: rsaPublicJwk(key), format: "jwk" }),
    privateJwk: rsaPrivateJwk,
    kind: (modulusBits) => ({ type: "rsa", modulusLength: modulusBits }),
    parts: (jwk) => ({
      type: "RSA",
      modulus: fromBase64Url(jwk.n),
      publicExponent: fromBase64Url(jwk.e),
      privateExponent: fromBase64Url(jwk.d),
      prime1: fromBase64Url(jwk.p),
      prime2: fromBase64Url(jwk.q),
      exponent1: fromBase64Url(jwk.dp),
      exponent2: fromBase64Url(jwk.dq),
      coefficient: fromBase64Url(jwk.qi),
    }),
  });
}

export interface SignatureKeysByType {
  readonly ecdsaP256: SignatureKeys;
  readonly ed25519: SignatureKeys;
  readonly ecdsaP384: SignatureKeys;
  /** Absent where the runtime has none. */
  readonly ecdsaP521: SignatureKeys | undefined;
  /** Absent where the runtime has none. */
  readonly ed448: SignatureKeys | undefined;
  readonly rsa: SignatureKeys;
}

export function signatureKeysByType(operations: Operations): SignatureKeysByType {
  return {
    ecdsaP256: ecdsa("P-256", "SHA-256", operations),
    ed25519: eddsa(edwards25519, operations),
    ecdsaP384: ecdsa("P-384", "SHA-384", operations),
    ecdsaP521: runtimeHasP521 ? ecdsa("P-521", "SHA-512", operations) : undefined,
    ed448: runtimeHasEd448 ? eddsa(edwards448, operations) : undefined,
    rsa: rsa(operations),
  };
}
