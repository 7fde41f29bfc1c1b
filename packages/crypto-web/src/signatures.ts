import {
  type CurveName,
  checkRsaPublicKey,
  cryptoError,
  type EcPrivateKey,
  type EcPublicKey,
  type EdwardsPrivateKey,
  type EdwardsPublicKey,
  ecdsaSignatureFromDer,
  type PrivateKey,
  type PublicKey,
  type RsaPrivateKey,
  type RsaPublicKey,
  rsaSignatureLength,
  type SignatureAlgorithm,
  type SignatureHash,
  type SignatureKeys,
  type SignatureKeyType,
  type Signer,
} from "@tlskit/crypto";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { coordinateLength, isPoint } from "./curves.ts";
import { isAboutData, webCryptoFailed } from "./failures.ts";
import { type WebCryptoKey, webCryptoSigner } from "./signer.ts";
import { copied, generatePair, type SubtleAlgorithm, type SubtleCryptography, type SubtleJwk } from "./subtle.ts";

/** What differs between types of keys. */
interface Kind<Public extends PublicKey, Private extends PrivateKey> {
  readonly type: SignatureKeyType;
  readonly algorithms: readonly SignatureAlgorithm[];
  isPublic(key: PublicKey): key is Public;
  isPrivate(key: PrivateKey): key is Private;
  /** @throws {CryptoError} `invalid_public_key` */
  check(key: Public): void;
  publicJwk(key: Public): SubtleJwk;
  privateJwk(key: Private): SubtleJwk;
  parts(jwk: SubtleJwk): Private;
  generation(modulusBits: number): SubtleAlgorithm;
  /** What a signature is as WebCrypto has it; nothing for one that is malformed. */
  decode(signature: Uint8Array, key: Public): Uint8Array | undefined;
}

/** How WebCrypto is told an algorithm: of what a key is imported for, and what it verifies by. */
function subtleAlgorithm(algorithm: SignatureAlgorithm): {
  readonly key: SubtleAlgorithm;
  readonly use: SubtleAlgorithm;
} {
  const [name = "", ...parameters] = algorithm.split("/");
  if (name === "ECDSA") {
    const [namedCurve = "", hash = ""] = parameters;
    return { key: { name, namedCurve }, use: { name, hash } };
  }
  const [hash = ""] = parameters;
  if (name === "RSA-PSS") return { key: { name, hash }, use: { name, saltLength: saltLengths[hash] ?? 0 } };
  if (name === "RSA-PKCS1") {
    const pkcs1 = "RSASSA-PKCS1-v1_5";
    return { key: { name: pkcs1, hash }, use: { name: pkcs1 } };
  }
  return { key: { name }, use: { name } };
}

/** RFC 9846 §4.3.3#pss-salt: as long as the hash. */
const saltLengths: Readonly<Record<string, number>> = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 };

function signatureKeys<K extends WebCryptoKey, Public extends PublicKey, Private extends PrivateKey>(
  subtle: SubtleCryptography<K>,
  kind: Kind<Public, Private>,
): SignatureKeys {
  const { type, algorithms } = kind;
  const check = (algorithm: SignatureAlgorithm): void => {
    if (!algorithms.includes(algorithm)) {
      throw cryptoError("unsupported", `a key of type ${type} has no ${algorithm} signatures`);
    }
  };
  const keys: SignatureKeys = {
    type,
    algorithms,
    verifier: (publicKey) => {
      if (!kind.isPublic(publicKey)) {
        throw cryptoError("invalid_public_key", `expected a key of type ${type}, got ${publicKey.type}`);
      }
      kind.check(publicKey);
      const jwk = kind.publicJwk(publicKey);
      const keyFor = importedOnce(subtle, jwk, "verify", "invalid_public_key", type);
      return {
        algorithms,
        verify: async (algorithm, message, signature) => {
          check(algorithm);
          const decoded = kind.decode(signature, publicKey);
          if (decoded === undefined) return false;
          const text = copied(message);
          const key = await keyFor(algorithm);
          try {
            return await subtle.verify(subtleAlgorithm(algorithm).use, key, copied(decoded), text);
          } catch (error) {
            // workerd fails for a signature of another length
            if (isAboutData(error)) return false;
            // Deno has no name for what is wrong with an RSA key whose modulus is even.
            throw cryptoError("unsupported", `WebCrypto verifies no ${algorithm} signatures with this key`, error);
          }
        },
      };
    },
    signer: (privateKey) => {
      if (!kind.isPrivate(privateKey)) {
        throw cryptoError("invalid_private_key", `expected a key of type ${type}, got ${privateKey.type}`);
      }
      const keyFor = importedOnce(subtle, kind.privateJwk(privateKey), "sign", "invalid_private_key", type);
      const verifier = keys.verifier(privateKey);
      const fitting = new Kept<SignatureAlgorithm, Signer>();
      /** Signatures that don't fit the public key can give the private one away (Ed25519): none is handed out. */
      const fittingSigner = async (algorithm: SignatureAlgorithm): Promise<Signer> => {
        const signer = webCryptoSigner(subtle, await keyFor(algorithm));
        const trial = new Uint8Array(32);
        if (await verifier.verify(algorithm, trial, await signer.sign(algorithm, trial))) return signer;
        throw cryptoError("invalid_private_key", `the ${type} private key does not fit its public key`);
      };
      return {
        algorithms,
        sign: async (algorithm, message) => {
          check(algorithm);
          const text = copied(message);
          const signer = await fitting.get(algorithm, () => fittingSigner(algorithm));
          return await signer.sign(algorithm, text);
        },
      };
    },
    generate: async (_random, modulusBits = 2048) => {
      try {
        const { privateKey } = await generatePair(subtle, kind.generation(modulusBits), true, ["sign", "verify"]);
        return kind.parts(await subtle.exportKey("jwk", privateKey));
      } catch (error) {
        throw webCryptoFailed(`a key of type ${type}`, error);
      }
    },
  };
  return keys;
}

/** A key as WebCrypto has it, for each algorithm another one, since it ties a key to what it is for: made when first used. */
function importedOnce<K>(
  subtle: SubtleCryptography<K>,
  jwk: SubtleJwk,
  usage: "sign" | "verify",
  code: "invalid_private_key" | "invalid_public_key",
  type: SignatureKeyType,
): (algorithm: SignatureAlgorithm) => Promise<K> {
  const imported = new Kept<string, K>();
  const importNow = async (key: SubtleAlgorithm): Promise<K> => {
    try {
      return await subtle.importKey("jwk", jwk, key, false, [usage]);
    } catch (error) {
      throw isAboutData(error) ? cryptoError(code, `not a valid ${type} key`) : webCryptoFailed(`a ${type} key`, error);
    }
  };
  return (algorithm) => {
    const { key } = subtleAlgorithm(algorithm);
    // ECDSA's key is the same for every hash.
    return imported.get(JSON.stringify(key), () => importNow(key));
  };
}

/** What is made when it is first asked for, and again if that failed: a runtime may have had no memory. */
class Kept<Name, T> {
  readonly #made = new Map<Name, Promise<T>>();

  async get(name: Name, make: () => Promise<T>): Promise<T> {
    const found = this.#made.get(name) ?? make();
    this.#made.set(name, found);
    try {
      return await found;
    } catch (error) {
      this.#made.delete(name);
      throw error;
    }
  }
}

/** ECDSA on a curve, the hash that goes with it first. */
export function ecdsa<K extends WebCryptoKey>(
  subtle: SubtleCryptography<K>,
  type: CurveName,
  hash: SignatureHash,
): SignatureKeys {
  const length = coordinateLength(type);
  const hashes: readonly SignatureHash[] = ["SHA-256", "SHA-384", "SHA-512"];
  const publicJwk = ({ point }: EcPublicKey): SubtleJwk => ({
    kty: "EC",
    crv: type,
    x: toBase64Url(point.subarray(1, 1 + length)),
    y: toBase64Url(point.subarray(1 + length)),
  });
  return signatureKeys(subtle, {
    type,
    algorithms: [hash, ...hashes.filter((other) => other !== hash)].map((name) => `ECDSA/${type}/${name}` as const),
    isPublic: (key): key is EcPublicKey => key.type === type,
    isPrivate: (key): key is EcPrivateKey => key.type === type,
    check: ({ point }) => {
      if (!isPoint(type, point)) throw cryptoError("invalid_public_key", `not a valid ${type} public key`);
    },
    publicJwk,
    privateJwk: (key) => ({ ...publicJwk(key), d: toBase64Url(key.scalar) }),
    parts: ({ x, y, d }) => ({
      type,
      scalar: fromBase64Url(d),
      point: Uint8Array.of(4, ...fromBase64Url(x), ...fromBase64Url(y)),
    }),
    generation: () => ({ name: "ECDSA", namedCurve: type }),
    // RFC 3279 §2.2.3: DER, which WebCrypto doesn't have.
    decode: (signature) => ecdsaSignatureFromDer(signature, length),
  } satisfies Kind<EcPublicKey, EcPrivateKey>);
}

/** Ed25519 (RFC 8032), without a context. */
export function ed25519<K extends WebCryptoKey>(subtle: SubtleCryptography<K>): SignatureKeys {
  const type = "Ed25519";
  const publicJwk = ({ publicKey }: EdwardsPublicKey): SubtleJwk => ({
    kty: "OKP",
    crv: type,
    x: toBase64Url(publicKey),
  });
  return signatureKeys(subtle, {
    type,
    algorithms: [type],
    isPublic: (key): key is EdwardsPublicKey => key.type === type,
    isPrivate: (key): key is EdwardsPrivateKey => key.type === type,
    check: ({ publicKey }) => {
      if (publicKey.length !== 32) throw cryptoError("invalid_public_key", `not a valid ${type} public key`);
    },
    publicJwk,
    privateJwk: (key) => ({ ...publicJwk(key), d: toBase64Url(key.seed) }),
    parts: ({ x, d }) => ({ type, seed: fromBase64Url(d), publicKey: fromBase64Url(x) }),
    generation: () => ({ name: type }),
    // RFC 8032 §5.1.7: there is no other length, and not every runtime takes one that is wrong for a wrong signature.
    decode: (signature) => (signature.length === 64 ? signature : undefined),
  } satisfies Kind<EdwardsPublicKey, EdwardsPrivateKey>);
}

/** RSA-PSS and RSASSA-PKCS1-v1_5. */
export function rsa<K extends WebCryptoKey>(subtle: SubtleCryptography<K>): SignatureKeys {
  const publicJwk = ({ modulus, publicExponent }: RsaPublicKey): SubtleJwk => ({
    kty: "RSA",
    n: unsigned(modulus),
    e: unsigned(publicExponent),
  });
  const hashes: readonly SignatureHash[] = ["SHA-256", "SHA-384", "SHA-512"];
  return signatureKeys(subtle, {
    type: "RSA",
    algorithms: [
      ...hashes.map((hash) => `RSA-PSS/${hash}` as const),
      ...hashes.map((hash) => `RSA-PKCS1/${hash}` as const),
    ],
    isPublic: (key): key is RsaPublicKey => key.type === "RSA",
    isPrivate: (key): key is RsaPrivateKey => key.type === "RSA",
    check: checkRsaPublicKey,
    publicJwk,
    privateJwk: (key) => ({
      ...publicJwk(key),
      d: unsigned(key.privateExponent),
      p: unsigned(key.prime1),
      q: unsigned(key.prime2),
      dp: unsigned(key.exponent1),
      dq: unsigned(key.exponent2),
      qi: unsigned(key.coefficient),
    }),
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
    generation: (modulusLength) => ({
      name: "RSA-PSS",
      hash: "SHA-256",
      modulusLength,
      publicExponent: Uint8Array.of(1, 0, 1),
    }),
    // RFC 8017 §8.1.2, §8.2.2: not every runtime refuses one that is too short.
    decode: (signature, key) => (signature.length === rsaSignatureLength(key) ? signature : undefined),
  } satisfies Kind<RsaPublicKey, RsaPrivateKey>);
}

/** Base64urlUInt (RFC 7518 §2): in as few bytes as there can be. */
function unsigned(bytes: Uint8Array): string {
  const start = bytes.findIndex((byte) => byte !== 0);
  return toBase64Url(start < 0 ? new Uint8Array(1) : bytes.subarray(start));
}
