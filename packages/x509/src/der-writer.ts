import { concat } from "@tlskit/wire";
import { canonicalInteger } from "./der-reader.ts";
import { contextConstructed, Tag } from "./der-tag.ts";
import { encodeOid } from "./oid.ts";

/** An element with its identifier and length in front of its contents. */
export function derElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const content of contents) length += content.length;
  return concat(derHeader(tag, length), ...contents);
}

export function derSequence(...elements: readonly Uint8Array[]): Uint8Array {
  return derElement(Tag.sequence, ...elements);
}

/** X.690 §11.6: the elements of a SET OF are sorted by their encodings. */
export function derSetOf(...elements: readonly Uint8Array[]): Uint8Array {
  return derElement(Tag.set, ...elements.toSorted(compareEncodings));
}

export function derExplicit(number: number, ...contents: readonly Uint8Array[]): Uint8Array {
  return derElement(contextConstructed(number), ...contents);
}

/** X.690 §11.1: TRUE is 0xff. A FALSE that is the default is left out, so there is none to write. */
export function derTrue(): Uint8Array {
  return Uint8Array.of(Tag.boolean, 1, 0xff);
}

export function derNull(): Uint8Array {
  return Uint8Array.of(Tag.null, 0);
}

export function derOid(oid: string): Uint8Array {
  return derElement(Tag.objectIdentifier, encodeOid(oid));
}

/** An INTEGER that isn't negative, from its unsigned octets with or without leading zeros. */
export function derUnsignedInteger(octets: Uint8Array): Uint8Array {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start += 1;
  const significant = octets.length === 0 ? Uint8Array.of(0) : octets.subarray(start);
  const sign = (significant[0] ?? 0) & 0x80 ? Uint8Array.of(0) : new Uint8Array(0);
  return derElement(Tag.integer, sign, significant);
}

/**
 * An INTEGER from its octets in two's complement.
 * @throws {X509Error} `invalid_der` unless they are the fewest possible
 */
export function derInteger(octets: Uint8Array): Uint8Array {
  return derElement(Tag.integer, canonicalInteger(octets, "a number"));
}

/** An INTEGER from 0 to 2^31 - 1. */
export function derSmallInteger(value: number): Uint8Array {
  return derUnsignedInteger(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));
}

/** An ENUMERATED from 0 to 127. */
export function derEnumerated(value: number): Uint8Array {
  return Uint8Array.of(Tag.enumerated, 1, value);
}

export function derOctetString(octets: Uint8Array): Uint8Array {
  return derElement(Tag.octetString, octets);
}

/** A BIT STRING of whole octets. */
export function derBitString(octets: Uint8Array): Uint8Array {
  return derElement(Tag.bitString, Uint8Array.of(0), octets);
}

/** A BIT STRING of named bits (X.690 §11.2.2: without zeros at its end), from their numbers. */
export function derNamedBits(bits: readonly number[]): Uint8Array {
  const last = Math.max(-1, ...bits);
  const octets = new Uint8Array(Math.ceil((last + 1) / 8));
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return derElement(Tag.bitString, Uint8Array.of(octets.length * 8 - (last + 1)), octets);
}

/** X.690 §11.6: octet by octet, the shorter one padded with zeros. */
export function compareEncodings(a: Uint8Array, b: Uint8Array): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function derHeader(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 | octets.length, ...octets);
}
