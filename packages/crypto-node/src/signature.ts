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
  rsaSignatureLength,
  type SignatureAlgorithm,
  type SignatureKeys,
  type SignatureKeyType,
} from "@tlskit/crypto";
import { runtimeHasEd448, runtimeHasP521 } from "./runtime.ts";

type Jwk = crypto.JsonWebKeyInput["key"];

/** How node:crypto is told an algorithm: the hash, and the padding of RSA. */
interface NodeAlgorithm {
  readonly hash: "sha256" | "sha384" | "sha512" | null;
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

const hashes: Readonly<Record<string, "sha256" | "sha384" | "sha512">> = {
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** What differs between types of keys: in what form node:crypto reads them, which is the quickest for each. */
interface KeyFormat {
  readonly algorithms: readonly SignatureAlgorithm[];
  publicKey(key: PublicKey): crypto.PublicKeyInput | crypto.JsonWebKeyInput;
  privateJwk(key: PrivateKey): Jwk;
  /** Throws whatever it likes for a secret that is no good. */
  readonly fromSecret?: (secret: Uint8Array) => PrivateKey;
  generate(modulusBits: number): crypto.KeyObject;
  parts(jwk: Jwk): PrivateKey;
}

function signatureKeys(type: SignatureKeyType, format: KeyFormat): SignatureKeys {
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
          try {
            return crypto.verify(hash, message, { key, ...options }, signature);
          } catch {
            // A signature that OpenSSL can't even parse, or a key too small for the padding.
            return false;
          }
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
          return new Uint8Array(crypto.sign(hash, message, { key, ...options }));
        },
      };
    },
    generate: (_random, modulusBits = 2048) => format.parts(format.generate(modulusBits).export({ format: "jwk" })),
  };
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

function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}

function fromBase64Url(text: string | undefined): Uint8Array {
  return new Uint8Array(Buffer.from(text ?? "", "base64url"));
}

interface Curve {
  readonly openssl: string;
  /** Bytes of a coordinate. */
  readonly length: number;
  /** DER of a SubjectPublicKeyInfo (RFC 5480) up to the uncompressed point. */
  readonly spkiPrefix: Buffer;
}

/** Deno and Bun take any public key along with a seed, Node 20 along with a scalar. */
function checkFits(derived: Uint8Array, publicKey: Uint8Array): void {
  if (!constantTimeEqual(derived, publicKey)) {
    throw cryptoError("invalid_private_key", "the private key does not fit its public key");
  }
}

const curves: Readonly<Record<CurveName, Curve>> = {
  "P-256": {
    openssl: "prime256v1",
    length: 32,
    spkiPrefix: Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex"),
  },
  "P-384": {
    openssl: "secp384r1",
    length: 48,
    spkiPrefix: Buffer.from("3076301006072a8648ce3d020106052b81040022036200", "hex"),
  },
  "P-521": {
    openssl: "secp521r1",
    length: 66,
    spkiPrefix: Buffer.from("30819b301006072a8648ce3d020106052b8104002303818600", "hex"),
  },
};

function ecdsa(type: CurveName, hash: "SHA-256" | "SHA-384" | "SHA-512"): SignatureKeys {
  const { openssl, length, spkiPrefix } = curves[type];
  const others = (["SHA-256", "SHA-384", "SHA-512"] as const).filter((other) => other !== hash);
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
  return signatureKeys(type, {
    algorithms: [hash, ...others].map((name) => `ECDSA/${type}/${name}` as const),
    publicKey: (key) => ({ key: Buffer.concat([spkiPrefix, pointOf(key)]), format: "der", type: "spki" }),
    privateJwk: (key) => {
      if (key.type !== type) throw wrongType(type, key.type, "private");
      const point = pointOf(key);
      checkFits(fromSecret(key.scalar).point, point);
      const x = toBase64Url(point.subarray(1, 1 + length));
      return { kty: "EC", crv: type, x, y: toBase64Url(point.subarray(1 + length)), d: toBase64Url(key.scalar) };
    },
    fromSecret,
    generate: () => crypto.generateKeyPairSync("ec", { namedCurve: openssl }).privateKey,
    parts: ({ d, x, y }) => ({
      type,
      scalar: fromBase64Url(d),
      point: new Uint8Array(Buffer.concat([Uint8Array.of(4), fromBase64Url(x), fromBase64Url(y)])),
    }),
  });
}

export const ecdsaP256: SignatureKeys = ecdsa("P-256", "SHA-256");
export const ecdsaP384: SignatureKeys = ecdsa("P-384", "SHA-384");
/** Absent where the runtime has none. */
export const ecdsaP521: SignatureKeys | undefined = runtimeHasP521 ? ecdsa("P-521", "SHA-512") : undefined;

interface Edwards {
  readonly type: EdwardsCurveName;
  /** Bytes of seeds and public keys. */
  readonly length: number;
  /** DER of a PrivateKeyInfo (RFC 8410) up to the seed. */
  readonly pkcs8Prefix: Buffer;
  generate(): crypto.KeyObject;
}

function eddsa({ type, length, pkcs8Prefix, generate }: Edwards): SignatureKeys {
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
  return signatureKeys(type, {
    algorithms: [type],
    publicKey: (key) => ({ key: publicJwk(key), format: "jwk" }),
    privateJwk: (key) => {
      if (key.type !== type) throw wrongType(type, key.type, "private");
      // Two signatures with different public keys give the seed away.
      checkFits(fromSecret(key.seed).publicKey, key.publicKey);
      return { ...publicJwk(key), d: toBase64Url(key.seed) };
    },
    fromSecret,
    generate,
    parts: ({ d, x }) => ({ type, seed: fromBase64Url(d), publicKey: fromBase64Url(x) }),
  });
}

export const ed25519: SignatureKeys = eddsa({
  type: "Ed25519",
  length: 32,
  pkcs8Prefix: Buffer.from("302e020100300506032b657004220420", "hex"),
  generate: () => crypto.generateKeyPairSync("ed25519").privateKey,
});
/** Absent where the runtime has none. */
export const ed448: SignatureKeys | undefined = runtimeHasEd448
  ? eddsa({
      type: "Ed448",
      length: 57,
      pkcs8Prefix: Buffer.from("3047020100300506032b6571043b0439", "hex"),
      generate: () => crypto.generateKeyPairSync("ed448").privateKey,
    })
  : undefined;

function rsaPublicJwk(key: PublicKey): Jwk {
  if (key.type !== "RSA") throw wrongType("RSA", key.type, "public");
  checkRsaPublicKey(key);
  return { kty: "RSA", n: toBase64Url(key.modulus), e: toBase64Url(key.publicExponent) };
}

export const rsa: SignatureKeys = signatureKeys("RSA", {
  algorithms: [
    "RSA-PSS/SHA-256",
    "RSA-PSS/SHA-384",
    "RSA-PSS/SHA-512",
    "RSA-PKCS1/SHA-256",
    "RSA-PKCS1/SHA-384",
    "RSA-PKCS1/SHA-512",
  ],
  publicKey: (key) => ({ key: rsaPublicJwk(key), format: "jwk" }),
  privateJwk: (key) => {
    if (key.type !== "RSA") throw wrongType("RSA", key.type, "private");
    return {
      ...rsaPublicJwk(key),
      d: toBase64Url(key.privateExponent),
      p: toBase64Url(key.prime1),
      q: toBase64Url(key.prime2),
      dp: toBase64Url(key.exponent1),
      dq: toBase64Url(key.exponent2),
      qi: toBase64Url(key.coefficient),
    };
  },
  generate: (modulusBits) => crypto.generateKeyPairSync("rsa", { modulusLength: modulusBits }).privateKey,
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
