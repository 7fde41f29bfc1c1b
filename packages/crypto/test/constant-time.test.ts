import { constantTimeEqual } from "@tlskit/crypto";
import { expect, test } from "vitest";

test("the same bytes are equal", () => {
  expect(constantTimeEqual(new Uint8Array(0), new Uint8Array(0))).toBe(true);
  expect(constantTimeEqual(Uint8Array.of(1, 2, 255), Uint8Array.of(1, 2, 255))).toBe(true);
});

test("one bit of difference anywhere is seen", () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
  for (let bit = 0; bit < 256; bit += 1) {
    const other = Uint8Array.from(bytes);
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(constantTimeEqual(bytes, other)).toBe(false);
  }
});

test("another length is another value", () => {
  expect(constantTimeEqual(Uint8Array.of(0), Uint8Array.of(0, 0))).toBe(false);
  expect(constantTimeEqual(Uint8Array.of(0, 0), Uint8Array.of(0))).toBe(false);
});
