import { expect, test } from "vitest";
import { soak } from "../src/soak.ts";

test("tlskit stands being attacked for ten seconds", async () => {
  const report = await soak({ seconds: 10, timeout: 4, seed: 1 });
  expect(report.failures).toEqual([]);
  for (const [name, count] of Object.entries(report.connections)) expect(count, name).toBeGreaterThan(0);
});
