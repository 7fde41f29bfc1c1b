import { describe, expect, test } from "vitest";
import { derElement, derOid, derSequence, derSetOf } from "../src/der-writer.ts";
import { Name, Oid, X509Error } from "../src/index.ts";
import { encodeUtf8 } from "../src/unicode.ts";

const attribute = (oid: string, tag: number, content: Uint8Array): Uint8Array =>
  derSequence(derOid(oid), derElement(tag, content));
const commonName = (text: string, tag = 0x0c): Name =>
  Name.fromDer(derSequence(derSetOf(attribute(Oid.commonName, tag, encodeUtf8(text)))));

test("a name of parts is written in order and shown the other way round, as RFC 4514 has it", () => {
  const name = Name.of({ commonName: "Bücher, GmbH", countryName: "DE", organizationName: "Bücher" });
  expect(name.toString()).toBe("CN=Bücher\\, GmbH,O=Bücher,C=DE");
  expect(name.find(Oid.organizationName)).toBe("Bücher");
  expect(name.relativeNames.map(([first]) => first?.tag)).toEqual([0x13, 0x0c, 0x0c]);
  expect(Name.of({}).isEmpty).toBe(true);
});

test("parts that no name may have are refused", () => {
  expect(() => Name.of({ countryName: "Germany" })).toThrow(X509Error);
  expect(() => Name.of({ commonName: "" })).toThrow(X509Error);
  expect(() => Name.of({ commonName: "a".repeat(65) })).toThrow(X509Error);
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
      Name.of({ organizationName: "b", commonName: "a" }).canonical,
    );
  });
});

test("a relative name without attributes, or unsorted, is no name", () => {
  const a = attribute(Oid.commonName, 0x0c, encodeUtf8("a"));
  const b = attribute(Oid.commonName, 0x0c, encodeUtf8("b"));
  expect(() => Name.fromDer(derSequence(derSetOf()))).toThrow(X509Error);
  expect(() => Name.fromDer(derSequence(derElement(0x31, b, a)))).toThrow(X509Error);
  expect(() => Name.fromDer(derSetOf(a))).toThrow(X509Error);
});
