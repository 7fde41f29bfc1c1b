import { defineConfig } from "vitest/config";

const tests = "{packages,tools}/*/test/**/*.test.ts";
/** Slow, or dependent on the machine: real sockets, other programs. */
const slow = ["{packages,tools}/*/test/**/*.slow.test.ts", "tools/{interop,programs}/test/**/*.test.ts"];

/** Holds a program to its limits of time while it is attacked: other tests beside it would be attackers too. */
const soak = ["tools/soak/test/**/*.slow.test.ts"];

export default defineConfig({
  test: {
    pool: "threads", // quicker to start than processes, and no test changes its process
    projects: [
      { extends: true, test: { name: "unit", include: [tests], exclude: slow, testTimeout: 30_000 } },
      {
        extends: true,
        test: { name: "slow", include: slow, exclude: soak, testTimeout: 120_000, hookTimeout: 120_000 },
      },
      { extends: true, test: { name: "soak", include: soak, testTimeout: 300_000 } },
    ],
  },
});
