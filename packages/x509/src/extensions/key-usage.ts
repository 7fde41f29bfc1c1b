import { decodeDer } from "../der-reader.ts";
import { derNamedBits } from "../der-writer.ts";
import { x509Error } from "../error.ts";

/** RFC 5280 §4.2.1.3, in the order of their bits. */
const usages = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;

/** What a key may be used for (RFC 5280 §4.2.1.3). */
export type KeyUsage = (typeof usages)[number];

export function decodeKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const { unusedBits, octets } = decodeDer(value, "the key usage", (reader) => reader.bitString("the key usage"));
  const bits = octets.length * 8 - unusedBits;
  const isSet = (bit: number): boolean => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
  // RFC 5280 §4.2.1.3: at least one; X.690 §11.2.2: no zeros at the end of a list of named bits
  if (bits === 0) throw x509Error("invalid_certificate", "the key usage has no bit set");
  if (!isSet(bits - 1)) throw x509Error("invalid_der", "the key usage has zero bits at its end");
  if (bits > usages.length) throw x509Error("invalid_certificate", "the key usage has bits that aren't defined");
  return new Set(usages.filter((_, bit) => bit < bits && isSet(bit)));
}

export function encodeKeyUsage(set: Iterable<KeyUsage>): Uint8Array {
  return derNamedBits([...set].map((usage) => usages.indexOf(usage)));
}
