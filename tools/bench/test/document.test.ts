import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "@tlskit/house/workspace";
import { expect, test } from "vitest";
import { documentPaths, merged, withFigures } from "../src/document.ts";
import { plot } from "../src/plot.ts";
import type { Report } from "../src/report.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const report = JSON.parse(read(documentPaths.figures)) as Report;

test("the page shows the figures that are kept, and `pnpm bench document` would change nothing", () => {
  expect(withFigures(read(documentPaths.page), report)).toBe(read(documentPaths.page));
});

test("so does the plot", () => {
  expect(plot(report)).toBe(read(documentPaths.plot));
});

test("they were measured thoroughly", () => {
  expect(report.quick).toBe(false);
});

test("rows that are measured anew take the place of what there was, in the order of all rows", () => {
  const row = (name: string, load: number) => ({ name, about: "", date: "", load, comparisons: [] });
  const of = (...rows: ReturnType<typeof row>[]): Report => ({ ...report, rows });
  const all = merged(of(row("a", 1), row("c", 1), row("gone", 1)), of(row("b", 2), row("c", 2)), ["a", "b", "c"]);
  expect(all.rows.map(({ name, load }) => [name, load])).toEqual([
    ["a", 1],
    ["b", 2],
    ["c", 2],
  ]);
});

test("figures of two machines aren't mixed", () => {
  const other = { ...report, machine: { ...report.machine, cpu: "another" } };
  expect(() => merged(other, report, [])).toThrow("another machine");
});

test("a page without its marks isn't written to", () => {
  expect(() => withFigures("# Performance\n", report)).toThrow("marks");
});
