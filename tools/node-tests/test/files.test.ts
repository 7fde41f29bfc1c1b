import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explanations } from "../src/explanations.ts";
import { files } from "../src/files.ts";
import { environmentOf, flagsOf } from "../src/flags.ts";
import { failures, pages, readResults } from "../src/page.ts";
import { reasons } from "../src/reasons.ts";

describe("the list of Node's tests", () => {
  it("has each file once, in order", () => {
    const source = readFileSync(new URL("../src/files.ts", import.meta.url), "utf8");
    const names = [...source.matchAll(/^ {2}"(test-[^"]*)":/gm)].map(([, name]) => name);
    expect(names).toEqual([...new Set(names)].toSorted());
    expect(names).toEqual(Object.keys(files));
    for (const name of names) expect(name).toMatch(/^test-(?:tls|https)-.+\.m?js$/);
  });

  it("gives every file that doesn't apply a reason that is known, and every reason a file", () => {
    const given = Object.values(files).flatMap((standing) => (standing === "applies" ? [] : [standing]));
    for (const { because } of given) expect(because).not.toBe("");
    expect(new Set(given.map(({ reason }) => reason))).toEqual(new Set(Object.keys(reasons)));
  });

  it("explains exactly the files that apply and don't pass", () => {
    expect(Object.keys(explanations)).toEqual(failures(readResults()));
    for (const explanation of Object.values(explanations)) expect(explanation).toMatch(/\.$/);
  });

  it("has its figures in docs/node-tls.md (`pnpm node-tests document`)", () => {
    const { asItIs, asItShouldBe } = pages();
    expect(asItIs).toBe(asItShouldBe);
  });
});

describe("what a test names in its comments", () => {
  it("is its flags", () => {
    expect(flagsOf("'use strict';\n// Flags: --expose-gc --no-warnings\n")).toEqual(["--expose-gc", "--no-warnings"]);
    expect(flagsOf("// No flags\n")).toEqual([]);
  });

  it("is its environment", () => {
    expect(environmentOf("// Env: A=1 B=x=y\n")).toEqual({ A: "1", B: "x=y" });
    expect(environmentOf("// Flags: --a=b\n")).toEqual({});
  });
});
