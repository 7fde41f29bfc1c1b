import { createHash, createHmac } from "node:crypto";
import { type HashFunction, hkdfExpand, hkdfExtract } from "@tlskit/crypto";
import { describe, expect, test } from "vitest";

const sha256: HashFunction = {
  name: "SHA-256",
  length: 32,
  digest: (message) => new Uint8Array(createHash("sha256").update(message).digest()),
  hmac: (key, message) => new Uint8Array(createHmac("sha256", key).update(message).digest()),
  start: () => {
    const running = createHash("sha256");
    return {
      update: (part) => void running.update(part),
      digest: () => new Uint8Array(running.copy().digest()),
    };
  },
};

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const sequence = (from: number, to: number): Uint8Array =>
  Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe("HKDF: RFC 5869, appendix A", () => {
  test("A.1", () => {
    const prk = hkdfExtract(sha256, sequence(0x00, 0x0c), new Uint8Array(22).fill(0x0b));
    expect(prk).toEqual(bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
    expect(hkdfExpand(sha256, prk, sequence(0xf0, 0xf9), 42)).toEqual(
      bytes("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
    );
  });

  test("A.2, with longer inputs and outputs", () => {
    const prk = hkdfExtract(sha256, sequence(0x60, 0xaf), sequence(0x00, 0x4f));
    expect(prk).toEqual(bytes("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244"));
    expect(hkdfExpand(sha256, prk, sequence(0xb0, 0xff), 82)).toEqual(
      bytes(
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
      ),
    );
  });

  test("A.3, with no salt and no info", () => {
    const prk = hkdfExtract(sha256, new Uint8Array(0), new Uint8Array(22).fill(0x0b));
    expect(prk).toEqual(bytes("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"));
    expect(hkdfExpand(sha256, prk, new Uint8Array(0), 42)).toEqual(
      bytes("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"),
    );
  });
});

describe("HKDF-Expand", () => {
  const prk = new Uint8Array(32).fill(1);

  test("gives as many bytes as were asked for, a longer output beginning with the shorter", () => {
    const longest = hkdfExpand(sha256, prk, bytes("00"), 255 * 32);
    for (const length of [0, 1, 31, 32, 33, 64, 255 * 32]) {
      expect(hkdfExpand(sha256, prk, bytes("00"), length)).toEqual(longest.subarray(0, length));
    }
  });

  test.each([255 * 32 + 1, -1, 1.5, Number.NaN])("refuses %d bytes", (length) => {
    expect(() => hkdfExpand(sha256, prk, bytes(""), length)).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });
});
