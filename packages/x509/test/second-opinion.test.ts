import * as asn1js from "asn1js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { berToDer } from "../src/ber/index.ts";
import { DerReader } from "../src/der-reader.ts";
import { Tag } from "../src/der-tag.ts";
import {
  derBitString,
  derElement,
  derOctetString,
  derOid,
  derSequence,
  derSmallInteger,
  derTrue,
  derUnsignedInteger,
} from "../src/der-writer.ts";
import {
  createCertificateRequestSync,
  createCertificateSync,
  createCrlSync,
  privateKeyToPkcs8,
  X509Error,
} from "../src/index.ts";
import { textOfString } from "../src/string-types.ts";
import { readTime, writeTime } from "../src/time.ts";
import { kinds, ourKey } from "./keys/samples.ts";
import { countingRandom, generateKey, now, provider } from "./pki.ts";

/** An element as somebody read it: its identifier octet, and what lies in it. */
interface Read {
  readonly tag: number;
  readonly content: string | readonly Read[];
  /** What its type makes of its contents, if that is a boolean, a number or an object identifier. */
  readonly value?: boolean | bigint | string;
}

const what = "an element";
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const ourTypes: ReadonlySet<number> = new Set(Object.values(Tag));

/** By the strict reader, and the readers of types that it has: throws at whatever isn't DER of a type of ours. */
function strictly(reader: DerReader): Read {
  const element = reader.element(what);
  const { tag, content, der } = element;
  if ((tag & 0xc0) !== 0x80 && !ourTypes.has(tag))
    throw new X509Error("invalid_der", "it has a type that X.509 hasn't");
  if ((tag & 0x20) !== 0) {
    const inner = element.open();
    const parts: Read[] = [];
    while (!inner.done) parts.push(strictly(inner));
    return { tag, content: parts };
  }
  if (texts.has(tag) && textOfString(element) === undefined)
    throw new X509Error("invalid_der", "it is no text of its type");
  const read = typed[tag];
  const value = read?.(new DerReader(der));
  return { tag, content: hex(content), ...(value === undefined ? {} : { value }) };
}

/** Types whose octets have a text, or are malformed. */
const texts: ReadonlySet<number> = new Set([
  Tag.utf8String,
  Tag.printableString,
  Tag.ia5String,
  Tag.visibleString,
  Tag.bmpString,
  Tag.universalString,
]);

const typed: Readonly<Record<number, (reader: DerReader) => Read["value"]>> = {
  [Tag.boolean]: (reader) => reader.boolean(what),
  [Tag.integer]: (reader) => signed(reader.integer(what)),
  [Tag.enumerated]: (reader) => void reader.enumerated(what),
  [Tag.objectIdentifier]: (reader) => unlessLarge(reader.oid(what)),
  [Tag.null]: (reader) => void reader.null(what),
  [Tag.bitString]: (reader) => void reader.bitString(what),
  [Tag.utcTime]: (reader) => void readTime(reader, what),
  [Tag.generalizedTime]: (reader) => void readTime(reader, what),
};

/** asn1js writes arcs above 2^53 in digits of its own: then the octets alone are compared. */
function unlessLarge(identifier: string): string | undefined {
  return identifier.split(".").some((arc) => !Number.isSafeInteger(Number(arc))) ? undefined : identifier;
}

function signed(octets: Uint8Array): bigint {
  return BigInt.asIntN(8 * octets.length, BigInt(`0x${hex(octets)}`));
}

/** By asn1js. */
function leniently(block: asn1js.AsnType): Read {
  const { idBlock, lenBlock } = block;
  const encoding = block.valueBeforeDecodeView;
  const tag = encoding[0] ?? -1;
  // its own idea of the identifier, which is to be the octet's
  expect(((idBlock.tagClass - 1) << 6) | (idBlock.isConstructed ? 0x20 : 0) | idBlock.tagNumber).toBe(tag);
  expect(lenBlock.isIndefiniteForm).toBe(false);
  if (block instanceof asn1js.Constructed) return { tag, content: block.valueBlock.value.map(leniently) };
  const content = hex(encoding.subarray(idBlock.blockLength + lenBlock.blockLength));
  expect(content.length).toBe(2 * lenBlock.length);
  if (block instanceof asn1js.Boolean) return { tag, content, value: block.getValue() };
  if (block instanceof asn1js.ObjectIdentifier) {
    const value = unlessLarge(block.getValue());
    return { tag, content, ...(value === undefined ? {} : { value }) };
  }
  if (block instanceof asn1js.Integer && !(block instanceof asn1js.Enumerated)) {
    return { tag, content, value: block.toBigInt() };
  }
  return { tag, content };
}

/** What the strict reader sees in some bytes, all of them; nothing if it refuses them. */
function strictTree(bytes: Uint8Array): Read | undefined {
  try {
    const reader = new DerReader(bytes);
    const tree = strictly(reader);
    reader.finish(what);
    return tree;
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

/** Whether the strict reader takes them; if it does, the others see the same. */
function agree(bytes: Uint8Array): boolean {
  const tree = strictTree(bytes);
  if (tree === undefined) return false;
  const { offset, result } = asn1js.fromBER(bytes, { parseEmbedded: false });
  expect({ offset, error: result.error }).toEqual({ offset: bytes.length, error: "" });
  expect(leniently(result)).toEqual(tree);
  expect(berToDer(bytes)).toEqual(bytes);
  return true;
}

const octets = fc.uint8Array({ maxLength: 40 });
const text = fc.string({ maxLength: 20, unit: "grapheme" });
const oid = fc
  .tuple(fc.nat(2), fc.nat(39), fc.array(fc.nat(0x7fffffff), { minLength: 1, maxLength: 5 }))
  .map(([first, second, rest]) => [first, second, ...rest].join("."));
const time = fc.date({
  min: new Date("1950-01-01T00:00:00Z"),
  max: new Date("2100-01-01T00:00:00Z"),
  noInvalidDate: true,
});

/** Encodings in DER of every type that X.509 has, in one another. */
const { encoding } = fc.letrec<{ encoding: Uint8Array }>((tie) => ({
  encoding: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    octets.map((content) => derOctetString(content)),
    octets.map((content) => derBitString(content)),
    octets.map((content) => derUnsignedInteger(content)),
    fc.nat(127).map((value) => derElement(Tag.enumerated, Uint8Array.of(value))),
    fc.constant(derTrue()),
    fc.constant(derElement(Tag.null)),
    oid.map((value) => derOid(value)),
    time.map((value) => writeTime(value)),
    text.map((value) => derElement(Tag.utf8String, new TextEncoder().encode(value))),
    fc
      .string({ maxLength: 20, unit: fc.constantFrom(..."abcXYZ019 '()+,-./:=?") })
      .map((value) => derElement(Tag.printableString, new TextEncoder().encode(value))),
    fc.tuple(fc.nat(30), octets).map(([number, content]) => derElement(0x80 | number, content)),
    fc
      .tuple(
        fc.constantFrom<number>(Tag.sequence, Tag.set, 0xa0, 0xa3, 0xbe),
        fc.array(tie("encoding"), { maxLength: 5 }),
      )
      .map(([tag, parts]) => derElement(tag, ...parts)),
  ),
}));

const random = countingRandom();
const key = generateKey();
const signing = { provider, random, signer: key, publicKey: key };
const validity = { from: now, days: 30 };
const ca = createCertificateSync({ ...signing, validity, subject: { commonName: "CA", countryName: "DE" }, ca: {} });
const nextUpdate = new Date(now.getTime() + 86_400_000);
/** What X.509 is made of. */
const files: readonly Uint8Array[] = [
  ca.der,
  createCertificateSync({ ...signing, validity, issuer: ca, dnsNames: ["a.test"], ipAddresses: ["10.0.0.1"] }).der,
  createCertificateRequestSync({ ...signing, dnsNames: ["a.test"] }).der,
  createCrlSync({ provider, random, signer: key, issuer: ca, thisUpdate: now, nextUpdate, cRLNumber: 1, revoked: [] })
    .der,
  ...kinds.map((kind) => privateKeyToPkcs8(ourKey(kind))),
];

/** One change: an octet that is another, one more, or one less. */
type Change = readonly [kind: "replace" | "insert" | "remove" | "flip", at: number, octet: number];
const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom("replace", "insert", "remove", "flip"),
  fc.nat(0xffff),
  fc.oneof(fc.nat(255), fc.constantFrom(0x00, 0x01, 0x30, 0x80, 0x81, 0xff)),
);

function changed(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  const result = [...bytes];
  for (const [kind, where, octet] of changes) {
    const at = where % (result.length + 1);
    if (kind === "replace") result[at] = octet;
    else if (kind === "flip") result[at] = (result[at] ?? 0) ^ (1 << (octet & 7));
    else result.splice(at, kind === "remove" ? 1 : 0, ...(kind === "remove" ? [] : [octet]));
  }
  return Uint8Array.from(result);
}

// docs/dependencies.md: asn1js decides nothing; but were it to see something else in what is decided upon, one of the two
// readers would be wrong.
describe("whatever the strict reader takes, asn1js reads to the same tree", () => {
  test.each(files.map((file, index) => [index, file] as const))("what we write: file %i", (_, file) => {
    expect(agree(file)).toBe(true);
  });

  test("generated encodings", () => {
    let taken = 0;
    fc.assert(
      fc.property(encoding, (bytes) => {
        if (agree(bytes)) taken += 1;
      }),
      { seed: 20260301, numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(950);
  });

  test("generated encodings with a few octets changed", () => {
    let taken = 0;
    fc.assert(
      fc.property(encoding, fc.array(change, { minLength: 1, maxLength: 2 }), (bytes, changes) => {
        if (agree(changed(bytes, changes))) taken += 1;
      }),
      { seed: 20260301, numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  test("certificates, requests, CRLs and keys with a few octets changed", () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 3 }), (file, changes) => {
        if (agree(changed(file, changes))) taken += 1;
      }),
      { seed: 20260301, numRuns: 3000 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  test("small numbers of every kind, and what is almost one", () => {
    for (let first = 0; first < 256; first += 1) {
      for (const second of [0x00, 0x01, 0x7f, 0x80, 0xff]) agree(Uint8Array.of(Tag.integer, 2, first, second));
      agree(Uint8Array.of(Tag.integer, 1, first));
      agree(Uint8Array.of(Tag.boolean, 1, first));
      agree(Uint8Array.of(Tag.null, first));
      agree(Uint8Array.of(first, 0));
      agree(derSequence(Uint8Array.of(first, 0), derSmallInteger(first)));
    }
  });
});
