import { describe, expect, it } from "vitest";
import { type Factors, pairwise } from "../src/pairwise.ts";

/** How many of the pairs of values of two factors are in no row. */
function missingPairs(factors: Factors, rows: readonly Readonly<Record<string, unknown>>[]): number {
  const names = Object.keys(factors);
  let missing = 0;
  for (const a of names) {
    for (const b of names) {
      if (a >= b) continue;
      for (const x of factors[a] ?? []) {
        for (const y of factors[b] ?? []) if (!rows.some((row) => row[a] === x && row[b] === y)) missing += 1;
      }
    }
  }
  return missing;
}

describe("pairwise", () => {
  const factors = {
    suite: ["a", "b", "c"],
    group: [1, 2, 3, 4, 5],
    certificate: ["p", "q", "r", "s", "t", "u", "v", "w", "x", "y"],
    provider: [true, false],
  };

  it("covers every pair of values of every two factors", () => {
    expect(missingPairs(factors, pairwise(factors))).toBe(0);
  });

  it("takes little more rows than the two largest factors need, of 300 combinations", () => {
    expect(pairwise(factors).length).toBeGreaterThanOrEqual(50);
    expect(pairwise(factors).length).toBeLessThanOrEqual(60);
  });

  it("has no row of values that can't go together, and misses none of the other pairs", () => {
    const goTogether = (row: { readonly suite?: unknown; readonly provider?: unknown }) =>
      !(row.suite === "c" && row.provider === false);
    const rows = pairwise(factors, goTogether);
    expect(rows.filter((row) => !goTogether(row))).toEqual([]);
    expect(missingPairs(factors, rows)).toBe(1);
  });

  it("says so if a factor is left without a value", () => {
    expect(() => pairwise(factors, ({ provider }) => provider === undefined)).toThrow(RangeError);
  });

  it("gives the same rows for the same factors", () => {
    expect(pairwise(factors)).toEqual(pairwise(factors));
  });

  it("needs each value of a factor that is alone with one other", () => {
    expect(pairwise({ a: [1, 2], b: [3] })).toEqual([
      { a: 1, b: 3 },
      { a: 2, b: 3 },
    ]);
  });

  it("knows when its check would find something missing", () => {
    expect(missingPairs(factors, pairwise(factors).slice(1))).toBeGreaterThan(0);
  });
});
