import { expect, test } from "vitest";
import { rows } from "../src/rows.ts";

const comparisons = Object.entries(rows).flatMap(([row, { comparisons }]) =>
  comparisons.map((comparison) => [row, comparison.what, comparison] as const),
);

test.each(comparisons)("%s, %s: contenders have names of their own", (_row, _what, { contenders }) => {
  const names = contenders.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
});

test.each(Object.keys(rows))("%s: comparisons say what of them is which", (row) => {
  const all = rows[row]?.comparisons.map(({ what }) => what) ?? [];
  expect(all).toEqual([...new Set(all)]);
});

test.each(comparisons)("%s, %s: the first contender is the measure, and has no goal", (_row, _what, { contenders }) => {
  expect(contenders[0].goal).toBeUndefined();
});
