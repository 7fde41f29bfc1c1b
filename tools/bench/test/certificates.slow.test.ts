import { describe, expect, test } from "vitest";
import { type Comparison, quick } from "../src/row.ts";
import { certificates } from "../src/rows/certificates.ts";
import { worstCases } from "../src/rows/worst-cases.ts";

/** What each contender gives, or why it gives nothing. */
async function once({ contenders }: Comparison): Promise<Map<string, number | string>> {
  const results = new Map<string, number | string>();
  for (const { name, prepare } of contenders) {
    const measure = await prepare({ ...quick, milliseconds: 1 });
    results.set(name, typeof measure === "function" ? await measure() : measure.absent);
  }
  return results;
}

describe.each(certificates.comparisons.map((comparison) => [comparison.what, comparison] as const))(
  "%s",
  (_, comparison) => {
    test("every library does it, or says that it doesn't", async () => {
      const results = await once(comparison);
      expect(results.get("@tlskit/x509 (node)")).toBeGreaterThan(0);
      expect(results.get("@peculiar/x509")).toBeGreaterThan(0);
      for (const result of results.values())
        expect(result).toEqual(typeof result === "number" ? expect.any(Number) : expect.stringContaining("it "));
    });
  },
);

test.each(worstCases.comparisons)("worst cases end as their names say", async (comparison) => {
  for (const result of (await once(comparison)).values()) expect(result).toBeGreaterThan(0);
});
