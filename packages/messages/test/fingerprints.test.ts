import { createHash } from "node:crypto";
import {
  ClientHello,
  decodeMessage,
  encodeMessage,
  ja3,
  ja3Text,
  ja4,
  ja4Text,
  RawClientHello,
  type RawExtension,
} from "@tlskit/messages";
import { describeVectors } from "@tlskit/vectors";
import { describe, expect, test } from "vitest";
import { hello, keyShareWithoutKey, name, versions } from "./hellos.ts";

const md5 = (message: Uint8Array): Uint8Array => createHash("md5").update(message).digest();
const sha256 = (message: Uint8Array): Uint8Array => createHash("sha256").update(message).digest();

const codes = (...list: readonly number[]): readonly number[] => list.flatMap((code) => [code >> 8, code & 0xff]);
const groups = (...list: readonly number[]): RawExtension => ({
  code: 10,
  data: Uint8Array.from([...codes(2 * list.length), ...codes(...list)]),
});
const pointFormats: RawExtension = { code: 11, data: Uint8Array.of(1, 0) };
const alpn = (...names: readonly (readonly number[])[]): RawExtension => {
  const list = names.flatMap((bytes) => [bytes.length, ...bytes]);
  return { code: 16, data: Uint8Array.from([...codes(list.length), ...list]) };
};

describe("JA3, by the examples of its description", () => {
  const old = { legacyVersion: 0x0301 };

  test("of a hello with extensions", () => {
    const cipherSuites = [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4];
    const given = hello([name("host.example"), groups(23, 24, 25), pointFormats], { ...old, cipherSuites });
    expect(ja3Text(given)).toBe("769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
    expect(ja3(given, md5)).toBe("ada70206e40642a3e4461f35503241d5");
  });

  test("of a hello without extensions", () => {
    const given = hello(undefined, { ...old, cipherSuites: [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99] });
    expect(ja3Text(given)).toBe("769,4-5-10-9-100-98-3-6-19-18-99,,,");
    expect(ja3(given, md5)).toBe("de350869b8c85de67a350c8d186f11e6");
  });

  test("GREASE changes nothing, wherever it stands", () => {
    const plain = hello([groups(29)], { cipherSuites: [0x1301] });
    const grease = hello([{ code: 0x1a1a, data: new Uint8Array(0) }, groups(0xcaca, 29)], {
      cipherSuites: [0xbaba, 0x1301],
    });
    expect(ja3Text(grease)).toBe(ja3Text(plain));
    expect(ja3Text(grease)).toBe("771,4865,10,29,");
  });
});

describe("JA4", () => {
  const firstPart = (extensions: readonly RawExtension[], options?: Parameters<typeof ja4>[2]): string =>
    ja4(hello(extensions), sha256, options).slice(0, 10);

  test("tells TCP from QUIC, and names from addresses", () => {
    expect(firstPart([name("host.example"), versions])).toBe("t13d010200");
    expect(firstPart([versions], { transport: "quic" })).toBe("q13i010100");
  });

  test("gives 00 for a version that it doesn't know", () => {
    expect(firstPart([{ code: 43, data: Uint8Array.of(2, 0x7f, 0x1c) }])).toBe("t00i010100");
    expect(firstPart([{ code: 43, data: Uint8Array.of(2, 0x0a, 0x0a) }])).toBe("t00i010100");
  });

  test("counts no further than 99", () => {
    const many = hello([], { cipherSuites: Array.from({ length: 100 }, (_, index) => index) });
    expect(ja4Text(many).slice(0, 10)).toBe("t12i990000");
  });

  // The examples of the description, and one of each form besides.
  test.each([
    ["ab", [0xab]],
    ["20", [0x20]],
    ["ad", [0xab, 0xcd]],
    ["21", [0x20, 0x61]],
    ["3b", [0x30, 0xab]],
    ["60", [0x61, 0x20]],
    ["3d", [0x30, 0x31, 0xab, 0xcd]],
    ["01", [0x30, 0xab, 0xcd, 0x31]],
    ["01", [0x30, 0x0a, 0x31]],
    ["hh", [0x68]],
    ["h2", [0x68, 0x32]],
  ])("shows the ends of the first protocol: %s", (expected, protocol) => {
    expect(firstPart([alpn(protocol, [0x7a])]).slice(-2)).toBe(expected);
    expect(firstPart([alpn([0x1a, 0x1a], protocol)]).slice(-2)).toBe(expected);
  });

  test("is the same for a hello that was decoded", () => {
    const raw = hello([name("host.example"), versions, groups(29), alpn([0x68, 0x32])]);
    const decoded = decodeMessage(ClientHello, encodeMessage(RawClientHello, raw));
    expect([ja4(decoded, sha256), ja3(decoded, md5)]).toEqual([ja4(raw, sha256), ja3(raw, md5)]);
  });

  test("is made of a hello with a malformed extension of no interest, and of no other", () => {
    expect(firstPart([versions, keyShareWithoutKey])).toBe("t13i010200");
    expect(() => firstPart([{ code: 43, data: new Uint8Array(0) }])).toThrow(
      expect.objectContaining({ code: "decode_error" }),
    );
  });
});

interface Ja4Vectors {
  readonly cases: readonly Readonly<Record<"name" | "clientHello" | "ja4" | "ja4_r" | "ja4_o" | "ja4_ro", string>>[];
}

/**
 * For a protocol that isn't ASCII, FoxIO's tools gave "99" when these were made; the description asks for the ends of its
 * hexadecimal digits, here of 0xbaad.
 */
const byDescription: Readonly<Record<string, string>> = { "tls-non-ascii-alpn.pcapng stream 0": "t13d1516bd" };

describeVectors<Ja4Vectors>("JA4 of ClientHellos out in the world", "rfc/ja4.json", ({ cases }) => {
  test.each(cases)("$name", (vector) => {
    const given = decodeMessage(RawClientHello, Uint8Array.from(Buffer.from(vector.clientHello, "hex")));
    const expected = (fingerprint: string): string =>
      `${byDescription[vector.name] ?? fingerprint.slice(0, 10)}${fingerprint.slice(10)}`;
    expect(ja4(given, sha256)).toBe(expected(vector.ja4));
    expect(ja4Text(given)).toBe(expected(vector.ja4_r));
    expect(ja4(given, sha256, { order: "original" })).toBe(expected(vector.ja4_o));
    expect(ja4Text(given, { order: "original" })).toBe(expected(vector.ja4_ro));
  });
});
