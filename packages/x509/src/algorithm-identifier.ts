import type { CurveName, EdwardsCurveName, PublicKey, SignatureAlgorithm, SignatureHash } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import { DerReader, decodeDer } from "./der-reader.ts";
import { Tag } from "./der-tag.ts";
import { derExplicit, derNull, derOid, derSequence, derSmallInteger } from "./der-writer.ts";
import { x509Error } from "./error.ts";
import { describeOid, Oid } from "./oids.ts";

/**
 * An algorithm and its parameters (RFC 5280 §4.1.1.2).
 * ```
 * AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY DEFINED BY algorithm OPTIONAL }
 * ```
 */
export interface AlgorithmIdentifier {
  readonly der: Uint8Array;
  readonly oid: string;
  /** The parameters' whole element, if there are any. */
  readonly parameters: Uint8Array | undefined;
}

/** How a certificate was signed, but for the key. */
export type SignatureMethod =
  | { readonly family: "RSA-PKCS1" | "RSA-PSS" | "ECDSA"; readonly hash: SignatureHash }
  | { readonly family: EdwardsCurveName };

export function readAlgorithmIdentifier(reader: DerReader, what: string): AlgorithmIdentifier {
  const der = reader.whole(Tag.sequence, what);
  const parts = new DerReader(der).sequence(what);
  const oid = parts.oid(what);
  const parameters = parts.done ? undefined : parts.element(what).der;
  parts.finish(what);
  return { der, oid, parameters };
}

const rsaHashes = new Map<string, SignatureHash>([
  [Oid.sha256WithRSAEncryption, "SHA-256"],
  [Oid.sha384WithRSAEncryption, "SHA-384"],
  [Oid.sha512WithRSAEncryption, "SHA-512"],
]);
const ecdsaHashes = new Map<string, SignatureHash>([
  [Oid.ecdsaWithSha256, "SHA-256"],
  [Oid.ecdsaWithSha384, "SHA-384"],
  [Oid.ecdsaWithSha512, "SHA-512"],
]);
const hashOids = {
  "SHA-256": Oid.idSha256,
  "SHA-384": Oid.idSha384,
  "SHA-512": Oid.idSha512,
} as const satisfies Record<SignatureHash, string>;
/** RFC 4055 §3.1: the salt is as long as the hash. */
const hashLengths = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 } as const satisfies Record<SignatureHash, number>;
const hashes: readonly SignatureHash[] = ["SHA-256", "SHA-384", "SHA-512"];

/** Broken, and told apart from what is merely unknown so that a refusal can say why. */
const brokenAlgorithms: ReadonlySet<string> = new Set([
  Oid.md5WithRSAEncryption,
  Oid.sha1WithRSAEncryption,
  Oid.ecdsaWithSha1,
]);

/** Whether signatures of this kind, with MD5 or SHA-1, can be forged. */
export function isForgeable({ oid }: AlgorithmIdentifier): boolean {
  return brokenAlgorithms.has(oid);
}

/**
 * How something was signed.
 * @throws {X509Error} `unsupported_algorithm` for algorithms and parameters that aren't known, or no longer safe.
 */
export function signatureMethod(identifier: AlgorithmIdentifier): SignatureMethod {
  const { oid, parameters } = identifier;
  const rsaHash = rsaHashes.get(oid);
  if (rsaHash !== undefined) {
    // RFC 4055 §5: the parameters MUST be NULL; RFC 8017 appendix A.2.4 asks that their absence be accepted too
    if (!isEmpty(parameters)) throw unsupportedParameters(oid);
    return { family: "RSA-PKCS1", hash: rsaHash };
  }
  const ecdsaHash = ecdsaHashes.get(oid);
  if (ecdsaHash !== undefined) {
    // RFC 8422 §5.9#rfc3279
    // RFC 5758 §3.2: parameters are absent
    if (!isEmpty(parameters)) throw unsupportedParameters(oid);
    return { family: "ECDSA", hash: ecdsaHash };
  }
  const edwards = edwardsCurveOf(oid);
  if (edwards !== undefined) {
    // RFC 8422 §5.9#rfc8410
    // RFC 8410 §3: parameters are absent
    if (!isEmpty(parameters)) throw unsupportedParameters(oid);
    return { family: edwards };
  }
  if (oid === Oid.idRsassaPss) {
    if (parameters === undefined) throw unsupportedParameters(oid);
    return { family: "RSA-PSS", hash: readPssParameters(parameters) };
  }
  if (isForgeable(identifier)) {
    throw x509Error("unsupported_algorithm", `signatures by ${describeOid(oid)} can be forged and prove nothing`);
  }
  throw x509Error("unsupported_algorithm", `the signature algorithm ${describeOid(oid)} is not known`);
}

/**
 * RFC 4055 §3.1, RFC 9846 §4.3.3#pss-parameters-der, §4.3.3#pss-salt, as everybody uses it: MGF1 over the same hash, a salt as long as the hash, the trailer field 0xbc.
 * A hash's identifier has NULL or no parameters (§2.1).
 * ```
 * RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0], maskGenAlgorithm [1], saltLength [2], trailerField [3] }
 * ```
 * @throws {X509Error} `unsupported_algorithm`
 */
export function readPssParameters(parameters: Uint8Array): SignatureHash {
  const what = "the RSASSA-PSS parameters";
  return decodeDer(parameters, what, (reader) => {
    const fields = reader.sequence(what);
    const hash = fields.explicit(0, what, (field) => readHash(readAlgorithmIdentifier(field, what)));
    const maskHash = fields.explicit(1, what, (field) => {
      const mask = readAlgorithmIdentifier(field, what);
      if (mask.oid !== Oid.idMgf1 || mask.parameters === undefined) throw unsupportedParameters(Oid.idRsassaPss);
      return decodeDer(mask.parameters, what, (inner) => readHash(readAlgorithmIdentifier(inner, what)));
    });
    const saltLength = fields.explicit(2, what, (field) => field.smallInteger(0xffff, what));
    const trailerField = fields.explicit(3, what, (field) => field.smallInteger(0xff, what)) ?? 1;
    fields.finish(what);
    if (trailerField !== 1) throw unsupportedParameters(Oid.idRsassaPss);
    // the defaults are SHA-1's
    if (hash === undefined || maskHash !== hash || saltLength !== hashLengths[hash]) {
      throw unsupportedParameters(Oid.idRsassaPss);
    }
    return hash;
  });
}

/** The identifier of a signature algorithm. */
export function encodeSignatureAlgorithm(algorithm: SignatureAlgorithm): Uint8Array {
  if (algorithm === "Ed25519" || algorithm === "Ed448") return derSequence(derOid(edwardsOids[algorithm]));
  const hash = hashes.find((name) => algorithm.endsWith(name));
  if (hash === undefined) throw x509Error("unsupported_algorithm", `no identifier is known for ${algorithm}`);
  if (algorithm.startsWith("RSA-PSS/")) return derSequence(derOid(Oid.idRsassaPss), encodePssParameters(hash));
  const table = algorithm.startsWith("RSA-PKCS1/") ? rsaHashes : ecdsaHashes;
  for (const [oid, name] of table) {
    if (name === hash) return table === rsaHashes ? derSequence(derOid(oid), derNull()) : derSequence(derOid(oid));
  }
  throw x509Error("unsupported_algorithm", `no identifier is known for ${algorithm}`);
}

export function encodePssParameters(hash: SignatureHash): Uint8Array {
  const hashIdentifier = derSequence(derOid(hashOids[hash]), derNull());
  return derSequence(
    derExplicit(0, hashIdentifier),
    derExplicit(1, derSequence(derOid(Oid.idMgf1), hashIdentifier)),
    derExplicit(2, derSmallInteger(hashLengths[hash])),
  );
}

/** The algorithm that a method is with a key of this type, if they go together. */
export function algorithmWithKey(method: SignatureMethod, key: PublicKey): SignatureAlgorithm | undefined {
  if (!("hash" in method)) return key.type === method.family ? method.family : undefined;
  if (method.family !== "ECDSA") return key.type === "RSA" ? `${method.family}/${method.hash}` : undefined;
  return isCurve(key.type) ? `ECDSA/${key.type}/${method.hash}` : undefined;
}

/** RFC 8410 §3: the same identifiers for keys and signatures. */
export const edwardsOids: Readonly<Record<EdwardsCurveName, string>> = { Ed25519: Oid.idEd25519, Ed448: Oid.idEd448 };

/** Bytes of a seed and of a public key (RFC 8032 §5.1.5, §5.2.5). */
export const edwardsLengths: Readonly<Record<EdwardsCurveName, number>> = { Ed25519: 32, Ed448: 57 };

/** A curve on which keys agree on secrets and sign nothing (RFC 7748). */
export type AgreementCurveName = "X25519" | "X448";

/** RFC 8410 §3. */
export const agreementOids: Readonly<Record<AgreementCurveName, string>> = { X25519: Oid.idX25519, X448: Oid.idX448 };

/** Bytes of a private and of a public key (RFC 7748 §5). */
export const agreementLengths: Readonly<Record<AgreementCurveName, number>> = { X25519: 32, X448: 56 };

export function agreementCurveOf(oid: string): AgreementCurveName | undefined {
  return oid === Oid.idX25519 ? "X25519" : oid === Oid.idX448 ? "X448" : undefined;
}

export function edwardsCurveOf(oid: string): EdwardsCurveName | undefined {
  return oid === Oid.idEd25519 ? "Ed25519" : oid === Oid.idEd448 ? "Ed448" : undefined;
}

const curveOids = {
  "P-256": Oid.secp256r1,
  "P-384": Oid.secp384r1,
  "P-521": Oid.secp521r1,
} as const satisfies Record<CurveName, string>;

/** Bytes of a coordinate. */
export const coordinateLengths: Readonly<Record<CurveName, number>> = { "P-256": 32, "P-384": 48, "P-521": 66 };

export function isCurve(type: string): type is CurveName {
  return Object.hasOwn(curveOids, type);
}

/** RFC 5480 §2.1.1: `ECParameters ::= CHOICE { namedCurve OBJECT IDENTIFIER }` */
export function encodeCurve(curve: CurveName): Uint8Array {
  return derOid(curveOids[curve]);
}

/** RFC 5480 §2.1.1: the algorithm of an elliptic curve key. */
export function encodeEcKeyAlgorithm(curve: CurveName): Uint8Array {
  return derSequence(derOid(Oid.idEcPublicKey), encodeCurve(curve));
}

/** RFC 3279 §2.3.1, RFC 4055 §1.2: the algorithm of an RSA key. */
export function encodeRsaKeyAlgorithm(
  algorithm: "rsaEncryption" | "id-RSASSA-PSS",
  pssHash: SignatureHash | undefined,
): Uint8Array {
  if (algorithm === "rsaEncryption") return derSequence(derOid(Oid.rsaEncryption), derNull());
  return derSequence(derOid(Oid.idRsassaPss), ...(pssHash === undefined ? [] : [encodePssParameters(pssHash)]));
}

/** Curves that others use and this package doesn't know, by the names under which people do. */
const otherCurves: ReadonlyMap<string, string> = new Map([
  ["1.2.840.10045.3.1.1", "secp192r1"],
  ["1.3.132.0.33", "secp224r1"],
  ["1.3.132.0.10", "secp256k1"],
  ["1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"],
  ["1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"],
  ["1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"],
  ["1.2.156.10197.1.301", "SM2"],
]);

/** RFC 5480 §2.1.1: the object identifier of the curve of parameters; nothing if they give a curve without naming it. */
export function namedCurveOf(parameters: Uint8Array | undefined): string | undefined {
  if (parameters?.[0] !== Tag.objectIdentifier) return undefined;
  return decodeDer(parameters, "the curve", (reader) => reader.oid("the curve"));
}

/** The curve of parameters, for a sentence, whether it is known here or not. */
export function describeCurve(parameters: Uint8Array): string {
  const oid = namedCurveOf(parameters);
  // RFC 5480 §2.1.1: a curve of one's own is whatever its maker wants it to be
  if (oid === undefined) return "a curve of its own, given by parameters instead of a name";
  const name = otherCurves.get(oid);
  return name === undefined ? `the curve ${describeOid(oid)}` : `the curve ${name} (${oid})`;
}

/** The curve of an elliptic curve key's parameters (RFC 5480 §2.1.1: always a named one), if it is known. */
export function curveOfParameters(parameters: Uint8Array): CurveName | undefined {
  const oid = namedCurveOf(parameters);
  return oid === Oid.secp256r1
    ? "P-256"
    : oid === Oid.secp384r1
      ? "P-384"
      : oid === Oid.secp521r1
        ? "P-521"
        : undefined;
}

/**
 * Whether an algorithm that takes no parameters has none. NULL says the same: some of their specifications want it, some
 * forbid it, and issuers confuse them.
 */
export function isEmpty(parameters: Uint8Array | undefined): boolean {
  return parameters === undefined || isNull(parameters);
}

function isNull(parameters: Uint8Array): boolean {
  return equalBytes(parameters, derNull());
}

function readHash(identifier: AlgorithmIdentifier): SignatureHash {
  const hash = hashes.find((name) => hashOids[name] === identifier.oid);
  if (hash === undefined || !isEmpty(identifier.parameters)) {
    throw x509Error(
      "unsupported_algorithm",
      `the hash ${describeOid(identifier.oid)} in RSASSA-PSS parameters is not supported`,
    );
  }
  return hash;
}

function unsupportedParameters(oid: string): Error {
  return x509Error("unsupported_algorithm", `${describeOid(oid)} has parameters that are not supported`);
}
