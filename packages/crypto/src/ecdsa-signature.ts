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

/**
 * The other way: r and s behind one another, each of so many bytes.
 * @param half bytes of the curve's order.
 * @returns nothing for what isn't DER, or has numbers that are negative or too long
 */
export function ecdsaSignatureFromDer(signature: Uint8Array, half: number): Uint8Array | undefined {
  const [tag, first = 0, second = 0] = signature;
  const long = first === 0x81;
  const start = long ? 3 : 2;
  // X.690 §10.1: a length that fits into one byte stands in one.
  const length = long && second >= 0x80 ? second : first < 0x80 ? first : -1;
  if (tag !== 0x30 || signature.length !== start + length) return undefined;
  const r = derIntegerAt(signature, start, half);
  const s = r && derIntegerAt(signature, r.end, half);
  if (r === undefined || s === undefined || s.end !== signature.length) return undefined;
  const both = new Uint8Array(2 * half);
  both.set(r.digits, half - r.digits.length);
  both.set(s.digits, 2 * half - s.digits.length);
  return both;
}

/** An INTEGER that isn't negative, in as few bytes as there can be, and where it ends. */
function derIntegerAt(
  bytes: Uint8Array,
  at: number,
  maxLength: number,
): { readonly digits: Uint8Array; readonly end: number } | undefined {
  const [tag, length = 0] = bytes.subarray(at, at + 2);
  const end = at + 2 + length;
  if (tag !== 0x02 || length === 0 || length >= 0x80 || end > bytes.length) return undefined;
  const [first = 0, second = 0] = bytes.subarray(at + 2, end);
  if (first >= 0x80 || (first === 0 && length > 1 && second < 0x80)) return undefined;
  const digits = bytes.subarray(first === 0 ? at + 3 : at + 2, end);
  return digits.length > maxLength ? undefined : { digits, end };
}
