import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { equivalents } from "../src/equivalents.ts";

describe("a mutant that no test can notice", () => {
  it.each(equivalents.map(({ file, line }) => [file, line]))("is a change of a line that %s has: %s", (file, line) => {
    const source = readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");

    expect(source.split("\n").map((text) => text.trim())).toContain(line);
  });
});
