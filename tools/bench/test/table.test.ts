import { expect, test } from "vitest";
import type { Compared, Report } from "../src/report.ts";
import { markdownTables, textTable } from "../src/table.ts";

const compared: Compared = {
  what: "over loopback",
  unit: "MB/s",
  figures: [
    { name: "node:tls", median: 1234.5, min: 1000, max: 2000, samples: [1234.5, 1000, 2000] },
    {
      name: "node",
      median: 61.7,
      min: 40,
      max: 70,
      samples: [61.7, 40, 70],
      ratio: { median: 0.05, min: 0.04, max: 0.0649 },
      goal: { atLeast: 0.4 },
    },
    { name: "openssl", absent: "there is no libcrypto", goal: { atLeast: 0.85 } },
  ],
};

const report: Report = {
  quick: false,
  machine: { cpu: "a CPU", cores: 2, memory: 8, system: "Linux", node: "26.0.0", openssl: "3.5.0" },
  rows: [
    {
      name: "bulk",
      about: "Much data.",
      date: "2030-01-01T12:34:56.000Z",
      commit: "0123456789",
      load: 1.5,
      comparisons: [compared],
    },
  ],
};

test("as text, columns are aligned", () => {
  expect(textTable("bulk", compared)).toBe(
    [
      "bulk: over loopback",
      "               figure  ratio  from    to       goal",
      "  node:tls  1235 MB/s",
      "  node      61.7 MB/s   0.05  0.04  0.06  ≥ 0.4: no",
      "  openssl   absent: there is no libcrypto",
    ].join("\n"),
  );
});

test("figures that stand each for itself have their range", () => {
  const figures = [{ name: "noble", median: 20.25, min: 12, max: 130.4, samples: [12, 20.25, 130.4] }];
  expect(textTable("page", { what: "connecting", unit: "ms", figures })).toContain("20.3 ms (12.0 to 130)");
});

test("as Markdown, a row has one table, and each line as many cells", () => {
  expect(markdownTables(report)).toBe(
    [
      "### `bulk`",
      "",
      "Much data.",
      "",
      "|  |  | figure | ratio | from | to | goal |",
      "| --- | --- | ---: | ---: | ---: | ---: | --- |",
      "| over loopback | node:tls | 1235 MB/s |  |  |  |  |",
      "|  | node | 61.7 MB/s | 0.05 | 0.04 | 0.06 | ≥ 0.4: no |",
      "|  | openssl | absent: there is no libcrypto |  |  |  |  |",
      "",
      "Begun 2030-01-01 12:34 UTC, commit 0123456789, with 1.5 processes at work.",
    ].join("\n"),
  );
});
