import { expect, test } from "vitest";
import { cipherList } from "../src/cipher-list.ts";
import { Unimplemented } from "../src/flags.ts";

const names = (list: string): readonly string[] => cipherList(list).map(({ name }) => name);

test("all suites but those that have to be asked for", () => {
  expect(names("ALL")).toContain("TLS_RSA_WITH_AES_128_CBC_SHA");
  expect(names("ALL").filter((name) => name.includes("3DES"))).toEqual([]);
});

test("suites by name, in the list's order, each once", () => {
  const [first, second] = ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"];
  expect(names(`${first}:[${second}|${first}]`)).toEqual([first, second]);
});

test("kinds of suites, and without some", () => {
  expect(names("DEFAULT:!AES").every((name) => name.includes("CHACHA20"))).toBe(true);
  expect(names("AES128").every((name) => name.includes("AES_128"))).toBe(true);
});

test("what isn't known is not implemented", () => {
  expect(() => cipherList("ALL:KEA")).toThrow(Unimplemented);
});
