import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Case } from "../src/input.ts";
import { readMeasurements } from "../src/measurements.ts";
import { ourVerdict } from "../src/ours.ts";
import { pageOf, pagePath } from "../src/page.ts";

const measurements = readMeasurements();
const { cases, defaults } = measurements;

describe("our own verdict is the one that is written down", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", (_, { input, ours }) => {
    expect(ourVerdict(input, defaults)).toBe(ours);
  });

  test("what is as it should be is taken", () => {
    expect(ourVerdict({ kind: "chain" }, defaults)).toBe("taken");
    expect(ourVerdict({ kind: "chain", ca: defaults.ca }, defaults)).toBe("taken");
  });
});

/** Those of the others that say something else. */
const others = ({ ours, verdicts: { opensslStrict: _, ...plain } }: Case): readonly string[] =>
  Object.values(plain).filter((verdict) => verdict !== ours);

test("a refusal has a reason, and so has what most of the others refuse", () => {
  for (const one of cases) {
    const differs = others(one).length > 1;
    if (one.ours === "refused" || differs) expect(one.reason, one.name).toMatch(/\S/);
  }
});

test("each case has a name of its own", () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});

test("docs/x509-refusals.md is as it is written; `node tools/x509-readers/src/write-page.ts` writes it", () => {
  expect(readFileSync(pagePath, "utf8")).toBe(pageOf(measurements));
});
