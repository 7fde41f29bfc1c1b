import { describe, expect, it } from "vitest";
import { nodeTripleDesCbc } from "../src/index.ts";

describe("triple DES of node:crypto", () => {
  it.each([
    [23, 8],
    [24, 7],
  ])("takes no key of %i bytes with a vector of %i", (key, iv) => {
    expect(() => nodeTripleDesCbc.decrypt(new Uint8Array(key), new Uint8Array(iv), new Uint8Array(8))).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });

  it.each([0, 7, 8])("finds no padding in %i bytes that nobody encrypted", (length) => {
    expect(() =>
      nodeTripleDesCbc.decrypt(new Uint8Array(24).fill(1), new Uint8Array(8), new Uint8Array(length)),
    ).toThrow(expect.objectContaining({ code: "decryption_failed" }));
  });
});
