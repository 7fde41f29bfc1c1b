import { expect, test } from "vitest";
import { lines, outcome, type StrykerReport } from "../src/report.ts";

const source = "if (a < b) {\n  check(a);\n}\n";
const place = (line: number, from: number, to: number) => ({
  start: { line, column: from },
  end: { line, column: to },
});

const report: StrykerReport = {
  files: {
    "src/a.ts": {
      source,
      mutants: [
        { mutatorName: "EqualityOperator", replacement: "a <= b", status: "Survived", location: place(1, 5, 10) },
        { mutatorName: "StatementRemoval", replacement: "{}", status: "NoCoverage", location: place(2, 3, 12) },
        { mutatorName: "ConditionalExpression", replacement: "true", status: "Killed", location: place(1, 5, 10) },
        { mutatorName: "ConditionalExpression", replacement: "false", status: "Timeout", location: place(1, 5, 10) },
        { mutatorName: "StringLiteral", replacement: '""', status: "Ignored", location: place(1, 5, 10) },
      ],
    },
  },
};

test("what survived is told with its line and the change", () => {
  expect(lines(outcome(report, []))).toEqual([
    "src/a.ts:1  EqualityOperator",
    "    if (a < b) {",
    "    a < b → a <= b",
    "src/a.ts:2  StatementRemoval, which no test comes by",
    "    check(a);",
    "    check(a); → {}",
    "killed 2 of 4 (50.0 %); without the 0 equivalent ones 2 of 4 (50.0 %)",
  ]);
});

test("what is known to be equivalent is counted apart; what is on the list and was killed is told", () => {
  const known = { file: "src/a.ts", line: "check(a);", changes: ["check(a); → {}"], why: "…" };
  const stale = { file: "src/a.ts", line: "if (a < b) {", changes: ["a < b → true"], why: "…" };
  const elsewhere = { file: "src/b.ts", line: "", changes: [" → "], why: "…" };
  const { killed, survivors, equivalent, stale: found } = outcome(report, [known, stale, elsewhere]);
  expect([killed, survivors.length, equivalent.length]).toEqual([2, 1, 1]);
  expect(found).toEqual([stale]);
});
