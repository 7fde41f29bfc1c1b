import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

// A name and a number, as `undici` 8.13.1.
const told = [...read("../../../docs/programs.md").matchAll(/`([\w@/-]+)` (\d+\.\d+\.\d+)/g)];

test("docs/programs.md tells the versions that are tested", () => {
  const { devDependencies } = JSON.parse(read("../package.json"));
  expect(told.length).toBeGreaterThan(0);
  for (const [, name = "", version] of told) expect([name, version]).toEqual([name, devDependencies[name]]);
});
