import { concat } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { type Asn1Node, asn1Tree, maximumBerDepth, maximumBerElements } from "../../src/ber/index.ts";
import { maximumOctetsShown, maximumTextShown } from "../../src/ber/limits.ts";
import { derElement, derOctetString, derOid, derSequence } from "../../src/der-writer.ts";
import { Oid } from "../../src/index.ts";
import { oidName } from "../../src/text/index.ts";

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** Each element in a line: offset, lengths, type, value; what lies in it is indented. */
function lines(nodes: readonly Asn1Node[], indent = ""): readonly string[] {
  return nodes.flatMap((node) => [
    `${node.offset} ${node.headerLength}+${node.length} ${indent}${node.type}${node.value === undefined ? "" : ` ${node.value}`}`,
    ...lines(node.nodes, `${indent}${node.encapsulates ? "| " : "  "}`),
  ]);
}
const shown = (bytes: Uint8Array): readonly string[] => lines(asn1Tree(bytes).nodes);
const valueOfOne = (encoding: string): string | undefined => asn1Tree(hex(encoding)).nodes[0]?.value;

describe("a tree", () => {
  test("has offsets, lengths and types, and what strings encapsulate", () => {
    const keyUsage = derSequence(derOid(Oid.keyUsage), derElement(1, hex("ff")), derOctetString(hex("03 02 05 a0")));
    expect(shown(derSequence(keyUsage, derElement(0xa3, hex("80 01 ff"))))).toEqual([
      "0 2+21 SEQUENCE",
      "2 2+14   SEQUENCE",
      "4 2+3     OBJECT IDENTIFIER keyUsage (2.5.29.15)",
      "9 2+1     BOOLEAN TRUE",
      "12 2+4     OCTET STRING",
      "14 2+2     | BIT STRING a0, the last 5 bits unused",
      "18 2+3   [3]",
      "20 2+1     [0] ff",
    ]);
  });

  test("of a BIT STRING that encapsulates", () => {
    expect(shown(hex("03 08 00 30 05 02 01 03 05 00"))).toEqual([
      "0 2+8 BIT STRING",
      "3 2+5 | SEQUENCE",
      "5 2+1 |   INTEGER 3",
      "8 2+0 |   NULL",
    ]);
  });

  test("of indefinite lengths, and of strings in pieces", () => {
    const bytes = hex("30 80 24 80 04 01 41 04 02 05 00 00 00 00 00");
    expect(shown(bytes)).toEqual([
      "0 2+11 SEQUENCE",
      "2 2+7   OCTET STRING",
      '4 2+1     OCTET STRING "A"',
      "7 2+2     OCTET STRING 0500",
    ]);
    expect(asn1Tree(bytes).nodes[0]?.indefinite).toBe(true);
  });

  test("of several elements, one behind the other, and of none", () => {
    expect(shown(hex("05 00 01 01 00"))).toEqual(["0 2+0 NULL", "2 2+1 BOOLEAN FALSE"]);
    expect(asn1Tree(hex(""))).toEqual({ nodes: [], fault: undefined });
  });

  test("of tags of every class", () => {
    expect(shown(hex("7f 81 00 02 05 00 df 1f 00 9f 1f 00 1f 23 00"))).toEqual([
      "0 4+2 [APPLICATION 128]",
      "4 2+0   NULL",
      "6 3+0 [PRIVATE 31]",
      "9 3+0 [31]",
      "12 3+0 [UNIVERSAL 35]",
    ]);
  });
});

test.each([
  ["02 01 ff", "-1"],
  ["02 08 7f ff ff ff ff ff ff ff", "9223372036854775807"],
  ["02 09 00 ff ff ff ff ff ff ff ff", "00ffffffffffffffff"],
  ["0a 01 05", "5"],
  ["01 01 01", "TRUE"],
  ["05 00", undefined],
  ["06 03 55 04 03", "commonName (2.5.4.3)"],
  ["06 03 2a 03 04", "1.2.3.4"],
  ["0c 05 4a c3 bc 72 67", '"Jürg"'],
  ["0c 05 22 0a 1b 5b 4a", '"\\"\\n\\u001b[J"'],
  ["1e 04 00 41 26 3a", '"A☺"'],
  ["1c 04 00 01 f5 11", '"🔑"'],
  ["13 02 44 45", '"DE"'],
  ["14 02 41 42", '"AB"'],
  ["17 0d 32 36 30 33 30 31 31 32 30 30 30 30 5a", "2026-03-01 12:00:00 UTC"],
  ["18 0f 32 30 35 30 30 33 30 31 31 32 30 30 30 30 5a", "2050-03-01 12:00:00 UTC"],
  ["17 0b 32 36 30 33 30 31 31 32 30 30 5a", '"2603011200Z"'],
  ["03 02 00 ff", "ff"],
  ["03 01 00", "no bits"],
  ["80 02 c3 28", "c328"],
  ["82 05 61 2e 6f 72 67", '"a.org"'],
  ["02 00", "malformed, without contents"],
  ["01 02 00 00", "malformed, 0000"],
  ["05 01 00", "malformed, 00"],
  ["06 01 80", "malformed, 80"],
  ["0c 02 c3 28", "malformed, c328"],
  ["1e 01 41", "malformed, 41"],
  ["17 01 ff", "malformed, ff"],
  ["03 02 08 ff", "malformed, 08ff"],
])("the value of %s is %s", (encoding, value) => {
  expect(valueOfOne(encoding)).toBe(value);
});

test.each([
  [
    "octets that begin like an element by chance",
    "04 14 80 12 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11",
    false,
  ],
  ["an OCTET STRING, as a key identifier is", "04 04 04 02 01 02", true],
  ["an element with something behind it", "04 03 05 00 00", false],
  ["an element whose value its type doesn't have", "04 02 02 00", false],
  ["an element of an application", "04 02 40 00", false],
  ["an element of a universal type that there isn't", "04 02 0f 00", false],
  ["bits of which some are unused", "03 03 01 05 00", false],
])("%s: encapsulated, as far as anybody can tell", (_, encoding, encapsulates) => {
  expect(asn1Tree(hex(encoding)).nodes[0]?.encapsulates).toBe(encapsulates);
});

describe("malformed input is a tree up to the fault, and the fault", () => {
  test.each([
    [
      "cut off in the second element",
      "30 06 02 01 05 04 05 41",
      ["0 2+6 SEQUENCE", "2 2+1   INTEGER 5"],
      5,
      "it is cut off: it has 5 bytes, 1 are left",
    ],
    [
      "cut off, the outermost length tells",
      "30 0a 02 01 05 30 05 02 01 06",
      ["0 2+8 SEQUENCE", "2 2+1   INTEGER 5", "5 2+3   SEQUENCE", "7 2+1     INTEGER 6"],
      0,
      "it is cut off: it has 10 bytes, 8 are left",
    ],
    ["without an end", "30 80 02 01 05", ["0 2+3 SEQUENCE", "2 2+1   INTEGER 5"], 0, "its contents have no end"],
    ["something behind it", "05 00 02 05", ["0 2+0 NULL"], 2, "it is cut off: it has 5 bytes, 0 are left"],
    [
      "no encoding at all",
      "ff ff ff",
      [],
      0,
      "its identifier can't be read: End of input reached before message was fully decoded",
    ],
  ])("%s", (_, encoding, expected, offset, message) => {
    const { nodes, fault } = asn1Tree(hex(encoding));
    expect(lines(nodes)).toEqual(expected);
    expect(fault).toEqual({ offset, message });
  });
});

describe("limits", () => {
  test("a text and octets are cut", () => {
    const octets = (count: number): Uint8Array => derElement(0x80, new Uint8Array(count));
    const text = (tag: number, count: number): Uint8Array => derElement(tag, new Uint8Array(count).fill(0x41));
    expect(asn1Tree(octets(maximumOctetsShown)).nodes[0]?.value).toBe("00".repeat(maximumOctetsShown));
    expect(asn1Tree(octets(maximumOctetsShown + 1)).nodes[0]?.value).toBe(
      `${"00".repeat(maximumOctetsShown)}… (${maximumOctetsShown + 1} octets)`,
    );
    for (const tag of [0x0c, 0x80]) {
      expect(asn1Tree(text(tag, maximumTextShown)).nodes[0]?.value).toBe(`"${"A".repeat(maximumTextShown)}"`);
      expect(asn1Tree(text(tag, maximumTextShown + 1)).nodes[0]?.value).toBe(`"${"A".repeat(maximumTextShown)}"…`);
    }
  });

  test("strings within strings are opened as deep as elements lie", () => {
    const nested = (depth: number): Uint8Array => (depth === 0 ? hex("05 00") : derOctetString(nested(depth - 1)));
    expect(shown(nested(maximumBerDepth - 1))).toHaveLength(maximumBerDepth);
    expect(shown(nested(maximumBerDepth - 1)).at(-1)).toMatch(/ NULL$/);
    expect(shown(nested(maximumBerDepth))).toHaveLength(maximumBerDepth);
    expect(shown(nested(maximumBerDepth)).at(-1)).toMatch(/ OCTET STRING 0500$/);
  });

  test("elements that lie deeper are a fault", () => {
    const nested = (depth: number): Uint8Array =>
      concat(...new Array(depth).fill(hex("30 80")), ...new Array(depth).fill(hex("00 00")));
    expect(asn1Tree(nested(maximumBerDepth)).fault).toBeUndefined();
    expect(asn1Tree(nested(maximumBerDepth + 1)).fault?.message).toBe("elements lie at most 64 deep in one another");
  });

  test("no more elements are taken out of strings than an encoding may have", () => {
    const list = derSequence(new Uint8Array(2 * (maximumBerElements - 5)).map((_, index) => (index % 2 === 0 ? 5 : 0)));
    const both = derSequence(derOctetString(list), derOctetString(hex("05 00")), derOctetString(hex("05 00")));
    const [first, second, third] = asn1Tree(both).nodes[0]?.nodes ?? [];
    expect([first, second, third].map((node) => node?.encapsulates)).toEqual([true, false, false]);
  });
});

test("names are for object identifiers of every part of the package, and of others", () => {
  expect(oidName("2.5.4.3")).toBe("commonName");
  expect(oidName("1.2.840.113549.1.7.2")).toBe("idSignedData");
  expect(oidName("1.2.840.113549.1.5.13")).toBe("pbes2");
  expect(oidName("1.2.840.113549.1.12.10.1.3")).toBe("certBag");
  expect(oidName("1.3.6.1.4.1.311.20.2.3")).toBe("userPrincipalName");
  expect(oidName("1.2.3")).toBeUndefined();
});
