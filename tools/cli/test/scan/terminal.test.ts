import { expect, test } from "vitest";
import { layoutFor, type ReportStream } from "../../src/scan/terminal.ts";

function terminal(columns: number): ReportStream {
  return { isTTY: true, columns, hasColors: ({ NO_COLOR }) => NO_COLOR === undefined };
}

test("a terminal with colors gets them", () => {
  expect(layoutFor(terminal(80), false, {})).toEqual({ colours: true, width: 80 });
});

test("--no-color takes them away, and so does NO_COLOR", () => {
  expect(layoutFor(terminal(80), true, {})).toMatchObject({ colours: false });
  expect(layoutFor(terminal(80), false, { NO_COLOR: "1" })).toMatchObject({ colours: false });
});

test.each([
  [20, 60],
  [60, 60],
  [100, 100],
  [250, 100],
])("of %d columns %d are used", (columns, width) => {
  expect(layoutFor(terminal(columns), false, {})).toMatchObject({ width });
});

test("a file gets neither", () => {
  expect(layoutFor({ columns: 200, hasColors: () => true }, false, {})).toEqual({});
});
