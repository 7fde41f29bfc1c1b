import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "@tlskit/house/workspace";
import { expect, test } from "vitest";
import type { Report } from "../src/report.ts";

const bench = (...args: string[]): string =>
  execFileSync(process.execPath, [join(root, "tools/bench/src/index.ts"), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

test("a row is measured, each contender in turns, and JSON is all that is printed", () => {
  const report = JSON.parse(bench("--quick", "--json", "round-trips")) as Report;
  expect(report.quick).toBe(true);
  expect(report.machine.node).toBe(process.versions.node);
  expect(report.rows.map(({ name }) => name)).toEqual(["round-trips"]);
  const figures = report.rows[0]?.comparisons[0]?.figures ?? [];
  expect(figures.map(({ name }) => name)).toEqual(expect.arrayContaining(["node:tls", "node", "noble"]));
  for (const figure of figures) {
    if ("absent" in figure) expect(figure.absent).not.toBe("");
    else expect(figure.samples.every((sample) => sample > 0)).toBe(true);
  }
});

test("without --json tables are printed", () => {
  expect(bench("--quick", "noble-handshake")).toContain("the handshake");
});
