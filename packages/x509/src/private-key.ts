import {
  CryptoError,
  type CryptoProvider,
  type CurveName,
  type EdwardsCurveName,
  type PrivateKey,
  type RsaPrivateKey,
  type SignatureHash,
} from "@tlskit/crypto";
import {
  coordinateLengths,
  curveOfParameters,
  edwardsCurveOf,
  edwardsLengths,
  edwardsOids,
  encodeEcKeyAlgorithm,
  encodeRsaKeyAlgorithm,
  isCurve,
  isNull,
  readAlgorithmIdentifier,
  readPssParameters,
} from "./algorithm-identifier.ts";
import { type DerReader, decodeDer } from "./der-reader.ts";
import { contextPrimitive } from "./der-tag.ts";
import {
  derBitString,
  derExplicit,
  derOctetString,
  derOid,
  derSequence,
  derSmallInteger,
  derUnsignedInteger,
} from "./der-writer.ts";
import { X509Error, x509Error } from "./error.ts";
import { describeOid, Oid } from "./oids.ts";
import { decodePem, toPem } from "./pem.ts";
import { type KeyAlgorithm, SubjectPublicKeyInfo } from "./spki.ts";

/** A private key as a file has it: its parts, and what the file declares it for. */
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

  /** Its public key, declared for the same. */
  get subjectPublicKeyInfo(): SubjectPublicKeyInfo {
    return SubjectPublicKeyInfo.of(this.privateKey, {
      algorithm: this.algorithm === "id-RSASSA-PSS" ? "id-RSASSA-PSS" : "rsaEncryption",
      ...(this.pssHash === undefined ? {} : { pssHash: this.pssHash }),
    });
  }
}

/** What reading a private key can be helped with. */
export interface PrivateKeyOptions {
  /**
   * Its public key, from the certificate that it belongs to. A key file may lack it: one for EdDSA mostly does.
   */
  readonly publicKey?: SubjectPublicKeyInfo | undefined;
  /** What derives a public key that is neither in the file nor given. */
  readonly provider?: CryptoProvider | undefined;
}

/**
 * The first private key of a PEM text: `PRIVATE KEY` (PKCS#8), `EC PRIVATE KEY` (RFC 5915) or `RSA PRIVATE KEY`
 * (RFC 8017).
 * @throws {X509Error} `invalid_pem`, `invalid_private_key`, `encrypted_private_key`, `missing_public_key`,
 *   `unsupported_algorithm`
 */
export function privateKeyFromPem(text: string, options: PrivateKeyOptions = {}): DeclaredPrivateKey {
  for (const { label, bytes, headers } of decodePem(text)) {
    if (label === "ENCRYPTED PRIVATE KEY" || headers.some((header) => /^Proc-Type:.*ENCRYPTED/.test(header))) {
      throw x509Error(
        "encrypted_private_key",
        "the private key is encrypted; `openssl pkey -in key.pem -out plain.pem` writes it without its password",
      );
    }
    switch (label) {
      case "PRIVATE KEY":
        return privateKeyFromPkcs8(bytes, options);
      case "EC PRIVATE KEY":
        return guarded(() => ({
          algorithm: "id-ecPublicKey",
          privateKey: decodeDer(bytes, what, (reader) => readEcPrivateKey(reader, undefined, options)),
        }));
      case "RSA PRIVATE KEY":
        return guarded(() => ({ algorithm: "rsaEncryption", privateKey: decodeDer(bytes, what, readRsaPrivateKey) }));
    }
  }
  throw x509Error("invalid_pem", "the text has no block PRIVATE KEY, EC PRIVATE KEY or RSA PRIVATE KEY");
}

/**
 * A private key in PKCS#8 (RFC 5958).
 * ```
 * OneAsymmetricKey ::= SEQUENCE { version INTEGER, privateKeyAlgorithm AlgorithmIdentifier, privateKey OCTET STRING,
 *   attributes [0] Attributes OPTIONAL, publicKey [1] BIT STRING OPTIONAL }
 * ```
 * @throws {X509Error} `invalid_private_key`, `missing_public_key`, `unsupported_algorithm`
 */
export function privateKeyFromPkcs8(der: Uint8Array, options: PrivateKeyOptions = {}): DeclaredPrivateKey {
  const copy = new Uint8Array(der);
  return guarded(() =>
    decodeDer(copy, what, (reader) => {
      const parts = reader.sequence(what);
      const version = parts.smallInteger(1, "the key's version");
      const { oid, parameters } = readAlgorithmIdentifier(parts, "the key's algorithm");
      const inner = parts.octetString(what);
      if (parts.nextTag === 0xa0) parts.content(0xa0, "the key's attributes");
      // RFC 5958 §2: a public key makes it version 2
      const publicTag = contextPrimitive(1);
      const publicKey =
        version === 1 && parts.nextTag === publicTag ? parts.content(publicTag, what).subarray(1) : undefined;
      parts.finish(what);
      return readInner(oid, parameters, inner, publicKey, options);
    }),
  );
}

/** PKCS#8 (RFC 5958), in the first version: OpenSSL before 3.2 knows no other, so an EdDSA key has no public key in it. */
export function privateKeyToPkcs8(key: DeclaredPrivateKey | PrivateKey): Uint8Array {
  const { privateKey, algorithm, pssHash } =
    key instanceof DeclaredPrivateKey ? key : { privateKey: key, algorithm: undefined, pssHash: undefined };
  const written = (identifier: Uint8Array, inner: Uint8Array): Uint8Array =>
    derSequence(derSmallInteger(0), identifier, derOctetString(inner));
  if (privateKey.type === "RSA") {
    const declared = algorithm === "id-RSASSA-PSS" ? algorithm : "rsaEncryption";
    return written(encodeRsaKeyAlgorithm(declared, pssHash), encodeRsaPrivateKey(privateKey));
  }
  if ("seed" in privateKey) {
    return written(derSequence(derOid(edwardsOids[privateKey.type])), derOctetString(privateKey.seed));
  }
  // RFC 5915 §3, without the curve, which stands in front already
  const inner = derSequence(
    derSmallInteger(1),
    derOctetString(privateKey.scalar),
    derExplicit(1, derBitString(privateKey.point)),
  );
  return written(encodeEcKeyAlgorithm(privateKey.type), inner);
}

/** A private key as a PEM text of PKCS#8. */
export function privateKeyToPem(key: DeclaredPrivateKey | PrivateKey): string {
  return toPem("PRIVATE KEY", privateKeyToPkcs8(key));
}

const what = "the private key";

function readInner(
  oid: string,
  parameters: Uint8Array | undefined,
  inner: Uint8Array,
  publicKey: Uint8Array | undefined,
  options: PrivateKeyOptions,
): ConstructorParameters<typeof DeclaredPrivateKey>[0] {
  switch (oid) {
    case Oid.rsaEncryption:
      if (parameters === undefined || !isNull(parameters))
        throw x509Error("invalid_private_key", "an RSA key's parameters are not NULL");
      return { algorithm: "rsaEncryption", privateKey: decodeDer(inner, what, readRsaPrivateKey) };
    case Oid.idRsassaPss:
      return {
        algorithm: "id-RSASSA-PSS",
        privateKey: decodeDer(inner, what, readRsaPrivateKey),
        pssHash: parameters === undefined ? undefined : readPssParameters(parameters),
      };
    case Oid.idEcPublicKey: {
      const curve = parameters === undefined ? undefined : curveOfParameters(parameters);
      if (curve === undefined)
        throw x509Error("unsupported_algorithm", "the private key is on a curve that is not known");
      const known = publicKey === undefined ? options : { publicKey: pointOn(curve, publicKey) };
      return {
        algorithm: "id-ecPublicKey",
        privateKey: decodeDer(inner, what, (reader) => readEcPrivateKey(reader, curve, known)),
      };
    }
    default: {
      const type = edwardsCurveOf(oid);
      if (type === undefined) {
        throw x509Error("unsupported_algorithm", `private keys for ${describeOid(oid)} are not supported`);
      }
      const seed = decodeDer(inner, what, (reader) => reader.octetString(what));
      const given = options.publicKey?.publicKey;
      const fromOptions = given?.type === type && "publicKey" in given ? given.publicKey : undefined;
      // RFC 8410 §3, §7
      if (parameters !== undefined || seed.length !== edwardsLengths[type])
        throw x509Error("invalid_private_key", `the ${type} private key is malformed`);
      const ownPublicKey = publicKey ?? fromOptions;
      if (ownPublicKey === undefined) return { algorithm: `id-${type}`, privateKey: derived(type, seed, options) };
      if (ownPublicKey.length !== edwardsLengths[type])
        throw x509Error("invalid_private_key", `the ${type} public key has not ${edwardsLengths[type]} bytes`);
      return { algorithm: `id-${type}`, privateKey: { type, seed, publicKey: ownPublicKey } };
    }
  }
}

/**
 * RFC 8017 appendix A.1.2.
 * ```
 * RSAPrivateKey ::= SEQUENCE { version, modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2,
 *   coefficient }
 * ```
 */
function readRsaPrivateKey(reader: DerReader): RsaPrivateKey {
  const parts = reader.sequence(what);
  if (parts.smallInteger(1, "the RSA key's version") !== 0) {
    throw x509Error("unsupported_algorithm", "RSA keys of more than two primes are not supported");
  }
  const key: RsaPrivateKey = {
    type: "RSA",
    modulus: parts.unsignedInteger("the modulus"),
    publicExponent: parts.unsignedInteger("the public exponent"),
    privateExponent: parts.unsignedInteger("the private exponent"),
    prime1: parts.unsignedInteger("the first prime"),
    prime2: parts.unsignedInteger("the second prime"),
    exponent1: parts.unsignedInteger("the first exponent"),
    exponent2: parts.unsignedInteger("the second exponent"),
    coefficient: parts.unsignedInteger("the coefficient"),
  };
  parts.finish(what);
  return key;
}

function encodeRsaPrivateKey(key: RsaPrivateKey): Uint8Array {
  return derSequence(
    derSmallInteger(0),
    derUnsignedInteger(key.modulus),
    derUnsignedInteger(key.publicExponent),
    derUnsignedInteger(key.privateExponent),
    derUnsignedInteger(key.prime1),
    derUnsignedInteger(key.prime2),
    derUnsignedInteger(key.exponent1),
    derUnsignedInteger(key.exponent2),
    derUnsignedInteger(key.coefficient),
  );
}

/**
 * RFC 5915 §3.
 * ```
 * ECPrivateKey ::= SEQUENCE { version INTEGER (1), privateKey OCTET STRING, parameters [0] OPTIONAL,
 *   publicKey [1] BIT STRING OPTIONAL }
 * ```
 */
function readEcPrivateKey(
  reader: DerReader,
  outerCurve: CurveName | undefined,
  options: PrivateKeyOptions,
): PrivateKey {
  const parts = reader.sequence(what);
  if (parts.smallInteger(1, "the elliptic curve key's version") !== 1) {
    throw x509Error("invalid_private_key", "the elliptic curve key's version is not 1");
  }
  const scalar = parts.octetString("the scalar");
  let curve = outerCurve;
  if (parts.nextTag === 0xa0) {
    const named = curveOfParameters(parts.content(0xa0, "the curve"));
    if (outerCurve !== undefined && named !== outerCurve) {
      throw x509Error("invalid_private_key", "the private key names two curves");
    }
    curve = named;
  }
  const point = parts.explicit(1, "the public key", (field) => field.bitStringOctets("the public key"));
  parts.finish(what);
  if (curve === undefined) throw x509Error("unsupported_algorithm", "the private key is on a curve that is not known");
  if (scalar.length !== coordinateLengths[curve]) {
    throw x509Error(
      "invalid_private_key",
      `a scalar of ${curve} has ${coordinateLengths[curve]} bytes, got ${scalar.length}`,
    );
  }
  const known = point === undefined ? options.publicKey : pointOn(curve, point);
  const publicKey = known?.publicKey;
  if (publicKey === undefined || publicKey.type !== curve || !isCurve(publicKey.type)) {
    return derived(curve, scalar, options);
  }
  return { type: publicKey.type, scalar, point: publicKey.point };
}

function pointOn(curve: CurveName, point: Uint8Array): SubjectPublicKeyInfo {
  return SubjectPublicKeyInfo.of({ type: curve, point });
}

/** A key that comes without its public key, completed. */
function derived(type: CurveName | EdwardsCurveName, secret: Uint8Array, { provider }: PrivateKeyOptions): PrivateKey {
  const fromSecret = provider?.signatures.find((keys) => keys.type === type)?.fromSecret;
  if (fromSecret === undefined) {
    throw x509Error(
      "missing_public_key",
      `the ${type} private key comes without its public key; give the certificate's, or a provider, along with it`,
    );
  }
  try {
    return fromSecret(secret);
  } catch (error) {
    if (error instanceof CryptoError) throw x509Error("invalid_private_key", error.message);
    throw error;
  }
}

/** Whatever is wrong with the structure of a private key is one error, for whoever shows it to the owner. */
function guarded(read: () => ConstructorParameters<typeof DeclaredPrivateKey>[0]): DeclaredPrivateKey {
  try {
    return new DeclaredPrivateKey(read());
  } catch (error) {
    if (error instanceof X509Error && (error.code === "invalid_der" || error.code === "too_large")) {
      throw x509Error("invalid_private_key", error.message, error);
    }
    throw error;
  }
}
