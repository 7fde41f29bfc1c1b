import { expect, test } from "vitest";
import { ratios, spread } from "../src/statistics.ts";

test("the spread of an odd number of samples has the middle one", () => {
  expect(spread([3, 100, 1])).toEqual({ median: 3, min: 1, max: 100 });
});

test("the spread of an even number has the mean of the middle two", () => {
  expect(spread([4, 1, 3, 100])).toEqual({ median: 3.5, min: 1, max: 100 });
});

test("samples are ordered as numbers", () => {
  expect(spread([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100 });
});

test("nothing has no spread", () => {
  expect(() => spread([])).toThrow(RangeError);
});

test("ratios are those of the same round, so that a slower machine drifts out of them", () => {
  expect(ratios([50, 25], [100, 50])).toEqual([0.5, 0.5]);
});
