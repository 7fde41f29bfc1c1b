import { expect, test } from "vitest";
import { soakBackPressure } from "../src/back-pressure/back-pressure.ts";
import { implementationNames } from "../src/implementations.ts";

/** Of what `pnpm soak` does for longer. */
const seconds = 2;

test.concurrent.for(implementationNames)("fast writers wait for slow readers, of %s", async (implementation) => {
  const report = await soakBackPressure(implementation, seconds);
  expect(report.failures).toEqual([]);
});
