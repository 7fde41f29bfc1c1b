import type { EdwardsCurveName, PublicKey, RsaPublicKey, SignatureHash } from "@tlskit/crypto";
import {
  type AgreementCurveName,
  type AlgorithmIdentifier,
  agreementCurveOf,
  agreementLengths,
  coordinateLengths,
  curveOfParameters,
  describeCurve,
  edwardsCurveOf,
  edwardsLengths,
  isEmpty,
  namedCurveOf,
  readAlgorithmIdentifier,
  readPssParameters,
} from "./algorithm-identifier.ts";
import { DerReader, decodeDer } from "./der-reader.ts";
import { Tag } from "./der-tag.ts";
import { x509Error } from "./error.ts";
import { describeOid, Oid } from "./oids.ts";
import { readable } from "./readable.ts";

/** What a key is declared for. An `id-RSASSA-PSS` key is an RSA key that makes only PSS signatures. */
export type KeyAlgorithm = "rsaEncryption" | "id-RSASSA-PSS" | "id-ecPublicKey" | `id-${EdwardsCurveName}`;

/** A public key that agrees on secrets and signs nothing (RFC 7748). */
export interface AgreementPublicKey {
  readonly type: AgreementCurveName;
  /** X25519's 32 bytes or X448's 56. */
  readonly agreementKey: Uint8Array;
}

/**
 * A public key and its algorithm (RFC 5280 §4.1.2.7).
 * ```
 * SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, subjectPublicKey BIT STRING }
 * ```
 */
export class SubjectPublicKeyInfo {
  readonly der: Uint8Array;
  /** The algorithm's object identifier, also of one that isn't known. */
  readonly algorithmOid: string;
  /** The algorithm, if it is known and signs. */
  readonly algorithm: KeyAlgorithm | undefined;
  /** The key in its parts; nothing if it doesn't sign, or if its algorithm, its curve or its form isn't known. */
  readonly publicKey: PublicKey | undefined;
  /**
   * Where there is no `publicKey`: what kind of key it is, as a clause for a sentence, `a key on the curve secp256k1
   * (1.3.132.0.10)`.
   */
  readonly unsupported: string | undefined;
  /** The key, if it is for X25519 or X448. */
  readonly agreementKey: AgreementPublicKey | undefined;
  /** The one hash that an `id-RSASSA-PSS` key may be used with, if its parameters say so (RFC 4055 §3.3). */
  readonly pssHash: SignatureHash | undefined;
  /** The algorithm's parameters, undecoded: a whole element. */
  readonly parameters: Uint8Array | undefined;
  /** The object identifier of an elliptic curve key's curve, also of one that isn't known; nothing if it has no name. */
  readonly namedCurve: string | undefined;
  /** The octets of the key: what key identifiers are made from. */
  readonly subjectPublicKey: Uint8Array;

  private constructor(der: Uint8Array, identifier: AlgorithmIdentifier, subjectPublicKey: Uint8Array) {
    const known = readKey(identifier, subjectPublicKey);
    this.der = der;
    this.algorithmOid = identifier.oid;
    this.algorithm = known?.algorithm;
    this.publicKey = known?.publicKey;
    this.pssHash = known?.pssHash;
    this.agreementKey = known === undefined ? readAgreementKey(identifier, subjectPublicKey) : undefined;
    this.unsupported =
      this.publicKey === undefined ? (known?.unsupported ?? `a key for ${describeOid(identifier.oid)}`) : undefined;
    this.parameters = identifier.parameters;
    this.namedCurve = identifier.oid === Oid.idEcPublicKey ? namedCurveOf(identifier.parameters) : undefined;
    this.subjectPublicKey = subjectPublicKey;
  }

  /**
   * @throws {X509Error} `invalid_der`; a key of an unknown algorithm is no error.
   */
  static fromDer(der: Uint8Array): SubjectPublicKeyInfo {
    const copy = new Uint8Array(der);
    return decodeDer(copy, "the SubjectPublicKeyInfo", (reader) => SubjectPublicKeyInfo.read(reader));
  }

  /** @internal Reads one where it comes in something larger. */
  static read(reader: DerReader): SubjectPublicKeyInfo {
    const what = "the SubjectPublicKeyInfo";
    const der = reader.whole(Tag.sequence, what);
    const parts = new DerReader(der).sequence(what);
    const identifier = readAlgorithmIdentifier(parts, "the public key's algorithm");
    const subjectPublicKey = parts.bitStringOctets("the public key");
    parts.finish(what);
    return new SubjectPublicKeyInfo(der, identifier, subjectPublicKey);
  }
}

/** RFC 8410 §3, §4. */
function readAgreementKey({ oid, parameters }: AlgorithmIdentifier, key: Uint8Array): AgreementPublicKey | undefined {
  const type = agreementCurveOf(oid);
  if (type === undefined) return undefined;
  if (!isEmpty(parameters) || key.length !== agreementLengths[type]) {
    throw x509Error("invalid_der", `the ${type} public key is malformed`);
  }
  return { type, agreementKey: key };
}

/** Bits of an RSA modulus. */
export function modulusBits(modulus: Uint8Array): number {
  const start = modulus.findIndex((octet) => octet !== 0);
  return start === -1 ? 0 : (modulus.length - start) * 8 - (Math.clz32(modulus[start] ?? 0) - 24);
}

/**
 * Bits of the modulus that a sequence begins with, also of a key that can't be used here: an RSAPublicKey (RFC 8017 appendix
 * A.1.1), the parameters of a DSA key (RFC 3279 §2.3.2). Nothing if it is no such sequence.
 */
export function modulusBitsIn(sequence: Uint8Array): number | undefined {
  const what = "the modulus";
  return readable(() =>
    decodeDer(sequence, what, (reader) => modulusBits(reader.sequence(what).unsignedInteger(what))),
  );
}

interface KnownKey {
  readonly algorithm: KeyAlgorithm;
  readonly publicKey: PublicKey | undefined;
  readonly pssHash?: SignatureHash | undefined;
  readonly unsupported?: string;
}

function readKey({ oid, parameters }: AlgorithmIdentifier, key: Uint8Array): KnownKey | undefined {
  switch (oid) {
    case Oid.rsaEncryption:
      // RFC 3279 §2.3.1: the parameters are NULL
      if (!isEmpty(parameters)) throw x509Error("invalid_der", "an RSA key's parameters are not NULL");
      return { algorithm: "rsaEncryption", publicKey: decodeDer(key, "the RSA public key", readRsaPublicKey) };
    case Oid.idRsassaPss: {
      const publicKey = decodeDer(key, "the RSA public key", readRsaPublicKey);
      // RFC 4055 §3.1: a key without parameters may be used with any
      if (parameters === undefined) return { algorithm: "id-RSASSA-PSS", publicKey };
      try {
        return { algorithm: "id-RSASSA-PSS", publicKey, pssHash: readPssParameters(parameters) };
      } catch {
        // restricted to parameters that nothing here can make or check: a key that can't be used
        return {
          algorithm: "id-RSASSA-PSS",
          publicKey: undefined,
          unsupported: "a key for RSASSA-PSS with other parameters than are supported",
        };
      }
    }
    case Oid.idEcPublicKey: {
      if (parameters === undefined) throw x509Error("invalid_der", "an elliptic curve key has no curve");
      const curve = curveOfParameters(parameters);
      // RFC 8422 §5.9#rfc3279
      // RFC 5480 §2.2: compressed points are optional, and nothing on the web uses them
      if (curve === undefined) {
        return {
          algorithm: "id-ecPublicKey",
          publicKey: undefined,
          unsupported: `a key on ${describeCurve(parameters)}`,
        };
      }
      if (key[0] === 2 || key[0] === 3) {
        return {
          algorithm: "id-ecPublicKey",
          publicKey: undefined,
          unsupported: `a key on ${curve} in compressed form`,
        };
      }
      if (key[0] !== 4 || key.length !== 1 + 2 * coordinateLengths[curve]) {
        throw x509Error("invalid_der", `a public key of ${key.length} bytes is not a point of ${curve}`);
      }
      return { algorithm: "id-ecPublicKey", publicKey: { type: curve, point: key } };
    }
    default: {
      const type = edwardsCurveOf(oid);
      if (type === undefined) return undefined;
      // RFC 8422 §5.9#rfc8410
      // RFC 8410 §3, §4
      if (!isEmpty(parameters) || key.length !== edwardsLengths[type]) {
        throw x509Error("invalid_der", `the ${type} public key is malformed`);
      }
      return { algorithm: `id-${type}`, publicKey: { type, publicKey: key } };
    }
  }
}

/** RFC 8017 appendix A.1.1: `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }` */
export function readRsaPublicKey(reader: DerReader): RsaPublicKey {
  const parts = reader.sequence("the RSA public key");
  const modulus = parts.unsignedInteger("the modulus");
  const publicExponent = parts.unsignedInteger("the public exponent");
  parts.finish("the RSA public key");
  return { type: "RSA", modulus, publicExponent };
}
