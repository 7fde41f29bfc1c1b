import type { EdwardsCurveName, EdwardsPrivateKey, PrivateKey, SignatureHash } from "@tlskit/crypto";
import {
  type AlgorithmIdentifier,
  curveOfParameters,
  describeCurve,
  edwardsCurveOf,
  edwardsLengths,
  edwardsOids,
  encodeEcKeyAlgorithm,
  encodeRsaKeyAlgorithm,
  isEmpty,
  readAlgorithmIdentifier,
  readPssParameters,
} from "../algorithm-identifier.ts";
import { bitStringContent, type DerReader, decodeDer } from "../der-reader.ts";
import { contextConstructed, contextPrimitive } from "../der-tag.ts";
import { derOctetString, derOid, derSequence, derSmallInteger } from "../der-writer.ts";
import { X509Error, x509Error } from "../error.ts";
import { describeOid, Oid } from "../oids.ts";
import type { KeyAlgorithm, SubjectPublicKeyInfo } from "../spki.ts";
import { subjectPublicKeyInfoOf } from "../subject-public-key-info-of.ts";
import { encodeEcPrivateKey, readEcPrivateKey } from "./ec-private-key.ts";
import { completeKey, type PrivateKeyOptions } from "./private-key-options.ts";
import { encodeRsaPrivateKey, readRsaPrivateKey } from "./rsa-private-key.ts";

/** A private key that signs, as a file has it: its parts, and what the file declares it for. */
export class DeclaredPrivateKey {
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: PrivateKey;
  /** The one hash that an `id-RSASSA-PSS` key may be used with, if the file says so (RFC 4055 §3.3). */
  readonly pssHash: SignatureHash | undefined;

  constructor(parts: {
    readonly algorithm: KeyAlgorithm;
    readonly privateKey: PrivateKey;
    readonly pssHash?: SignatureHash | undefined;
  }) {
    this.algorithm = parts.algorithm;
    this.privateKey = parts.privateKey;
    this.pssHash = parts.pssHash;
  }

  /** A key that is declared for whatever its kind can do. */
  static of(privateKey: PrivateKey): DeclaredPrivateKey {
    const algorithm: KeyAlgorithm =
      privateKey.type === "RSA" ? "rsaEncryption" : "seed" in privateKey ? `id-${privateKey.type}` : "id-ecPublicKey";
    return new DeclaredPrivateKey({ algorithm, privateKey });
  }

  /** Its public key, declared for the same. */
  get subjectPublicKeyInfo(): SubjectPublicKeyInfo {
    return subjectPublicKeyInfoOf(this.privateKey, {
      algorithm: this.algorithm === "id-RSASSA-PSS" ? "id-RSASSA-PSS" : "rsaEncryption",
      ...(this.pssHash === undefined ? {} : { pssHash: this.pssHash }),
    });
  }
}

/**
 * A private key that signs, in PKCS#8 (RFC 5958).
 * ```
 * OneAsymmetricKey ::= SEQUENCE { version INTEGER, privateKeyAlgorithm AlgorithmIdentifier, privateKey OCTET STRING,
 *   attributes [0] Attributes OPTIONAL, publicKey [1] BIT STRING OPTIONAL }
 * ```
 * Its parts are held to each other: an RSA key's, a point to its curve, a scalar to its range.
 * @throws {X509Error} `invalid_private_key`, `missing_public_key`, `unsupported_algorithm`
 */
export function privateKeyFromPkcs8(der: Uint8Array, options: PrivateKeyOptions = {}): DeclaredPrivateKey {
  return guarded(() => readDeclared(readPkcs8(der), options));
}

/**
 * PKCS#8 (RFC 5958), in the first version: OpenSSL before 3.2 knows no other, so an EdDSA key has no public key in it.
 */
export function privateKeyToPkcs8(key: DeclaredPrivateKey | PrivateKey): Uint8Array {
  const { privateKey, algorithm, pssHash } = key instanceof DeclaredPrivateKey ? key : DeclaredPrivateKey.of(key);
  if (privateKey.type === "RSA") {
    const declared = algorithm === "id-RSASSA-PSS" ? algorithm : "rsaEncryption";
    return encodePkcs8(encodeRsaKeyAlgorithm(declared, pssHash), encodeRsaPrivateKey(privateKey));
  }
  if ("seed" in privateKey) {
    return encodePkcs8(derSequence(derOid(edwardsOids[privateKey.type])), derOctetString(privateKey.seed));
  }
  return encodePkcs8(encodeEcKeyAlgorithm(privateKey.type), encodeEcPrivateKey(privateKey, "without the curve"));
}

/** What PKCS#8 has around a key of any kind. */
export interface Pkcs8 {
  readonly algorithm: AlgorithmIdentifier;
  /** The contents of the octet string: the key in its own form. */
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array | undefined;
}

/** The outer structure of PKCS#8, of whatever kind the key is. */
export function readPkcs8(der: Uint8Array): Pkcs8 {
  return decodeDer(new Uint8Array(der), what, (reader) => {
    const parts = reader.sequence(what);
    parts.smallInteger(1, "the key's version");
    const algorithm = readAlgorithmIdentifier(parts, "the key's algorithm");
    const privateKey = parts.octetString(what);
    if (parts.nextTag === contextConstructed(0)) parts.content(contextConstructed(0), "the key's attributes");
    const publicKey = readPublicKey(parts);
    parts.finish(what);
    return { algorithm, privateKey, publicKey };
  });
}

/**
 * `[1] IMPLICIT BIT STRING OPTIONAL`. RFC 5958 §2 has it in version 2 alone; some write it into version 1, and Rust's ring
 * before 0.17 tagged it explicitly.
 */
function readPublicKey(parts: DerReader): Uint8Array | undefined {
  const explicit = parts.explicit(1, "the public key", (field) => field.bitStringOctets("the public key"));
  if (explicit !== undefined || parts.nextTag !== contextPrimitive(1)) return explicit;
  const { unusedBits, octets } = bitStringContent(parts.content(contextPrimitive(1), what), "the public key");
  if (unusedBits === 0) return octets;
  throw x509Error("invalid_private_key", "the public key doesn't consist of whole octets");
}

export function encodePkcs8(algorithm: Uint8Array, privateKey: Uint8Array): Uint8Array {
  return derSequence(derSmallInteger(0), algorithm, derOctetString(privateKey));
}

/** Whatever is wrong with the structure of a private key is one error, for whoever shows it to the owner. */
export function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error && structural.has(error.code)) {
      throw x509Error("invalid_private_key", error.message, error);
    }
    throw error;
  }
}

const structural: ReadonlySet<string> = new Set(["invalid_der", "too_large", "invalid_public_key"]);
const what = "the private key";

function readDeclared(
  { algorithm: { oid, parameters }, privateKey: inner, publicKey }: Pkcs8,
  options: PrivateKeyOptions,
): DeclaredPrivateKey {
  switch (oid) {
    case Oid.rsaEncryption:
      if (!isEmpty(parameters)) throw x509Error("invalid_private_key", "an RSA key's parameters are not NULL");
      return DeclaredPrivateKey.of(decodeDer(inner, what, readRsaPrivateKey));
    case Oid.idRsassaPss:
      return new DeclaredPrivateKey({
        algorithm: "id-RSASSA-PSS",
        privateKey: decodeDer(inner, what, readRsaPrivateKey),
        pssHash: parameters === undefined ? undefined : readPssParameters(parameters),
      });
    case Oid.idEcPublicKey: {
      const curve = parameters === undefined ? undefined : curveOfParameters(parameters);
      if (curve === undefined)
        throw x509Error(
          "unsupported_algorithm",
          parameters === undefined
            ? "the private key names no curve"
            : `the private key is on ${describeCurve(parameters)}, which is not supported`,
        );
      const outer = { curve, point: publicKey };
      return DeclaredPrivateKey.of(decodeDer(inner, what, (reader) => readEcPrivateKey(reader, outer, options)));
    }
    case Oid.idX25519:
    case Oid.idX448:
      throw x509Error(
        "unsupported_algorithm",
        `the private key is for ${describeOid(oid)}: it agrees on secrets and signs nothing`,
      );
    default: {
      const type = edwardsCurveOf(oid);
      if (type === undefined) {
        throw x509Error("unsupported_algorithm", `private keys for ${describeOid(oid)} are not supported`);
      }
      // RFC 8410 §3: parameters are absent
      if (!isEmpty(parameters)) throw x509Error("invalid_private_key", `the ${type} private key has parameters`);
      const seed = decodeDer(inner, what, (reader) => reader.octetString(what));
      return DeclaredPrivateKey.of(completeEdwardsKey(type, seed, publicKey, options));
    }
  }
}

/** RFC 8032 §5.1.5, §5.2.5: a seed, completed by its public key. */
export function completeEdwardsKey(
  type: EdwardsCurveName,
  seed: Uint8Array,
  publicKey: Uint8Array | undefined,
  options: PrivateKeyOptions,
): EdwardsPrivateKey {
  const length = edwardsLengths[type];
  const fromOptions = options.publicKey?.publicKey;
  const known =
    publicKey ?? (fromOptions?.type === type && "publicKey" in fromOptions ? fromOptions.publicKey : undefined);
  if (seed.length !== length || (known !== undefined && known.length !== length)) {
    throw x509Error("invalid_private_key", `the halves of an ${type} private key have ${length} bytes each`);
  }
  const given = known === undefined ? undefined : { type, seed, publicKey: known };
  return completeKey<EdwardsPrivateKey>(type, seed, given, options);
}
