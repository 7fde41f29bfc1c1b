import { describe, expect, test } from "vitest";
import { type DerReader, decodeDer } from "../src/der-reader.ts";
import { derNamedBits, derOid, derSetOf, derSmallInteger, derUnsignedInteger } from "../src/der-writer.ts";
import { Certificate, X509Error } from "../src/index.ts";
import { decodeOid } from "../src/oid.ts";
import { readTime, writeTime } from "../src/time.ts";
import { leafCertificate } from "./pki.ts";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString("hex");
const what = "it";

describe("what BER allows and DER doesn't", () => {
  const readers: Readonly<Record<string, (reader: DerReader) => unknown>> = {
    "octet string": (reader) => reader.octetString(what),
    sequence: (reader) => reader.sequence(what),
    boolean: (reader) => reader.boolean(what),
    integer: (reader) => reader.integer(what),
    "bit string": (reader) => reader.bitString(what),
    oid: (reader) => reader.oid(what),
    null: (reader) => reader.null(what),
    any: (reader) => reader.element(what),
  };

  test.each([
    ["an indefinite length", "sequence", "30 80 05 00 00 00"],
    ["a length in too many octets, short", "octet string", "04 81 01 00"],
    ["a length in too many octets, 127", "octet string", `04 81 7f ${"00".repeat(127)}`],
    ["a length in too many octets, long", "octet string", `04 82 00 80 ${"00".repeat(128)}`],
    ["a length of five octets", "octet string", "04 85 00 00 00 00 01 00"],
    ["a reserved length", "octet string", "04 ff 00"],
    ["a length beyond the end", "octet string", "04 02 00"],
    ["a length of 4 GB", "octet string", "04 84 ff ff ff ff 00"],
    ["a length that is cut off", "octet string", "04 82 01"],
    ["no length", "octet string", "04"],
    ["nothing", "any", ""],
    ["trailing bytes", "octet string", "04 01 00 00"],
    ["a tag of several octets", "any", "1f 81 00 00"],
    ["a constructed string", "octet string", "24 03 04 01 00"],
    ["TRUE as 01", "boolean", "01 01 01"],
    ["a BOOLEAN of two octets", "boolean", "01 02 ff ff"],
    ["a BOOLEAN of none", "boolean", "01 00"],
    ["an INTEGER of no octets", "integer", "02 00"],
    ["a padded INTEGER", "integer", "02 02 00 01"],
    ["a padded negative INTEGER", "integer", "02 02 ff 80"],
    ["a BIT STRING without its first octet", "bit string", "03 00"],
    ["eight unused bits", "bit string", "03 02 08 00"],
    ["unused bits of nothing", "bit string", "03 01 01"],
    ["unused bits that are set", "bit string", "03 02 01 01"],
    ["an empty OID", "oid", "06 00"],
    ["an OID that is cut off", "oid", "06 02 2a 86"],
    ["a padded arc", "oid", "06 03 2a 80 01"],
    ["a padded first arc", "oid", "06 02 80 01"],
    ["an OID longer than its limit", "oid", `06 41 2a ${"01".repeat(64)}`],
    ["a NULL with contents", "null", "05 01 00"],
    ["another tag", "integer", "04 01 00"],
  ])("%s", (_, reader, encoding) => {
    const read = readers[reader];
    if (read === undefined) throw new RangeError(reader);
    expect(() => decodeDer(bytes(encoding), what, read)).toThrow(X509Error);
  });

  test("an OID as long as its limit is read", () => {
    expect(decodeOid(bytes(`2a${"01".repeat(63)}`)).split(".")).toHaveLength(65);
  });

  test("every strict prefix of a certificate, and one byte more", () => {
    const { der } = leafCertificate;
    for (let length = 0; length < der.length; length += 1) {
      expect(() => Certificate.fromDer(der.subarray(0, length))).toThrow(X509Error);
    }
    expect(() => Certificate.fromDer(Uint8Array.of(...der, 0))).toThrow(X509Error);
    expect(() => Certificate.fromDer(new Uint8Array(65_537))).toThrow("at most 65536 bytes");
  });

  test("every certificate with a byte changed is either read or an X509Error", () => {
    const { der } = leafCertificate;
    for (let at = 0; at < der.length; at += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const changed = new Uint8Array(der);
        changed[at] = (changed[at] ?? 0) ^ flip;
        try {
          const certificate = Certificate.fromDer(changed);
          certificate.subject.toString();
          certificate.issuer.canonical.toString();
        } catch (error) {
          expect(error).toBeInstanceOf(X509Error);
        }
      }
    }
  });
});

describe("object identifiers", () => {
  test.each([
    ["2a864886f70d01010b", "1.2.840.113549.1.1.11"],
    ["00", "0.0"],
    ["27", "0.39"],
    ["28", "1.0"],
    ["4f", "1.39"],
    ["50", "2.0"],
    ["8837", "2.999"],
    // an arc that 32 bits, and one that a double, would cut
    ["2a9080808001", "1.2.4294967297"],
    ["2a81818181818181818101", "1.2.9295997013522923649"],
  ])("%s is %s", (encoding, text) => {
    expect(decodeOid(bytes(encoding))).toBe(text);
    expect(hex(derOid(text)).slice(4)).toBe(encoding);
  });

  test.each(["", "1", "3.1", "0.40", "1.40", "1.2.", "1..2", "1.02", "a.b", "-1.2"])("%j is none", (text) => {
    expect(() => derOid(text)).toThrow(X509Error);
  });
});

describe("times (RFC 5280 §4.1.2.5)", () => {
  const utc = (text: string): Uint8Array => Uint8Array.of(0x17, text.length, ...Buffer.from(text));
  const generalized = (text: string): Uint8Array => Uint8Array.of(0x18, text.length, ...Buffer.from(text));
  const read = (encoding: Uint8Array): string =>
    new Date(decodeDer(encoding, what, (reader) => readTime(reader, what))).toISOString();

  test.each([
    [utc("260301120000Z"), "2026-03-01T12:00:00.000Z"],
    [utc("491231235959Z"), "2049-12-31T23:59:59.000Z"],
    [utc("500101000000Z"), "1950-01-01T00:00:00.000Z"],
    [utc("000229000000Z"), "2000-02-29T00:00:00.000Z"],
    [generalized("20500101000000Z"), "2050-01-01T00:00:00.000Z"],
    [generalized("99991231235959Z"), "9999-12-31T23:59:59.000Z"],
    [generalized("00010101000000Z"), "0001-01-01T00:00:00.000Z"],
  ])("%s is %s", (encoding, expected) => {
    expect(read(encoding)).toBe(expected);
  });

  test.each([
    utc("2603011200Z"),
    utc("260301120000"),
    utc("260301120000+0000"),
    utc("260301120000z"),
    utc("20260301120000Z"),
    utc("260229000000Z"),
    utc("260431000000Z"),
    utc("260001000000Z"),
    utc("261301000000Z"),
    utc("260100000000Z"),
    utc("260301240000Z"),
    utc("260301126000Z"),
    utc("260301120060Z"),
    utc("26030112000 Z"),
    utc("-60301120000Z"),
    generalized("260301120000Z"),
    generalized("20260301120000.0Z"),
    generalized("21000229000000Z"),
    Uint8Array.of(0x04, 0),
  ])("%s is none", (encoding) => {
    expect(() => read(encoding)).toThrow(X509Error);
  });

  test("are written as they are read", () => {
    for (const iso of [
      "1950-01-01T00:00:00.000Z",
      "2049-12-31T23:59:59.000Z",
      "2050-01-01T00:00:00.000Z",
      "9999-12-31T23:59:59.000Z",
    ]) {
      expect(read(writeTime(new Date(iso)))).toBe(iso);
    }
    for (const year of [1949, 10000, Number.NaN]) {
      expect(() => writeTime(new Date(Date.UTC(year, 0)))).toThrow(X509Error);
    }
  });
});

test("integers, named bits and sets are written as DER has them", () => {
  expect(hex(derSmallInteger(0))).toBe("020100");
  expect(hex(derSmallInteger(127))).toBe("02017f");
  expect(hex(derSmallInteger(128))).toBe("02020080");
  expect(hex(derUnsignedInteger(bytes("000001")))).toBe("020101");
  expect(hex(derUnsignedInteger(new Uint8Array(0)))).toBe("020100");
  expect(hex(derNamedBits([5, 6]))).toBe("03020106");
  expect(hex(derNamedBits([0, 8]))).toBe("0303078080");
  expect(hex(derNamedBits([]))).toBe("030100");
  expect(hex(derSetOf(bytes("0402ff"), bytes("040100")))).toBe("31060401000402ff");
});
