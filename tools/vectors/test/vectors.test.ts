import { expect, test } from "vitest";
import { describeVectors } from "../src/index.ts";

interface Section {
  readonly section: number;
  readonly steps: readonly unknown[];
}

describeVectors<Section>("RFC 8448", "rfc8448/section-3-simple-1rtt.json", (vectors) => {
  test("a file is read in place", () => {
    expect(vectors.steps.length).toBeGreaterThan(0);
  });
});
