import { describe, expect, test } from "vitest";
import { citationsIn, citedAs } from "../src/citation.ts";
import { evidenceIn } from "../src/evidence.ts";

const cited = (text: string): string[] =>
  citationsIn(text).citations.map((citation) => `${citation.rfc} ${citedAs(citation)}`);

describe("a citation", () => {
  test.each([
    ["// RFC 9846 §4.2.4: a second one", ["9846 4.2.4"]],
    ["// RFC 9846 §4.2.4#second: a second one", ["9846 4.2.4#second"]],
    ["(RFC 9846 §5.1#a, §5.2#b-c).", ["9846 5.1#a", "9846 5.2#b-c"]],
    ["RFC 9846 §5.2 and §5.4#x, and RFC 5280 §6.1.4 (k)", ["9846 5.2", "9846 5.4#x", "5280 6.1.4"]],
    ["RFC 7748 §6.1, RFC 9846 §7.4.2#all-zero", ["7748 6.1", "9846 7.4.2#all-zero"]],
    ["RFC 9846 §E.4, and §5.1.", ["9846 E.4", "9846 5.1"]],
    ["RFC 9846 says so in §4", []],
  ])("is read out of %s", (text, expected) => expect(cited(text)).toEqual(expected));

  test.each(["see §4.2.4#second", "RFC 9846 (§4.2.4#second)", "RFC 9846 §4.2.4#Second", "RFC 9846 §4.2.4#"])(
    "that names a requirement and isn't one is stray: %s",
    (text) => expect(citationsIn(text).stray).toHaveLength(1),
  );
});

describe("what a citation stands in", () => {
  const label = (file: string, text: string): string[] => evidenceIn(file, text).evidence.map((each) => each.label);
  const cite = "// RFC 9846 §4#x";

  test.each([
    ["the function around it", `function f() {\n${cite}\n}\nfunction g() {}`, "f"],
    ["the function behind it", `const a = 1;\n${cite}\nexport function g() {}`, "g"],
    ["the constant behind it", `${cite}\nexport const table: number[] = [];`, "table"],
    ["a class's method", `export class C {\n#a = 1;\n${cite}\n#m() {}\n}`, "C.#m"],
    ["the class behind it", `${cite}\nexport class C { m() {} }`, "C"],
  ])("is %s", (_what, text, expected) => expect(label("packages/p/src/a.ts", text)).toEqual([expected]));

  test.each([
    ["the test around it", `describe("d", () => { it("a", () => {\n${cite}\n}); });`, "d: a"],
    ["the test behind it", `describe("d", () => { it("a", f);\n${cite}\nit.each([1])("b %i", f); });`, "d: b %i"],
    ["the suite around it, behind its last test", `describe("d", () => { it("a", f);\n${cite}\n});`, "d"],
    ["the case of a table", `const cases = [\n${cite}\n{ name: "c", run() {} }];`, "c"],
    ["a helper", `function help() {\n${cite}\n}`, "help"],
  ])("is %s", (_what, text, expected) => expect(label("packages/p/test/a.test.ts", text)).toEqual([expected]));
});
