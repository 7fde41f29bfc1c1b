import {
  type Codec,
  decode,
  empty,
  encode,
  enumeration,
  explain,
  mapped,
  opaque,
  opaqueVector,
  prefixed,
  rest,
  struct,
  TlsError,
  textMeaning,
  uint8,
  uint16,
  uint24,
  uint32,
  uint64,
  vector,
} from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectCovered } from "./cover.ts";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const decodeRefusal = expect.objectContaining({ kind: "peer", code: "decode_error", alert: 50 });
const encodeRefusal = expect.objectContaining({ kind: "caller", code: "out_of_range" });

interface Sample {
  readonly kind: number;
  readonly time: bigint;
  readonly fixed: Uint8Array;
  readonly name: Uint8Array;
  readonly numbers: readonly number[];
  readonly inner: { readonly a: number; readonly b: number };
  readonly tail: Uint8Array;
}

/** One structure with everything in it. */
const sample: Codec<Sample> = struct<Sample>("Sample", {
  kind: enumeration("Kind", 1, (code) => (code === 1 ? "one" : undefined)),
  time: uint64,
  fixed: opaque(3),
  name: opaqueVector(0, 0xffff),
  numbers: vector(uint32, 0, 400),
  inner: prefixed(struct<Sample["inner"]>("Inner", { a: uint16, b: uint24 }), 5, 5),
  tail: rest,
});

const samples: fc.Arbitrary<Sample> = fc.record({
  kind: fc.nat(0xff),
  time: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fixed: fc.uint8Array({ minLength: 3, maxLength: 3 }),
  name: fc.uint8Array({ maxLength: 300 }),
  numbers: fc.array(fc.nat(0xffff_ffff), { maxLength: 100 }),
  inner: fc.record({ a: fc.nat(0xffff), b: fc.nat(0xff_ffff) }),
  tail: fc.uint8Array(),
});

describe("a structure", () => {
  test("decodes to what was encoded", () => {
    fc.assert(
      fc.property(samples, (value) => {
        expect(decode(sample, encode(sample, value))).toEqual(value);
      }),
    );
  });

  test("encodes to what was decoded, whatever bytes it was decoded from", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (input) => {
        let value: Sample;
        try {
          value = decode(sample, input);
        } catch (error) {
          expect(error).toEqual(decodeRefusal);
          return;
        }
        expect(encode(sample, value)).toEqual(input);
      }),
      { numRuns: 2000 },
    );
  });

  test("cut anywhere before its open end is refused", () => {
    fc.assert(
      fc.property(samples, (value) => {
        const whole = encode(sample, { ...value, tail: new Uint8Array(0) });
        for (let length = 0; length < whole.length; length += 1) {
          expect(() => decode(sample, whole.subarray(0, length))).toThrow(decodeRefusal);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("is explained to the last byte, in the order of its fields", () => {
    fc.assert(
      fc.property(samples, (value) => {
        const whole = encode(sample, value);
        const explanation = explain(sample, whole);
        expectCovered(explanation, whole.length);
        expect(explanation.parts.map(({ name }) => name)).toEqual(Object.keys(value));
      }),
    );
  });

  test("is explained to the last byte though it can't be decoded", () => {
    fc.assert(
      fc.property(samples, fc.nat(), fc.nat(0xff), (value, at, byte) => {
        const input = encode(sample, { ...value, tail: new Uint8Array(0) });
        input[at % input.length] = byte;
        expectCovered(explain(sample, input), input.length);
        expectCovered(explain(sample, input.subarray(0, at % input.length)), at % input.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("numbers", () => {
  test.each([
    ["uint8", uint8, 0xfe, "fe"],
    ["uint16", uint16, 0xfedc, "fedc"],
    ["uint24", uint24, 0xfedcba, "fedcba"],
    ["uint32", uint32, 0xfedcba98, "fedcba98"],
  ])("%s is big-endian", (_name, codec, value, hex) => {
    expect(encode(codec, value)).toEqual(bytes(hex));
    expect(decode(codec, bytes(hex))).toBe(value);
    expect(() => encode(codec, 256 ** (hex.length / 2))).toThrow(encodeRefusal);
    for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => encode(codec, wrong)).toThrow(encodeRefusal);
    }
  });

  test("uint64 is exact", () => {
    expect(encode(uint64, 0xfedc_ba98_7654_3210n)).toEqual(bytes("fedcba9876543210"));
    expect(decode(uint64, bytes("ffffffffffffffff"))).toBe(2n ** 64n - 1n);
    expect(() => encode(uint64, 2n ** 64n)).toThrow(encodeRefusal);
    expect(() => encode(uint64, -1n)).toThrow(encodeRefusal);
  });
});

describe("an enumeration", () => {
  const colour = enumeration("Colour", 2, (code) => ["red", "green"][code]);

  test("passes values through that have no name", () => {
    expect(decode(colour, bytes("abcd"))).toBe(0xabcd);
    expect(encode(colour, 0xabcd)).toEqual(bytes("abcd"));
  });

  test("is explained by its name", () => {
    expect(explain(colour, bytes("0001")).meaning).toBe("green (0x0001)");
    expect(explain(colour, bytes("abcd")).meaning).toBe("unknown (0xabcd)");
  });
});

describe("a vector", () => {
  test.each([
    [0xff, 1],
    [0x100, 2],
    [0xffff, 2],
    [0x1_0000, 3],
  ])("of up to %i bytes has a length of %i bytes", (max, size) => {
    expect(encode(opaqueVector(0, max), Uint8Array.of(7))).toHaveLength(size + 1);
  });

  test("has its bounds checked both ways", () => {
    const bounded = opaqueVector(2, 4);
    expect(decode(bounded, bytes("020102"))).toEqual(bytes("0102"));
    for (const hex of ["0101", "050102030405"]) expect(() => decode(bounded, bytes(hex))).toThrow(decodeRefusal);
    for (const hex of ["01", "0102030405"]) expect(() => encode(bounded, bytes(hex))).toThrow(encodeRefusal);
  });

  test("ends where its length says, or is refused", () => {
    expect(() => decode(vector(uint16, 0, 10), bytes("03000100"))).toThrow(decodeRefusal);
    expect(() => decode(vector(uint16, 0, 10), bytes("0400010002ff"))).toThrow(decodeRefusal);
    expect(() => decode(vector(uint16, 0, 10), bytes("06000100"))).toThrow(decodeRefusal);
    expect(decode(vector(uint16, 0, 10), bytes("0400010002"))).toEqual([1, 2]);
  });

  test("an item that would reach beyond it is refused, though there are bytes", () => {
    const pair = struct<{ list: readonly Uint8Array[]; next: number }>("Pair", {
      list: vector(opaqueVector(0, 0xff), 0, 0xff),
      next: uint16,
    });
    expect(() => decode(pair, bytes("0203aabbcc"))).toThrow(decodeRefusal);
  });

  test("of fixed length takes no other", () => {
    expect(() => encode(opaque(2), bytes("01"))).toThrow(encodeRefusal);
    expect(() => decode(opaque(2), bytes("01"))).toThrow(decodeRefusal);
    expect(() => decode(opaque(2), bytes("010203"))).toThrow(decodeRefusal);
  });

  test("with one structure in it has nothing behind that", () => {
    const boxed = prefixed(uint16, 0, 0xff);
    expect(decode(boxed, bytes("020001"))).toBe(1);
    expect(() => decode(boxed, bytes("03000100"))).toThrow(decodeRefusal);
    expect(() => decode(boxed, bytes("0100"))).toThrow(decodeRefusal);
  });
});

describe("explanations", () => {
  test("give long strings by their beginning and length", () => {
    expect(explain(rest, new Uint8Array(33).fill(0xab)).meaning).toBe(`${"ab".repeat(32)}… (33 bytes)`);
    expect(explain(rest, new Uint8Array(32).fill(0xab)).meaning).toBe("ab".repeat(32));
  });

  test("give a mapped value its own meaning", () => {
    const name = mapped(opaqueVector(0, 0xff), { read: (b) => b, write: (b) => b, meaning: textMeaning });
    expect(explain(name, bytes("03610a62")).meaning).toBe('"a\\\\x0ab"');
    const pair = struct<{ first: Uint8Array; second: Uint8Array }>("Pair", { first: name, second: name });
    expect(explain(pair, bytes("01610162")).parts.map(({ meaning }) => meaning)).toEqual(['"a"', '"b"']);
  });

  test("of what can't be decoded say why, and keep what could be", () => {
    const pair = struct<{ first: number; second: number }>("Pair", { first: uint8, second: uint16 });
    const explanation = explain(pair, bytes("0702"));
    expect(explanation.meaning).toBe("2 bytes expected, 1 left");
    expect(explanation.parts[0]).toMatchObject({ name: "first", start: 0, end: 1, meaning: "7" });
    expect(explanation.parts.at(-1)).toMatchObject({
      name: "second",
      start: 1,
      end: 2,
      meaning: "2 bytes expected, 1 left",
    });
  });

  test("of what has bytes too many keep all that was decoded", () => {
    const explanation = explain(uint8, bytes("070809"));
    expect(explanation.meaning).toBe("2 bytes too many");
    expect(explanation.parts.map(({ name }) => name)).toEqual(["uint8", "undecoded"]);
    expectCovered(explanation, 3);
  });

  test("of nothing have nothing in them", () => {
    expect(explain(empty, new Uint8Array(0))).toMatchObject({ start: 0, end: 0 });
    expect(decode(empty, new Uint8Array(0))).toBeNull();
    expect(encode(empty, null)).toEqual(new Uint8Array(0));
  });
});

describe("what can't be decoded", () => {
  const shares = struct<{ version: number; shares: readonly { group: number; key: Uint8Array }[]; box: number }>(
    "Shares",
    {
      version: uint16,
      shares: vector(
        struct<{ group: number; key: Uint8Array }>("Share", { group: uint16, key: opaqueVector(1, 4) }),
        0,
        99,
      ),
      box: prefixed(uint16, 0, 9),
    },
  );

  test("is a TlsError", () => {
    expect(() => decode(uint8, new Uint8Array(0))).toThrow(TlsError);
    expect(() => decode(shares, new Uint8Array(0))).toThrow(decodeRefusal);
  });

  test.each([
    ["", "Shares.version: 2 bytes expected, 0 left"],
    ["0304", "Shares.shares.length: 1 bytes expected, 0 left"],
    ["0304 05 0001 01aa", "Shares.shares: 5 bytes expected, 4 left"],
    ["0304 05 0001 01aa 00 020001", "Shares.shares[1].group: 2 bytes expected, 1 left"],
    ["0304 03 0001 00 020001", "Shares.shares[0].key: 1 to 4 bytes expected, got 0"],
    ["0304 00 010000", "Shares.box: 2 bytes expected, 1 left"],
    ["0304 00 03000100", "Shares.box: 1 bytes too many"],
    ["0304 00 02000100", "Shares: 1 bytes too many"],
  ])("is told by its path: %s", (input, message) => {
    expect(() => decode(shares, bytes(input.replaceAll(" ", "")))).toThrow(message);
  });

  test("keeps the code, the alert and the cause of what refused it", () => {
    const cause = new TlsError("caller", "inner", "it");
    const refusing = mapped(uint8, {
      read: () => {
        throw new TlsError("peer", "odd", "nothing odd is taken", { alert: 47, cause });
      },
      write: () => 0,
    });
    const odd = struct<{ first: number }>("Odd", { first: refusing });
    expect(() => decode(odd, bytes("01"))).toThrow(
      expect.objectContaining({ kind: "peer", code: "odd", alert: 47, cause, message: "Odd: nothing odd is taken" }),
    );
    expect(() => decode(odd, bytes(""))).toThrow("Odd.first: 1 bytes expected, 0 left");
  });
});
