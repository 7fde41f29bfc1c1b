import {
  type CurveName,
  cryptoError,
  ecdsaSignatureToDer,
  type SignatureAlgorithm,
  type SignatureHash,
  type Signer,
} from "@tlskit/crypto";
import { webCryptoFailed } from "./failures.ts";

/** As much of a `CryptoKey` as is looked at. */
export interface WebCryptoKey {
  readonly type: string;
  readonly usages: readonly string[];
  readonly algorithm: { readonly name: string };
}

/** As much of `SubtleCrypto` as signs. */
export interface SubtleSigning<K extends WebCryptoKey> {
  sign(algorithm: SubtleSignature, key: K, data: Uint8Array<ArrayBuffer>): PromiseLike<ArrayBuffer>;
}

/** How WebCrypto is told an algorithm. */
export interface SubtleSignature {
  readonly name: string;
  readonly hash?: string;
  readonly saltLength?: number;
}

/** How a key signs by an algorithm, and what becomes of what comes out. */
interface Signing {
  readonly algorithm: SubtleSignature;
  readonly encode: (signature: Uint8Array) => Uint8Array;
}

/**
 * A signer of a WebCrypto private key, which may be one that can't be extracted: `webCryptoSigner(crypto.subtle, key)`. It
 * answers later. Its public key is what `subtle.exportKey("spki", publicKey)` gives, which `SubjectPublicKeyInfo.fromDer` of
 * `@tlskit/x509` reads.
 *
 * ECDSA (all three curves), RSASSA-PKCS1-v1_5 and RSA-PSS with the key's own hash, Ed25519, Ed448. A signature that the
 * runtime doesn't make is a `CryptoError`: `provider_failed`, `unsupported`.
 * @throws {CryptoError} `invalid_argument` for a key that isn't private or isn't to sign, `unsupported`
 */
export function webCryptoSigner<K extends WebCryptoKey>(subtle: SubtleSigning<K>, key: K): Signer {
  if (key?.type !== "private" || !key.usages.includes("sign")) {
    throw cryptoError("invalid_argument", "the CryptoKey is not a private key that may sign");
  }
  const signings = signingsOf(key);
  return {
    algorithms: [...signings.keys()],
    sign: async (algorithm, message) => {
      const signing = signings.get(algorithm);
      if (signing === undefined) throw cryptoError("unsupported", `the CryptoKey doesn't sign by ${algorithm}`);
      try {
        return signing.encode(new Uint8Array(await subtle.sign(signing.algorithm, key, new Uint8Array(message))));
      } catch (error) {
        throw webCryptoFailed(`${algorithm} signatures`, error);
      }
    },
  };
}

const saltLengths: Readonly<Record<SignatureHash, number>> = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 };
/** Best first, as RFC 5480 §4 pairs them. */
const curveHashes: Readonly<Record<CurveName, readonly SignatureHash[]>> = {
  "P-256": ["SHA-256", "SHA-384", "SHA-512"],
  "P-384": ["SHA-384", "SHA-256", "SHA-512"],
  "P-521": ["SHA-512", "SHA-256", "SHA-384"],
};
const asItIs = (signature: Uint8Array): Uint8Array => signature;

function signingsOf({ algorithm }: WebCryptoKey): ReadonlyMap<SignatureAlgorithm, Signing> {
  const { name } = algorithm;
  const curve = "namedCurve" in algorithm ? algorithm.namedCurve : undefined;
  if (name === "ECDSA" && typeof curve === "string" && isCurve(curve)) {
    return new Map<SignatureAlgorithm, Signing>(
      curveHashes[curve].map((hash) => [
        `ECDSA/${curve}/${hash}`,
        { algorithm: { name, hash }, encode: ecdsaSignatureToDer },
      ]),
    );
  }
  if (name === "Ed25519" || name === "Ed448")
    return new Map<SignatureAlgorithm, Signing>([[name, { algorithm: { name }, encode: asItIs }]]);
  const hash = hashOf(algorithm);
  if (name === "RSA-PSS" && hash !== undefined) {
    // the salt is as long as the hash (RFC 4055 §3.1)
    return new Map<SignatureAlgorithm, Signing>([
      [`RSA-PSS/${hash}`, { algorithm: { name, saltLength: saltLengths[hash] }, encode: asItIs }],
    ]);
  }
  if (name === "RSASSA-PKCS1-v1_5" && hash !== undefined) {
    return new Map<SignatureAlgorithm, Signing>([[`RSA-PKCS1/${hash}`, { algorithm: { name }, encode: asItIs }]]);
  }
  throw cryptoError("unsupported", `a CryptoKey for ${name} with these parameters signs nothing here`);
}

function hashOf(algorithm: WebCryptoKey["algorithm"]): SignatureHash | undefined {
  const hash = "hash" in algorithm ? algorithm.hash : undefined;
  const name = typeof hash === "object" && hash !== null && "name" in hash ? hash.name : undefined;
  return name === "SHA-256" || name === "SHA-384" || name === "SHA-512" ? name : undefined;
}

function isCurve(name: string): name is CurveName {
  return Object.hasOwn(curveHashes, name);
}
