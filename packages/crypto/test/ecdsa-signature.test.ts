import { generateKeyPairSync, sign, verify } from "node:crypto";
import { ecdsaSignatureToDer } from "@tlskit/crypto";
import { describe, expect, it } from "vitest";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

describe("an ECDSA signature in DER", () => {
  it.each(["P-256", "P-384", "P-521"])("of %s verifies, if r and s do", (namedCurve) => {
    const { privateKey: key, publicKey } = generateKeyPairSync("ec", { namedCurve });
    const message = Buffer.from("a message");
    // some of which have numbers that begin with zeros, or with a bit that is one
    for (let i = 0; i < 100; i += 1) {
      const raw = sign("sha256", message, { key, dsaEncoding: "ieee-p1363" });
      expect(verify("sha256", message, { key: publicKey, dsaEncoding: "der" }, ecdsaSignatureToDer(raw))).toBe(true);
    }
  });

  it.each<[string, string, string]>([
    ["without zeros in front", "00010002", "3006020101020102"],
    ["with a zero where the number would be negative", "80ff", "3008020200800202 00ff"],
    ["of zero", "0000", "3006020100020100"],
  ])("has integers %s", (_, raw, der) => {
    expect(ecdsaSignatureToDer(bytes(raw))).toEqual(bytes(der.replace(" ", "")));
  });

  it("has a length of two bytes where one isn't enough", () => {
    const der = ecdsaSignatureToDer(new Uint8Array(132).fill(0xff));
    expect(der.subarray(0, 5)).toEqual(bytes("30818a0243"));
    expect(der).toHaveLength(141);
  });

  it.each([0, 1, 63, 133, 134])("isn't made of %i bytes", (length) => {
    expect(() => ecdsaSignatureToDer(new Uint8Array(length))).toThrow(
      expect.objectContaining({ name: "CryptoError", code: "provider_failed" }),
    );
  });
});
