import { expect, test } from "vitest";
import { soak } from "../src/cli/soak.ts";

test("tlskit stands being attacked for ten seconds", async () => {
  // Whatever else the machine does: that it ends is what counts here, not when.
  const report = await soak({ seconds: 10, timeout: 8, slack: 5, seed: 1 });
  expect(report.failures).toEqual([]);
  for (const [name, count] of Object.entries(report.connections)) expect(count, name).toBeGreaterThan(0);
});
