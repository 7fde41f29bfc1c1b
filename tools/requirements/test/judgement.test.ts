import { describe, expect, test } from "vitest";
import type { Evidence } from "../src/evidence.ts";
import { evidenceIn } from "../src/evidence.ts";
import { complaints } from "../src/judgement.ts";
import { page } from "../src/page.ts";
import {
  absent,
  both,
  byChoice,
  client,
  later,
  others,
  type Reason,
  type Register,
  repeated,
  type Section,
  section,
  untestable,
} from "../src/register.ts";

const register = (...entries: Section["entries"]): Register => ({
  rfc: 9999,
  title: "An Example",
  extent: "section 1",
  counted: "key words",
  keyWords: 1,
  sections: [section("1.1", "First", entries.length === 0 ? 0 : 1, entries)],
  contents: ["1", "1.1"],
});

const withReason = (reason?: Reason): Register => register(client("cat-fed", [1], "feeds the cat", reason));

const code = evidenceIn("packages/pet/src/cat.ts", "// RFC 9999 §1.1#cat-fed\nexport function feed() {}\n").evidence;
const proof = evidenceIn(
  "packages/pet/test/cat.test.ts",
  'test("the cat (RFC 9999 §1.1#cat-fed)", () => {});',
).evidence;

const about = (what: Register, ...evidence: readonly (readonly Evidence[])[]): string =>
  complaints(what, evidence.flat()).join("\n");

describe("a requirement", () => {
  test("with code and a test is all right", () => expect(about(withReason(), code, proof)).toBe(""));

  test.each([
    ["neither", [], "has neither code nor test nor reason"],
    ["code alone", [code], "has code, and no test"],
    ["a test alone", [proof], "has a test, and no code"],
  ])("with %s is a complaint", (_what, evidence, sentence) => {
    expect(about(withReason(), ...evidence)).toContain(sentence);
  });

  test.each<[string, Reason, (readonly Evidence[])[]]>([
    ["of a feature to come", later("tls12"), []],
    ["of a feature to come, a part of which is there", later("tls12"), [code]],
    ["that nothing here could break", absent("there are no cats"), []],
    ["that nothing here could break, as a test proves", absent("there are no cats"), [proof]],
    ["that no test could tell", untestable("cats lie"), [code]],
    ["that is left undone on purpose", byChoice("cats hunt"), []],
  ])("%s is all right", (_what, reason, evidence) => expect(about(withReason(reason), ...evidence)).toBe(""));

  test.each<[string, Reason, (readonly Evidence[])[], string]>([
    ["of a feature that has come", later("tls12"), [code, proof], "is held and proved"],
    ["that is left undone on purpose, and isn't", byChoice("cats hunt"), [code, proof], "is held and proved"],
    ["that no code is to hold, and some does", absent("there are no cats"), [code], "held by no code, and has some"],
    ["that is said to be untestable, and is tested", untestable("cats lie"), [code, proof], "and has a test"],
    ["that is said to be untestable, and isn't held", untestable("cats lie"), [], "no code"],
  ])("%s is a complaint", (_what, reason, evidence, sentence) => {
    expect(about(withReason(reason), ...evidence)).toContain(sentence);
  });
});

describe("a register", () => {
  test("accounts for each sentence, and for no other", () => {
    const sections = [section("1.1", "First", 3, [others([1, 5], "cats")])];
    expect(about({ ...register(), sections })).toBe(
      [
        "RFC 9999 §1.1: sentence 2 is in no entry",
        "RFC 9999 §1.1: sentence 3 is in no entry",
        "RFC 9999 §1.1: there is no sentence 5",
      ].join("\n"),
    );
  });

  test("refers to requirements that there are", () => {
    expect(about(register(repeated(1, "1.1#dog-fed")))).toContain("refers to 1.1#dog-fed, which there is not");
  });

  test("has no name twice in a section", () => {
    const twice = register(both("cat-fed", [1], "feeds the cat"), both("cat-fed", [1], "feeds the cat again"));
    expect(about(twice, code, proof)).toContain("§1.1#cat-fed is there twice");
  });

  test.each(["§1.1#cat-fet", "§1.2", "§2#cat-fed"])("is not cited by %s", (wrong) => {
    const { evidence } = evidenceIn("packages/pet/src/dog.ts", `// RFC 9999 ${wrong}\nexport const dog = 1;\n`);
    expect(about(withReason(), code, proof, evidence)).toBe(
      `RFC 9999 has no ${wrong}, which packages/pet/src/dog.ts:1 cites`,
    );
  });

  test("makes a page that links what holds and what proves", () => {
    const made = page([withReason()], [...code, ...proof]);
    expect(made).toContain(
      "| `cat-fed` | client | feeds the cat | [`pet: feed`](../packages/pet/src/cat.ts) | [the cat (RFC 9999 §1.1#cat-fed)](../packages/pet/test/cat.test.ts) |",
    );
    expect(made).toContain("| held by code and proved by tests | 1 |");
  });

  test("shows names as code, those of packages with a hyphen too", () => {
    const { evidence } = evidenceIn("packages/pet-shop/src/cat.ts", "// RFC 9999 §1.1#cat-fed\nexport class Cat {}\n");
    expect(page([withReason()], evidence)).toContain("[`pet-shop: Cat`](../packages/pet-shop/src/cat.ts)");
  });

  test("says on its page why something is left undone, and what was counted", () => {
    const made = page([withReason(byChoice("cats hunt"))], []);
    expect(made).toContain("feeds the cat | *by choice not: cats hunt* |");
    expect(made).toContain("| left undone by choice | 1 |");
    expect(made).toContain("The text of section 1 has 1 key words in 1 sentences.");
  });
});
