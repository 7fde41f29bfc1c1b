import { cryptoError } from "./error.ts";
import type { RsaPublicKey } from "./signature.ts";

/** Bits of the smallest and the largest RSA modulus that is used at all; what is secure enough is for policies to say. */
export const rsaModulusBits: { readonly min: number; readonly max: number } = { min: 1024, max: 8192 };

/**
 * Refuses RSA keys that cost too much or can't be secure: moduli of less than 1024 or more than 8192 bits, even moduli,
 * and public exponents that are even, below 3 or above 2^32 (as BoringSSL has it, to bound the work of verification).
 * @throws {CryptoError} `invalid_public_key`
 */
export function checkRsaPublicKey({ modulus, publicExponent }: RsaPublicKey): void {
  const modulusBits = bitLength(modulus);
  if (modulusBits < rsaModulusBits.min || modulusBits > rsaModulusBits.max) {
    const { min, max } = rsaModulusBits;
    throw cryptoError("invalid_public_key", `an RSA modulus has ${min} to ${max} bits, got ${modulusBits}`);
  }
  const isOdd = (bytes: Uint8Array): boolean => ((bytes.at(-1) ?? 0) & 1) === 1;
  const exponentBits = bitLength(publicExponent);
  if (!isOdd(modulus) || !isOdd(publicExponent) || exponentBits < 2 || exponentBits > 32) {
    throw cryptoError("invalid_public_key", "an RSA key's modulus or public exponent is out of range");
  }
}

/**
 * Bytes of a key's signatures. One that is shorter, for lack of a zero in front, isn't one (RFC 8017 §8.1.2, §8.2.2); not
 * every library refuses it.
 */
export function rsaSignatureLength({ modulus }: Pick<RsaPublicKey, "modulus">): number {
  return Math.ceil(bitLength(modulus) / 8);
}

/** Bits of an unsigned big-endian integer, without leading zeros. */
function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (bytes.length - first) * 8 - (Math.clz32(bytes[first] ?? 0) - 24);
}
