import { cryptoError } from "./error.ts";

/**
 * An ECDSA signature as signers give it, `SEQUENCE { r INTEGER, s INTEGER }` in DER (RFC 3279 §2.2.3), of one with r and s
 * behind one another, each as long as the curve's order: so WebCrypto and PKCS#11 have it.
 * @throws {CryptoError} `provider_failed` for what is no signature on one of our curves
 */
export function ecdsaSignatureToDer(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  // P-521 has the longest: 66 bytes each
  if (!Number.isInteger(half) || half === 0 || half > 66) {
    throw cryptoError("provider_failed", `an ECDSA signature of ${signature.length} bytes has no two halves`);
  }
  const content = [...derInteger(signature.subarray(0, half)), ...derInteger(signature.subarray(half))];
  // X.690 §8.1.3: a length of 128 or more stands behind the number of its bytes
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return Uint8Array.of(0x30, ...length, ...content);
}

/** X.690 §8.3: as few bytes as there can be, the first bit 0, since it is not negative. */
function derInteger(bytes: Uint8Array): readonly number[] {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const digits = [...bytes.subarray(start)];
  const value = (digits[0] ?? 0) >= 0x80 ? [0, ...digits] : digits;
  return [0x02, value.length, ...value];
}
