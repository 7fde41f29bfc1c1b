import { checkRsaPublicKey } from "@tlskit/crypto";
import { describe, expect, test } from "vitest";

/** An odd number of so many bits. */
function odd(bits: number): Uint8Array {
  const number = new Uint8Array(Math.ceil(bits / 8)).fill(0xff);
  number[0] = 0xff >> (8 * number.length - bits);
  return number;
}

const f4 = Uint8Array.of(1, 0, 1);
const check = (modulus: Uint8Array, publicExponent: Uint8Array) => () =>
  checkRsaPublicKey({ type: "RSA", modulus, publicExponent });
const refusal = expect.objectContaining({ code: "invalid_public_key" });

describe("RSA public keys", () => {
  test.each([1024, 1025, 2048, 8191, 8192])("of %d bits are taken", (bits) => {
    expect(check(odd(bits), f4)).not.toThrow();
  });

  test.each([0, 1, 512, 1023, 8193, 16384])("of %d bits are refused", (bits) => {
    expect(check(odd(bits), f4)).toThrow(refusal);
  });

  test("leading zeros are no bits", () => {
    expect(check(Uint8Array.of(0, 0, ...odd(1023)), f4)).toThrow(refusal);
    expect(check(Uint8Array.of(0, ...odd(8192)), Uint8Array.of(0, ...f4))).not.toThrow();
  });

  test("with an even modulus are refused", () => {
    expect(check(odd(2048).with(-1, 0xfe), f4)).toThrow(refusal);
  });

  test.each([
    ["3", [3]],
    ["65537", [1, 0, 1]],
    ["2^32 - 1", [0xff, 0xff, 0xff, 0xff]],
  ])("with the exponent %s are taken", (_name, exponent) => {
    expect(check(odd(2048), Uint8Array.from(exponent))).not.toThrow();
  });

  test.each([
    ["nothing", []],
    ["0", [0]],
    ["1", [1]],
    ["2", [2]],
    ["65536", [1, 0, 0]],
    ["2^32 + 1", [1, 0, 0, 0, 1]],
  ])("with the exponent %s are refused", (_name, exponent) => {
    expect(check(odd(2048), Uint8Array.from(exponent))).toThrow(refusal);
  });
});
