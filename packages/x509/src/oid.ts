import { x509Error } from "./error.ts";
import { maximumOidOctets } from "./limits.ts";
import { Oid } from "./oids.ts";

/**
 * An object identifier's dotted text from its content octets (X.690 §8.19), those of `bytes` from `start` to `end`. Every
 * arc is read whole: one that was cut to 32 bits would make two identifiers of one.
 */
export function decodeOid(bytes: Uint8Array, start: number = 0, end: number = bytes.length): string {
  const length = end - start;
  if (length > maximumOidOctets) {
    throw x509Error("too_large", `an object identifier has at most ${maximumOidOctets} octets, got ${length}`);
  }
  const known = knownByHash.get(hashOf(bytes, start, end));
  if (known !== undefined && isAt(known.content, bytes, start, end)) return known.oid;
  return decodeArcs(bytes.subarray(start, end));
}

/** Whether a text has the form of an object identifier. */
export function isOid(text: string): boolean {
  return /^[012](\.(0|[1-9][0-9]*))+$/.test(text);
}

/** The content octets of an object identifier. */
export function encodeOid(oid: string): Uint8Array {
  if (!isOid(oid)) {
    throw x509Error("invalid_argument", `not an object identifier: ${JSON.stringify(oid)}`);
  }
  const [first = 0n, second = 0n, ...arcs] = oid.split(".").map(BigInt);
  if (first < 2n && second > 39n) throw x509Error("invalid_argument", `not an object identifier: ${oid}`);
  const octets: number[] = [];
  for (const arc of [first * 40n + second, ...arcs]) {
    const base128 = [Number(arc & 0x7fn)];
    for (let high = arc >> 7n; high > 0n; high >>= 7n) base128.unshift(Number(high & 0x7fn) | 0x80);
    octets.push(...base128);
  }
  return Uint8Array.from(octets);
}

function decodeArcs(content: Uint8Array): string {
  let text = "";
  let arc = 0n;
  let atStart = true;
  for (const octet of content) {
    // X.690 §8.19.2: the fewest octets possible
    if (atStart && octet === 0x80) throw x509Error("invalid_der", "an arc of an object identifier is padded");
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    atStart = (octet & 0x80) === 0;
    if (!atStart) continue;
    if (text === "") {
      const first = arc < 40n ? 0n : arc < 80n ? 1n : 2n;
      text = `${first}.${arc - first * 40n}`;
    } else {
      text += `.${arc}`;
    }
    arc = 0n;
  }
  if (!atStart || text === "") throw x509Error("invalid_der", "an object identifier is cut off");
  return text;
}

/** The known identifiers, so that most need not be decoded. Of two with the same hash one is decoded every time. */
const knownByHash = new Map<number, { readonly content: Uint8Array; readonly oid: string }>(
  Object.values(Oid).map((oid) => {
    const content = encodeOid(oid);
    return [hashOf(content, 0, content.length), { content, oid }];
  }),
);

/** Spreads the identifiers that are known; whoever makes another collide with one gains nothing. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i += 1) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
  return hash;
}

function isAt(content: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (content.length !== end - start) return false;
  for (let i = start; i < end; i += 1) if (bytes[i] !== content[i - start]) return false;
  return true;
}
