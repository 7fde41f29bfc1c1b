import { concat } from "@tlskit/wire";
import { Oid } from "@tlskit/x509";
import { leaf, write } from "./structure.ts";

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));

/** An element of DER. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  return write({ head: Uint8Array.of(tag), length: "der", parts: contents.map(leaf) });
}

export function sequence(...contents: readonly Uint8Array[]): Uint8Array {
  return der(0x30, ...contents);
}

export function text(tag: number, value: string): Uint8Array {
  return der(tag, Buffer.from(value, "latin1"));
}

/** An object identifier's element. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const octets = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(0x80 | (left & 0x7f));
    }
    return groups;
  });
  return der(0x06, Uint8Array.from(octets));
}

/** What means something in DER: every object identifier that is known, and starts of elements. */
export const derDictionary: readonly Uint8Array[] = [
  ...Object.values(Oid).map(oid),
  ...["0500", "0101ff", "020100", "02020080", "3000", "3100", "0400", "030100", "0420", "30820100"].map(hex),
  ...[0x0c, 0x13, 0x14, 0x16, 0x1c, 0x1e].map((tag) => Uint8Array.of(tag, 4, 0, 0x41, 0, 0x42)),
  ...[0xa0, 0xa1, 0xa2, 0xa3, 0x80, 0x81, 0x82, 0x86, 0x87].map((tag) => Uint8Array.of(tag, 0)),
  text(0x17, "260101000000Z"),
  text(0x18, "20500101000000Z"),
  concat(hex("8204"), hex("00410042")),
];
