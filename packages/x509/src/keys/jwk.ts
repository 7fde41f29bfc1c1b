import type { CurveName, EcPublicKey, EdwardsCurveName, PrivateKey, PublicKey, RsaPublicKey } from "@tlskit/crypto";
import { concat, encodeBase64Url } from "@tlskit/wire";
import { coordinateLengths, edwardsLengths, isCurve } from "../algorithm-identifier.ts";
import { X509Error, x509Error } from "../error.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";
import { subjectPublicKeyInfoOf } from "../subject-public-key-info-of.ts";
import { checkPoint, checkScalar } from "./curve-checks.ts";
import { bytesOf, checkUse, integerOf, type JsonWebKey, quoted } from "./jwk-members.ts";
import { completeEdwardsKey, DeclaredPrivateKey } from "./private-key.ts";
import { completeKey, type PrivateKeyOptions } from "./private-key-options.ts";
import { checkRsaPrivate, checkRsaPublic } from "./rsa-checks.ts";

/** RFC 7518 §3.4 and RFC 8037 §3.1: what a JWK of a kind may be for; RFC 9864 has a name for each EdDSA. */
const ecAlgorithms: Readonly<Record<CurveName, string>> = { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" };
const rsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const;

/**
 * A public key that verifies, from a JWK: RSA, elliptic curves, Ed25519, Ed448. A private key's public half does as well.
 * The parts are held to the curve's or the modulus's limits, and `use`, `key_ops` and `alg` to what the key is.
 * @throws {X509Error} `invalid_jwk`, `invalid_public_key`, `unsupported_algorithm`, `too_large`
 */
export function publicKeyFromJwk(jwk: JsonWebKey): SubjectPublicKeyInfo {
  const key = readPublic(jwk);
  checkUse(jwk, { use: "sig", operations: jwk.d === undefined ? ["verify"] : ["sign"], algorithms: algorithmsOf(key) });
  return subjectPublicKeyInfoOf(key);
}

/**
 * A private key that signs, from a JWK. An RSA key needs all its parts (RFC 7518 §6.3.2 allows leaving the primes out),
 * and no more than two primes. `alg` is checked, but restricts nothing afterwards.
 * @throws {X509Error} `invalid_jwk`, `invalid_private_key`, `unsupported_algorithm`, `too_large`
 */
export function privateKeyFromJwk(jwk: JsonWebKey, options: PrivateKeyOptions = {}): DeclaredPrivateKey {
  try {
    const publicKey = readPublic(jwk);
    checkUse(jwk, { use: "sig", operations: ["sign"], algorithms: algorithmsOf(publicKey) });
    return DeclaredPrivateKey.of(readPrivate(jwk, publicKey, options));
  } catch (error) {
    if (error instanceof X509Error && error.code === "invalid_public_key") {
      throw x509Error("invalid_private_key", error.message, error);
    }
    throw error;
  }
}

/**
 * A public key as a JWK. An `id-RSASSA-PSS` key with a hash of its own has `alg`: nothing else in a JWK could say that.
 * @throws {X509Error} `unsupported_algorithm` for a key that has no form here
 */
export function publicKeyToJwk(info: SubjectPublicKeyInfo): JsonWebKey {
  const { publicKey, agreementKey, pssHash } = info;
  if (agreementKey !== undefined) {
    return { kty: "OKP", crv: agreementKey.type, x: encodeBase64Url(agreementKey.agreementKey) };
  }
  if (publicKey === undefined) throw x509Error("unsupported_algorithm", "a key of this kind has no JWK here");
  const alg = pssHash === undefined ? {} : { alg: `PS${pssHash.slice(-3)}` };
  return { ...publicMembers(publicKey), ...alg };
}

/** A private key as a JWK; see {@link publicKeyToJwk}. */
export function privateKeyToJwk(key: DeclaredPrivateKey | PrivateKey): JsonWebKey {
  const declared = key instanceof DeclaredPrivateKey ? key : DeclaredPrivateKey.of(key);
  const members = publicKeyToJwk(declared.subjectPublicKeyInfo);
  const { privateKey } = declared;
  if (privateKey.type === "RSA") {
    return {
      ...members,
      d: integer(privateKey.privateExponent),
      p: integer(privateKey.prime1),
      q: integer(privateKey.prime2),
      dp: integer(privateKey.exponent1),
      dq: integer(privateKey.exponent2),
      qi: integer(privateKey.coefficient),
    };
  }
  return { ...members, d: encodeBase64Url("seed" in privateKey ? privateKey.seed : privateKey.scalar) };
}

function readPublic(jwk: JsonWebKey): PublicKey {
  const { kty, crv } = jwk;
  switch (kty) {
    case "RSA": {
      // RFC 7518 §6.3.1
      const key: RsaPublicKey = { type: "RSA", modulus: integerOf(jwk, "n"), publicExponent: integerOf(jwk, "e") };
      checkRsaPublic(key);
      return key;
    }
    case "EC": {
      // RFC 7518 §6.2.1
      if (typeof crv !== "string" || !isCurve(crv)) throw unknownCurve(crv);
      const length = coordinateLengths[crv];
      const point = concat(Uint8Array.of(4), bytesOf(jwk, "x", length), bytesOf(jwk, "y", length));
      checkPoint(crv, point);
      return { type: crv, point };
    }
    case "OKP":
      // RFC 8037 §2
      if (crv === "X25519" || crv === "X448") {
        throw x509Error("unsupported_algorithm", `a JWK for ${crv} agrees on secrets and signs nothing`);
      }
      if (!isEdwards(crv)) throw unknownCurve(crv);
      return { type: crv, publicKey: bytesOf(jwk, "x", edwardsLengths[crv]) };
    default:
      throw x509Error("unsupported_algorithm", `a JWK of the type ${quoted(kty)} is not supported`);
  }
}

function readPrivate(jwk: JsonWebKey, publicKey: PublicKey, options: PrivateKeyOptions): PrivateKey {
  if (publicKey.type === "RSA") {
    // RFC 7518 §6.3.2.7
    if (Object.hasOwn(jwk, "oth")) {
      throw x509Error("unsupported_algorithm", "RSA keys of more than two primes are not supported");
    }
    const key = {
      ...publicKey,
      privateExponent: integerOf(jwk, "d"),
      prime1: integerOf(jwk, "p"),
      prime2: integerOf(jwk, "q"),
      exponent1: integerOf(jwk, "dp"),
      exponent2: integerOf(jwk, "dq"),
      coefficient: integerOf(jwk, "qi"),
    };
    checkRsaPrivate(key);
    return key;
  }
  if ("publicKey" in publicKey) {
    const seed = bytesOf(jwk, "d", edwardsLengths[publicKey.type]);
    return completeEdwardsKey(publicKey.type, seed, publicKey.publicKey, options);
  }
  return readScalar(jwk, publicKey, options);
}

/** RFC 7518 §6.2.2. */
function readScalar(jwk: JsonWebKey, publicKey: EcPublicKey, options: PrivateKeyOptions): PrivateKey {
  const scalar = bytesOf(jwk, "d", coordinateLengths[publicKey.type]);
  checkScalar(publicKey.type, scalar);
  return completeKey(publicKey.type, scalar, { ...publicKey, scalar }, options);
}

function publicMembers(key: PublicKey): JsonWebKey {
  if (key.type === "RSA") return { kty: "RSA", n: integer(key.modulus), e: integer(key.publicExponent) };
  if ("publicKey" in key) return { kty: "OKP", crv: key.type, x: encodeBase64Url(key.publicKey) };
  const length = coordinateLengths[key.type];
  return {
    kty: "EC",
    crv: key.type,
    x: encodeBase64Url(key.point.subarray(1, 1 + length)),
    y: encodeBase64Url(key.point.subarray(1 + length)),
  };
}

function algorithmsOf(key: PublicKey): readonly string[] {
  if (key.type === "RSA") return rsaAlgorithms;
  return "publicKey" in key ? ["EdDSA", key.type] : [ecAlgorithms[key.type]];
}

/** RFC 7518 §2: an integer in as few octets as possible. */
function integer(octets: Uint8Array): string {
  const start = octets.findIndex((octet) => octet !== 0);
  return encodeBase64Url(start === -1 ? Uint8Array.of(0) : octets.subarray(start));
}

function isEdwards(name: string | undefined): name is EdwardsCurveName {
  return name === "Ed25519" || name === "Ed448";
}

function unknownCurve(name: unknown): Error {
  return x509Error("unsupported_algorithm", `a JWK on the curve ${quoted(name)} is not supported`);
}
