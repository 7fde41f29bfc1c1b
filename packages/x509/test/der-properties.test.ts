import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DerReader, decodeDer } from "../src/der-reader.ts";
import { Tag } from "../src/der-tag.ts";
import {
  compareEncodings,
  derBitString,
  derElement,
  derNamedBits,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
  derSmallInteger,
  derUnsignedInteger,
} from "../src/der-writer.ts";
import { X509Error } from "../src/index.ts";
import { readTime, writeTime } from "../src/time.ts";

const bytes = fc.uint8Array({ maxLength: 300 });
const settings = { seed: 20260301, numRuns: 500 };
const what = "a value";

/** A tree of elements: what it is made of, and how it is written. */
type Tree = { readonly tag: number; readonly content: Uint8Array } | { readonly children: readonly Tree[] };
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({ tag: fc.constantFrom(Tag.octetString, Tag.utf8String, 0x80, 0x9e), content: bytes }),
    fc.record({ children: fc.array(tie("tree"), { maxLength: 5 }) }),
  ),
}));

function write(node: Tree): Uint8Array {
  return "children" in node ? derSequence(...node.children.map(write)) : derElement(node.tag, node.content);
}

function check(node: Tree, reader: DerReader): void {
  if (!("children" in node)) {
    expect(reader.content(node.tag, what)).toEqual(node.content);
    return;
  }
  const inner = reader.sequence(what);
  for (const child of node.children) check(child, inner);
  inner.finish(what);
}

describe("what is written is read", () => {
  test("trees of any shape", () => {
    fc.assert(
      fc.property(tree, (node) => decodeDer(write(node), what, (reader) => check(node, reader))),
      settings,
    );
  });

  test("unsigned integers, however many zeros are in front", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 600n }), fc.nat({ max: 3 }), (value, zeros) => {
        const digits = value.toString(16);
        const octets = Buffer.from("00".repeat(zeros) + (digits.length % 2 ? "0" : "") + digits, "hex");
        const read = decodeDer(derUnsignedInteger(octets), what, (reader) => reader.unsignedInteger(what));
        expect(BigInt(`0x${Buffer.from(read).toString("hex")}`)).toBe(value);
      }),
      settings,
    );
  });

  test("small integers, octet strings, bit strings, object identifiers", () => {
    const arcs = fc.array(fc.bigInt({ min: 0n, max: 1n << 70n }), { minLength: 1, maxLength: 5 });
    const oid = fc
      .tuple(fc.nat({ max: 2 }), fc.nat({ max: 39 }), arcs)
      .map(([a, b, rest]) => [a, b, ...rest].join("."));
    fc.assert(
      fc.property(fc.nat(0x7fffffff), bytes, oid, (number, octets, identifier) => {
        const der = derSequence(
          derSmallInteger(number),
          derOctetString(octets),
          derBitString(octets),
          derOid(identifier),
        );
        decodeDer(der, what, (reader) => {
          const parts = reader.sequence(what);
          expect(parts.smallInteger(0x7fffffff, what)).toBe(number);
          expect(parts.octetString(what)).toEqual(octets);
          expect(parts.bitStringOctets(what)).toEqual(octets);
          expect(parts.oid(what)).toBe(identifier);
          parts.finish(what);
        });
      }),
      settings,
    );
  });

  test("named bits, without zeros at their end", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 40 }), { minLength: 1 }), (bits) => {
        const { unusedBits, octets } = decodeDer(derNamedBits(bits), what, (reader) => reader.bitString(what));
        const count = octets.length * 8 - unusedBits;
        const set = Array.from({ length: count }, (_, bit) => bit).filter(
          (bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0,
        );
        expect(set).toEqual(bits.toSorted((a, b) => a - b));
        expect(set.at(-1)).toBe(count - 1);
      }),
      settings,
    );
  });

  test("times between 1950 and 9999, in whole seconds", () => {
    const time = fc.date({
      min: new Date("1950-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(time, (date) => {
        const der = writeTime(date);
        expect(der[0]).toBe(date.getUTCFullYear() < 2050 ? Tag.utcTime : Tag.generalizedTime);
        expect(decodeDer(der, what, (reader) => readTime(reader, what))).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
      settings,
    );
  });

  test("sets are sorted, whatever order their elements are given in", () => {
    fc.assert(
      fc.property(fc.array(bytes), (contents) => {
        const elements = contents.map(derOctetString);
        const set = decodeDer(derSetOf(...elements), what, (reader) => reader.open(Tag.set, what));
        let previous: Uint8Array | undefined;
        while (!set.done) {
          const { der } = set.element(what);
          if (previous !== undefined) expect(compareEncodings(previous, der)).toBeLessThanOrEqual(0);
          previous = der;
        }
        expect(derSetOf(...elements)).toEqual(derSetOf(...elements.toReversed()));
      }),
      settings,
    );
  });
});

describe("one value has one encoding", () => {
  test("any bytes that are read as an element are what is written for it", () => {
    const element = fc.oneof(
      bytes,
      fc
        .tuple(fc.constantFrom(0x30, 0x04, 0x02, 0x81), bytes)
        .map(([tag, rest]) => Uint8Array.of(tag, rest.length & 0xff, ...rest)),
    );
    fc.assert(
      fc.property(element, (input) => {
        const reader = new DerReader(input);
        try {
          const { tag, content, der } = reader.element(what);
          expect(derElement(tag, content)).toEqual(Uint8Array.from(der));
        } catch (error) {
          expect(error).toBeInstanceOf(X509Error);
        }
      }),
      settings,
    );
  });

  test("every proper prefix of what is written is refused", () => {
    fc.assert(
      fc.property(tree, (node) => {
        const der = write(node);
        const cut = der.subarray(0, der.length - 1);
        expect(() => decodeDer(cut, what, (reader) => check(node, reader))).toThrow(X509Error);
      }),
      settings,
    );
  });
});
