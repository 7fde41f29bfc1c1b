import { defineConfig } from "vitest/config";

const tests = "{packages,tools}/*/test/**/*.test.ts";
/** Slow, or dependent on the machine: real sockets, other programs. */
const slow = ["{packages,tools}/*/test/**/*.slow.test.ts", "tools/{interop,programs}/test/**/*.test.ts"];

/** Holds a program to its limits of time while it is attacked: other tests beside it would be attackers too. */
const soak = ["tools/soak/test/**/*.slow.test.ts"];

/** Before tests that start programs. */
const globalSetup = "tools/house/src/compile-cache.ts";

export default defineConfig({
  test: {
    pool: "threads", // quicker to start than processes, and no test changes its process
    maxWorkers: "100%", // one core is left to vitest otherwise, which leaves it idle
    projects: [
      { extends: true, test: { name: "unit", include: [tests], exclude: slow, testTimeout: 30_000 } },
      {
        extends: true,
        test: { name: "slow", include: slow, exclude: soak, globalSetup, testTimeout: 120_000, hookTimeout: 120_000 },
      },
      { extends: true, test: { name: "soak", include: soak, globalSetup, maxWorkers: 1, testTimeout: 300_000 } },
    ],
  },
});
