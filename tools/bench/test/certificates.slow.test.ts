import { expect, test } from "vitest";
import { measureCertificates } from "../src/certificates/measure.ts";
import { worstCases } from "../src/certificates/worst-cases.ts";

test.each(["P-256", "RSA"] as const)("every library does what it is measured at, with %s", async (keys) => {
  const figures = await measureCertificates(keys, 1, 1);
  expect(figures).toHaveLength(3);
  for (const { perSecond } of figures) {
    expect(Object.values(perSecond).every((rate) => rate > 0)).toBe(true);
    expect(Object.keys(perSecond)).toEqual(expect.arrayContaining(["@tlskit/x509 (node:crypto)", "@peculiar/x509"]));
  }
});

test("worst cases end with a verdict, or at the budget", () => {
  expect(worstCases().map(({ outcome }) => outcome.split(":")[0])).toEqual([
    "good",
    "budget_exhausted",
    "good",
    "good",
    "budget_exhausted",
  ]);
});
