import {
  aBoolean,
  aFunction,
  anyOf,
  aString,
  bytes,
  check,
  checkArguments,
  checkOptions,
  type Expectation,
  instanceOf,
  listOf,
  objectWith,
  once,
  optional,
} from "@tlskit/wire/arguments";
import { describe, expect, it } from "vitest";

class Anchors {}
const copy = { Anchors: class Anchors {} };
const key = objectWith("a key", { sign: aFunction });

describe("an argument", () => {
  it.each<[Expectation, unknown]>([
    [bytes, new Uint8Array(1)],
    [bytes, Buffer.alloc(1)],
    [listOf(aString), []],
    [listOf(aString), ["a"]],
    [optional(aString), undefined],
    [key, { sign: () => undefined, more: 1 }],
    [instanceOf(Anchors, "here"), new Anchors()],
    [anyOf("a text or a key", aString, key), "a"],
  ])("can be what is expected", (expected, value) => {
    expect(() => check(value, "it", expected)).not.toThrow();
  });

  it.each<[Expectation, unknown, string]>([
    [aBoolean, 1, "it is a number, not a boolean"],
    [bytes, [1, 2], "it is an array, not a Uint8Array"],
    [bytes, new ArrayBuffer(1), "it is an ArrayBuffer, not a Uint8Array"],
    [bytes, new Uint16Array(1), "it is a Uint16Array, not a Uint8Array"],
    [bytes, new DataView(new ArrayBuffer(1)), "it is a DataView, not a Uint8Array"],
    [aString, undefined, "it is undefined, not a string"],
    [aString, null, "it is null, not a string"],
    [aString, Object.create(null), "it is an object, not a string"],
    [optional(aString), null, "it is null, not a string"],
    [listOf(aString), "a", "it is a string, not an array"],
    [listOf(aString), ["a", 1], "it[1] is a number, not a string"],
    [key, undefined, "it is undefined, not a key"],
    [key, {}, "it is not a key: it.sign is undefined, not a function"],
    [instanceOf(Anchors, "here"), [], "it is an array, not a Anchors of here"],
    [
      instanceOf(Anchors, "here"),
      new copy.Anchors(),
      "it is made by another copy of here: there may be only one in a program (npm ls here)",
    ],
    [anyOf("a text or a key", aString, key), 1, "it is a number, not a text or a key"],
  ])("that isn't is an error that names it", (expected, value, message) => {
    expect(() => check(value, "it", expected)).toThrow(
      expect.objectContaining({ name: "TlsError", kind: "caller", code: "invalid_argument", message }),
    );
  });

  it("is never shown", () => {
    expect(() => check("secret", "it", bytes)).not.toThrow("secret");
    expect(() => check({ secret: 1 }, "it", key)).not.toThrow("secret");
  });
});

describe("what is expected once of an object", () => {
  it("isn't asked again once it held, and is asked until then", () => {
    let asked = 0;
    const counting = (): string | undefined => {
      asked += 1;
      return asked === 1 ? "it is not ready" : undefined;
    };
    const expected = once(counting);
    const value = {};
    expect([expected(value, "it"), expected(value, "it"), expected(value, "it")]).toEqual([
      "it is not ready",
      undefined,
      undefined,
    ]);
    expect(asked).toBe(2);
    expected({}, "it");
    expect(asked).toBe(3);
    for (const primitive of ["a", "a", undefined]) expected(primitive, "it");
    expect(asked).toBe(6);
  });
});

describe("a list of arguments", () => {
  it("is checked one by one, the inherited ones too", () => {
    checkArguments({ name: "a" }, { name: aString });
    expect(() => checkArguments(Object.create({ name: 1 }) as { name: string }, { name: aString })).toThrow(
      "name is a number",
    );
  });
});

describe("options", () => {
  const expected = { name: aString, loud: optional(aBoolean) };

  it("may leave out what is optional", () => {
    expect(() => checkOptions<{ name: string; loud?: boolean }>("Options", { name: "a" }, expected)).not.toThrow();
  });

  it("have no others", () => {
    const misspelt: { name: string; loud?: boolean } = { name: "a", ...{ lowd: true } };
    expect(() => checkOptions("Options", misspelt, expected)).toThrow(
      expect.objectContaining({ kind: "caller", code: "unknown_option", message: 'Options has no option "lowd"' }),
    );
  });

  it("may have others that say nothing", () => {
    expect(() =>
      checkOptions<{ name: string }>("Options", { name: "a", ...{ lowd: undefined } }, { name: aString }),
    ).not.toThrow();
  });

  it.each([undefined, null, 1, "a"])("are an object", (given) => {
    const options: object = given as unknown as object; // as a caller in JavaScript may
    expect(() => checkOptions("Options", options, {})).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });
});
