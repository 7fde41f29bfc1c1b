import { describe, expect, test } from "vitest";
import { figures, reached } from "../src/report.ts";

describe("figures", () => {
  test("the baseline has no ratio, the others have theirs with its spread, and their goal", () => {
    const contenders = [
      { name: "node:tls", samples: [100, 200, 100] },
      { name: "node", goal: { atLeast: 0.7 }, samples: [50, 160, 90] },
    ];
    expect(figures(contenders, "node:tls")).toEqual([
      { name: "node:tls", median: 100, min: 100, max: 200, samples: [100, 200, 100] },
      {
        name: "node",
        median: 90,
        min: 50,
        max: 160,
        samples: [50, 160, 90],
        ratio: { median: 0.8, min: 0.5, max: 0.9 },
        goal: { atLeast: 0.7 },
      },
    ]);
  });

  test("who is absent says why, and keeps the goal", () => {
    const contenders = [
      { name: "node:tls", samples: [1] },
      { name: "openssl", goal: { atLeast: 1 }, absent: "there is no libcrypto" },
    ];
    expect(figures(contenders, "node:tls")[1]).toEqual({
      name: "openssl",
      absent: "there is no libcrypto",
      goal: { atLeast: 1 },
    });
  });

  test("without a baseline that was measured there are no ratios", () => {
    const contenders = [
      { name: "node:tls", absent: "it isn't there" },
      { name: "node", samples: [1] },
    ];
    for (const baseline of ["node:tls", undefined]) {
      expect(figures(contenders, baseline)[1]).not.toHaveProperty("ratio");
    }
  });

  test("nothing is a multiple of nothing: what JSON couldn't say is left out", () => {
    const contenders = [
      { name: "node:tls", samples: [0, 1] },
      { name: "node", samples: [0, 1] },
    ];
    expect(figures(contenders, "node:tls")[1]).not.toHaveProperty("ratio");
  });

  test("figures have four digits", () => {
    expect(figures([{ name: "node", samples: [1234567, 0.123456] }], undefined)).toEqual([
      { name: "node", median: 617_300, min: 0.1235, max: 1_235_000, samples: [1_235_000, 0.1235] },
    ]);
  });
});

test.each([
  [{ atLeast: 0.9 }, 0.9, true],
  [{ atLeast: 0.9 }, 0.89, false],
  [{ atMost: 1.1 }, 1.1, true],
  [{ atMost: 1.1 }, 1.11, false],
] as const)("%o is reached by %d: %s", (goal, median, expected) => {
  expect(reached(goal, { median, min: 0, max: 9 })).toBe(expected);
});
