/** Identifier octets (X.690 §8.1.2) of the types that X.509 is made of. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of a context-specific tag, primitive: `[n] IMPLICIT` over a primitive type. */
export function contextPrimitive(number: number): number {
  return 0x80 | number;
}

/** The identifier octet of a context-specific tag, constructed: `[n] EXPLICIT`, or `IMPLICIT` over a sequence. */
export function contextConstructed(number: number): number {
  return 0xa0 | number;
}

const names = new Map<number, string>(Object.entries(Tag).map(([name, tag]) => [tag, name]));

/** A tag for a sentence. */
export function describeTag(tag: number | undefined): string {
  if (tag === undefined) return "nothing";
  return names.get(tag) ?? ((tag & 0xc0) === 0x80 ? `[${tag & 0x1f}]` : `tag 0x${tag.toString(16).padStart(2, "0")}`);
}
