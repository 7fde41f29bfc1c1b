import { expect, test } from "vitest";
import { commandLine, usage } from "../src/command-line.ts";
import { rows } from "../src/rows.ts";

const known = ["bulk", "cpu", "handshakes"];
const asked = (...args: string[]) => commandLine(args, known);
const plain = { output: "text", effort: "thorough", profiles: undefined };

test("unless told otherwise all rows are measured", () => {
  expect(asked()).toEqual({ rows: known, ...plain });
});

test("rows are measured in their own order, each once", () => {
  expect(asked("handshakes", "bulk", "bulk")).toEqual({ rows: ["bulk", "handshakes"], ...plain });
});

test("options may stand anywhere, also behind the dashes that pnpm hands on", () => {
  expect(asked("--quick", "cpu", "--", "--json", "--profiles", "here")).toEqual({
    rows: ["cpu"],
    output: "json",
    effort: "quick",
    profiles: "here",
  });
});

test("--write measures thoroughly", () => {
  expect(asked("--write")).toEqual({ rows: known, ...plain, output: "document" });
  expect(asked("--write", "bulk")).toEqual({ rows: ["bulk"], ...plain, output: "document" });
  for (const more of ["--quick", "--json"]) expect(asked("--write", more)).toHaveProperty("wrong");
});

test("the document can be made anew", () => {
  expect(asked("document")).toEqual({ document: true });
});

test.each([["nothing-like-it"], ["--unknown"], ["--profiles"], ["document", "bulk"]])("%s %s is wrong", (...args) => {
  expect(asked(...args)).toHaveProperty("wrong");
});

test("the help names every row", () => {
  const help = usage(rows);
  for (const name of Object.keys(rows)) expect(help).toContain(`\n  ${name} `);
});
