import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "../src/index.ts";

describe("base64", () => {
  test.each(Array.from({ length: 70 }, (_, length) => length))("of %i bytes is everybody's", (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 89 + length) & 0xff);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
  });

  test.each([
    "A",
    "AA",
    "AAA",
    "A===",
    "AA=A",
    "=AAA",
    "AB==",
    "AAB=",
    "AA-_",
    "A A=",
    "AAAA\n",
    "AA==AAAA",
    "ÄAAA",
    "====",
  ])("%j is none", (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
