import { expect, test } from "vitest";
import { positiveNumber, wholeNumber } from "../../src/scan/numbers.ts";

const from1to8 = { least: 1, most: 8 };

test.each([
  ["1", 1],
  ["8", 8],
  [undefined, undefined],
])("a whole number: %s", (text, number) => {
  expect(wholeNumber("--connections", text, from1to8)).toBe(number);
});

test.each(["0", "9", "1.5", "-1", "", "many", "1e1", " 1"])("no whole number from 1 to 8: %j", (text) => {
  expect(() => wholeNumber("--connections", text, from1to8)).toThrow(
    `--connections takes a whole number from 1 to 8: ${JSON.stringify(text)}`,
  );
});

test.each([
  ["0.5", 0.5],
  ["100", 100],
  [undefined, undefined],
])("a number: %s", (text, number) => {
  expect(positiveNumber("--rate", text, 100)).toBe(number);
});

test.each(["0", "0.0", "100.1", "-1", "", "fast", ".5", "1e1"])("no number above 0, up to 100: %j", (text) => {
  expect(() => positiveNumber("--rate", text, 100)).toThrow(`--rate takes a number above 0, up to 100`);
});
