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

/** Zeros at the end change nothing, and bits that aren't defined allow nothing. */
export function decodeKeyUsage(value: Uint8Array): ReadonlySet<KeyUsage> {
  const what = "the key usage";
  const { octets } = decodeDer(value, what, (reader) => reader.bitString(what));
  // RFC 5280 §4.2.1.3: at least one; without, some take the key to be for nothing and others for anything
  if (octets.every((octet) => octet === 0)) throw x509Error("invalid_certificate", "the key usage has no bit set");
  return new Set(usages.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0));
}

export function encodeKeyUsage(set: Iterable<KeyUsage>): Uint8Array {
  return derNamedBits([...set].map((usage) => usages.indexOf(usage)));
}
