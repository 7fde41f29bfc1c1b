import type { RsaPrivateKey } from "@tlskit/crypto";
import type { DerReader } from "../der-reader.ts";
import { derSequence, derSmallInteger, derUnsignedInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { checkRsaPrivate } from "./rsa-checks.ts";

const what = "the RSA private key";

/**
 * PKCS#1 (RFC 8017 appendix A.1.2).
 * ```
 * RSAPrivateKey ::= SEQUENCE { version, modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2,
 *   coefficient }
 * ```
 */
export function readRsaPrivateKey(reader: DerReader): RsaPrivateKey {
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
  checkRsaPrivate(key);
  return key;
}

export function encodeRsaPrivateKey(key: RsaPrivateKey): Uint8Array {
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
