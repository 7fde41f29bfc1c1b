import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("a connection holds no more than a few times what a peer sent, however finely that was cut", () => {
  const script = fileURLToPath(new URL("./held-memory.ts", import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", script], { encoding: "utf8" });
  expect(stderr).toBe("");
  // 16 kB that once made it hold 3.7 MB, and 60 kB that made it hold 12.
  const held: unknown = JSON.parse(stdout);
  expect(held).toEqual({ partOfRecord: expect.any(Number), recordsOfOneByte: expect.any(Number) });
  const { partOfRecord, recordsOfOneByte } = held as Readonly<Record<string, number>>;
  expect(partOfRecord).toBeLessThan(16_000 * 10);
  expect(recordsOfOneByte).toBeLessThan(60_000 * 10);
});
