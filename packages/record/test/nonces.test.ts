import { toHex } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { Nonces } from "../src/nonces.ts";

describe("nonces (RFC 9846 §5.3)", () => {
  test("have the sequence number at their end, the IV in all other bytes", () => {
    expect(toHex(new Nonces(new Uint8Array(12), 0x0102_0304_0506).take())).toBe("000000000000010203040506");
    expect(toHex(new Nonces(new Uint8Array(12).fill(0xff), 1).take())).toBe("fffffffffffffffffffffffe");
  });

  test("are as long as the IV, of which eight bytes are needed", () => {
    expect(new Nonces(new Uint8Array(8)).take()).toHaveLength(8);
    expect(() => new Nonces(new Uint8Array(7))).toThrow(expect.objectContaining({ code: "invalid_iv" }));
  });

  test("are not changed by whoever gave the IV", () => {
    const iv = new Uint8Array(12);
    const nonces = new Nonces(iv);
    iv.fill(1);
    expect(nonces.take()).toEqual(new Uint8Array(12));
  });

  test("end before their number would not be exact any more: it never wraps (RFC 9846 §5.3#no-wrap)", () => {
    const nonces = new Nonces(new Uint8Array(12), Number.MAX_SAFE_INTEGER - 1);
    expect(toHex(nonces.take())).toBe("00000000001ffffffffffffe");
    for (const next of [() => nonces.peek(), () => nonces.take()]) {
      expect(next).toThrow(expect.objectContaining({ code: "sequence_number_exhausted" }));
    }
  });
});
