import type { Random } from "./random.ts";
import type { Awaitable } from "./steps.ts";

/** An elliptic curve of FIPS 186-5 for ECDSA. */
export type CurveName = "P-256" | "P-384" | "P-521";

/** A twisted Edwards curve for EdDSA (RFC 8032), and the one signature algorithm that it has. */
export type EdwardsCurveName = "Ed25519" | "Ed448";

/** The hash of a signature algorithm, as written in its name. */
export type SignatureHash = "SHA-256" | "SHA-384" | "SHA-512";

/**
 * A signature algorithm as cryptography has it, with everything but the key settled. Protocols map their own
 * identifiers to these. RSA-PSS is with MGF1 over the same hash and a salt as long as the hash. ECDSA signatures are
 * DER (RFC 3279 §2.2.3); EdDSA's are RFC 8032's, without a context: 64 bytes of Ed25519, 114 of Ed448.
 */
export type SignatureAlgorithm =
  | `ECDSA/${CurveName}/${SignatureHash}`
  | `RSA-PSS/${SignatureHash}`
  | `RSA-PKCS1/${SignatureHash}`
  | EdwardsCurveName
  | LegacySignatureAlgorithm;

/**
 * What TLS 1.0 and 1.1 sign handshakes with, and nothing else may: such signatures can be forged by whoever chooses what is
 * signed. RSA's is over the digests of MD5 and SHA-1, end to end, without saying which hash it is (RFC 4346 §4.7).
 */
export type LegacySignatureAlgorithm = "RSA-PKCS1/MD5-SHA-1" | `ECDSA/${CurveName}/SHA-1`;

/** The kinds of keys that sign. */
export type SignatureKeyType = "RSA" | CurveName | EdwardsCurveName;

/** An RSA public key: unsigned big-endian integers, with or without leading zeros. */
export interface RsaPublicKey {
  readonly type: "RSA";
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
}

/** An RSA private key (RFC 8017 §3.2, second representation): unsigned big-endian integers. */
export interface RsaPrivateKey extends RsaPublicKey {
  readonly privateExponent: Uint8Array;
  readonly prime1: Uint8Array;
  readonly prime2: Uint8Array;
  readonly exponent1: Uint8Array;
  readonly exponent2: Uint8Array;
  readonly coefficient: Uint8Array;
}

/** An elliptic curve public key. */
export interface EcPublicKey {
  readonly type: CurveName;
  /** The point, uncompressed: 0x04, x, y (SEC 1 §2.3.3). */
  readonly point: Uint8Array;
}

/** An elliptic curve private key. */
export interface EcPrivateKey extends EcPublicKey {
  /** The scalar, as many bytes as the field has, big-endian. */
  readonly scalar: Uint8Array;
}

/** An EdDSA public key (RFC 8032). */
export interface EdwardsPublicKey {
  readonly type: EdwardsCurveName;
  /** 32 bytes of Ed25519, 57 of Ed448. */
  readonly publicKey: Uint8Array;
}

/** An EdDSA private key (RFC 8032). */
export interface EdwardsPrivateKey extends EdwardsPublicKey {
  /** As many bytes as the public key has. */
  readonly seed: Uint8Array;
}

/** A public key that verifies signatures, in its parts. */
export type PublicKey = RsaPublicKey | EcPublicKey | EdwardsPublicKey;

/** A private key that signs, in its parts; it holds its public key too. */
export type PrivateKey = RsaPrivateKey | EcPrivateKey | EdwardsPrivateKey;

/** A private key that may be anywhere: in memory, in an HSM, on another machine. */
export interface Signer {
  /** What it can sign with, best first. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /**
   * Signs a message (which is hashed here, not by the caller).
   * @throws {CryptoError} `unsupported` for an algorithm that isn't among `algorithms`.
   */
  sign(algorithm: SignatureAlgorithm, message: Uint8Array): Awaitable<Uint8Array>;
}

/**
 * Whatever signs: a private key in its parts, the same inside of what declares it (as key files do), or a signer, which
 * may be anywhere.
 */
export type SigningKey = Signer | PrivateKey | { readonly privateKey: PrivateKey };

/** A public key, made ready to verify. */
export interface Verifier {
  readonly algorithms: readonly SignatureAlgorithm[];
  /**
   * Whether this is the key's signature of the message. A malformed signature is `false`.
   * @throws {CryptoError} `unsupported` for an algorithm that isn't among `algorithms`.
   */
  verify(algorithm: SignatureAlgorithm, message: Uint8Array, signature: Uint8Array): Awaitable<boolean>;
}

/** Signatures with one type of key. */
export interface SignatureKeys {
  readonly type: SignatureKeyType;
  /** What such a key can sign and verify with, best first. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /**
   * Makes a public key ready. RSA moduli of less than 1024 or more than 8192 bits, and public exponents that are even,
   * below 3 or above 2^32, are refused.
   * @throws {CryptoError} `invalid_public_key`, also for a key of another type
   */
  verifier(publicKey: PublicKey): Verifier;
  /**
   * Makes a private key ready. `random` serves PSS's salt where the provider takes it from outside.
   * @throws {CryptoError} `invalid_private_key`, also for a key of another type; a provider that answers later may find a
   * public key that doesn't fit only when it is to sign
   */
  signer(privateKey: PrivateKey, random: Random): Signer;
  /**
   * The private key whose secret this is: an elliptic curve's scalar or an Edwards curve's seed. For key files that leave the
   * public key out. Absent for RSA, whose keys hold theirs, and where the provider can't tell at once.
   * @throws {CryptoError} `invalid_private_key`
   */
  readonly fromSecret?: (secret: Uint8Array) => PrivateKey;
  /** Makes a key. RSA keys have `modulusBits` bits (2048 unless told) and the public exponent 65537. */
  generate(random: Random, modulusBits?: number): Awaitable<PrivateKey>;
}
