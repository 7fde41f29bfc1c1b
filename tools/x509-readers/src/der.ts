/** DER, and what isn't quite: the package itself writes nothing that is wrong. */

/** An element with the shortest length, as it should be. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag), length(content.length), content]);
}

/** An element with one octet more in its length than it needs. */
export function derWithLongLength(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return Buffer.concat([Uint8Array.of(tag, 0x83, 0, content.length >> 8, content.length & 0xff), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => der(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Uint8Array => der(0x31, ...parts);
export const explicit = (number: number, ...parts: readonly Uint8Array[]): Uint8Array => der(0xa0 | number, ...parts);
export const octets = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
export const text = (tag: number, value: string | Uint8Array): Uint8Array =>
  der(tag, typeof value === "string" ? Buffer.from(value, "latin1") : value);
export const octetString = (...parts: readonly Uint8Array[]): Uint8Array => der(0x04, ...parts);
export const bitString = (bits: Uint8Array, unused: number = 0): Uint8Array => der(0x03, octets(unused), bits);
export const integer = (...values: readonly number[]): Uint8Array => der(0x02, octets(...values));
export const boolean = (value: number): Uint8Array => der(0x01, octets(value));
export const nothing: Uint8Array = octets(0x05, 0);

/** An object identifier whose arcs are as dotted text. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...arcs] = dotted.split(".").map(Number);
  const content = [first * 40 + second, ...arcs].flatMap((arc) => {
    const base128 = [arc & 0x7f];
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128))
      base128.unshift((high & 0x7f) | 0x80);
    return base128;
  });
  return der(0x06, octets(...content));
}

function length(value: number): Uint8Array {
  if (value < 0x80) return octets(value);
  return value < 0x100 ? octets(0x81, value) : octets(0x82, value >> 8, value & 0xff);
}
