import { describe, expect, test } from "vitest";
import { derElement, derOid, derSequence, derSetOf } from "../src/der-writer.ts";
import { Name, nameOfParts, Oid, X509Error } from "../src/index.ts";
import { encodeUtf8 } from "../src/unicode.ts";

const attribute = (oid: string, tag: number, content: Uint8Array): Uint8Array =>
  derSequence(derOid(oid), derElement(tag, content));
const commonName = (text: string, tag = 0x0c): Name =>
  Name.fromDer(derSequence(derSetOf(attribute(Oid.commonName, tag, encodeUtf8(text)))));

test("a name of parts is written in order and shown the other way round, as RFC 4514 has it", () => {
  const name = nameOfParts({ commonName: "Bücher, GmbH", countryName: "DE", organizationName: "Bücher" });
  expect(name.toString()).toBe("CN=Bücher\\, GmbH,O=Bücher,C=DE");
  expect(name.find(Oid.organizationName)).toBe("Bücher");
  expect(name.relativeNames.map(([first]) => first?.tag)).toEqual([0x13, 0x0c, 0x0c]);
  expect(nameOfParts({}).isEmpty).toBe(true);
});

test("parts that no name may have are refused", () => {
  expect(() => nameOfParts({ countryName: "Germany" })).toThrow(X509Error);
  expect(() => nameOfParts({ commonName: "" })).toThrow(X509Error);
  expect(() => nameOfParts({ commonName: "a".repeat(65) })).toThrow(X509Error);
});

describe("a name on a terminal", () => {
  test.each([
    ["\u001b[31mred", "CN=\\1B[31mred"],
    ["a\nb\0c", "CN=a\\0Ab\\00c"],
    ["moc.elgoog\u202e", "CN=moc.elgoog\\E2\\80\\AE"],
    ["zero\u200bwidth\ufeff", "CN=zero\\E2\\80\\8Bwidth\\EF\\BB\\BF"],
    ["a\u0085b\u2028c", "CN=a\\C2\\85b\\E2\\80\\A8c"],
    [' a,b+c"d\\e<f>g;h ', 'CN=\\ a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h\\ '],
    ["#a#", "CN=\\#a#"],
    ["中文", "CN=中文"],
  ])("%j is %j", (text, shown) => {
    expect(commonName(text).toString()).toBe(shown);
  });

  test("values without a text are shown as their bytes, types without a name as numbers", () => {
    const name = Name.fromDer(
      derSequence(
        derSetOf(attribute("1.2.3.4", 0x0c, Uint8Array.of(0x41))),
        derSetOf(attribute(Oid.commonName, 0x14, Uint8Array.of(0x41))),
      ),
    );
    expect(name.toString()).toBe("CN=#140141,1.2.3.4=A");
    expect(commonName("a", 0x04).toString()).toBe("CN=#040161");
  });
});

describe("equality (RFC 5280 §7.1)", () => {
  test("regardless of string type, case of ASCII letters and spaces", () => {
    const name = commonName("Example CA");
    expect(name.equals(commonName("  EXAMPLE   ca ", 0x13))).toBe(true);
    expect(name.equals(commonName("ExampleCA"))).toBe(false);
    expect(name.equals(commonName("Example CA", 0x14))).toBe(false);
    expect(commonName("É").equals(commonName("é"))).toBe(false);
  });

  test("with the attributes of one relative name in any order, but no others", () => {
    const a = attribute(Oid.commonName, 0x0c, encodeUtf8("b"));
    const b = attribute(Oid.commonName, 0x13, encodeUtf8("a"));
    const a2 = attribute(Oid.commonName, 0x13, encodeUtf8("b"));
    const b2 = attribute(Oid.commonName, 0x0c, encodeUtf8("a"));
    const one = Name.fromDer(derSequence(derSetOf(a, b)));
    expect(one.equals(Name.fromDer(derSequence(derSetOf(a2, b2))))).toBe(true);
    expect(one.equals(Name.fromDer(derSequence(derSetOf(a), derSetOf(b))))).toBe(false);
    expect(one.equals(Name.fromDer(derSequence(derSetOf(a, b, b2))))).toBe(false);
  });

  test("a value can't pass for two", () => {
    expect(commonName(`a,${Oid.organizationName}=1:b`).canonical).not.toBe(
      nameOfParts({ organizationName: "b", commonName: "a" }).canonical,
    );
  });
});

test("a relative name without attributes is no name; one with unsorted attributes is that with sorted ones", () => {
  const a = attribute(Oid.commonName, 0x0c, encodeUtf8("a"));
  const b = attribute(Oid.commonName, 0x0c, encodeUtf8("b"));
  expect(() => Name.fromDer(derSequence(derSetOf()))).toThrow(X509Error);
  const unsorted = Name.fromDer(derSequence(derElement(0x31, b, a)));
  expect(unsorted.equals(Name.fromDer(derSequence(derElement(0x31, a, b))))).toBe(true);
  expect(() => Name.fromDer(derSetOf(a))).toThrow(X509Error);
});

describe("strings that break their type's rule", () => {
  test.each([..."&*@_!#"])("ASCII has one meaning in a PrintableString, also %s", (character) => {
    const name = commonName(`A ${character} B`, 0x13);
    expect(name.find(Oid.commonName)).toBe(`A ${character} B`);
    expect(name.equals(commonName(`a ${character} b`))).toBe(true);
  });

  test.each([
    ["accents in a PrintableString", 0x13, Uint8Array.of(0x41, 0xe9)],
    ["accents in an IA5String", 0x16, Uint8Array.of(0x41, 0xe9)],
    ["UTF-8 that is none", 0x0c, Uint8Array.of(0x41, 0xff)],
    ["half a character of a BMPString", 0x1e, Uint8Array.of(0x41)],
  ])("what could be read in two ways has no text, and is the same name octet by octet alone: %s", (_, tag, content) => {
    const name = Name.fromDer(derSequence(derSetOf(attribute(Oid.commonName, tag, content))));
    expect(name.find(Oid.commonName)).toBeUndefined();
    expect(name.toString()).toBe(`CN=#${Buffer.from(derElement(tag, content)).toString("hex")}`);
    expect(name.equals(Name.fromDer(name.der))).toBe(true);
    const other = tag === 0x14 ? 0x13 : 0x14;
    expect(name.equals(Name.fromDer(derSequence(derSetOf(attribute(Oid.commonName, other, content)))))).toBe(false);
  });
});
