import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";
import { globalNames, instrument } from "../src/instrument.ts";

/** Runs JavaScript that returns a value, as it is and instrumented; the value, and how often each place was reached. */
function both(code: string): {
  readonly value: unknown;
  readonly counters: number[];
  readonly steps: number;
  readonly sizes: unknown[];
  readonly compared: unknown[];
} {
  const sizes: unknown[] = [];
  const compared: unknown[] = [];
  let steps = 0;
  let probes = 0;
  const program = instrument("code.js", `function code() { ${code} }`, () => probes++);
  const counters = Array.from({ length: probes }, () => 0);
  const names = Object.values(globalNames);
  const instrumented = new Function(...names, `${program}; return code();`);
  const value: unknown = instrumented(
    counters,
    () => {
      steps += 1;
    },
    (size: unknown) => {
      sizes.push(size);
      return size;
    },
    (a: unknown, b: unknown) => {
      compared.push([a, b]);
      return a === b;
    },
  );
  expect(value).toEqual(new Function(code)());
  return { value, counters, steps, sizes, compared };
}

describe("instrumented code does the same, and", () => {
  test.each([
    ["a branch that is taken", "if (1 < 2) return 1; return 2;", [1, 1, 0]],
    ["a branch that is not", "if (1 > 2) return 1; return 2;", [1, 0, 1]],
    ["branches in a row", "if (0) return 1; else if (1) { return 2 } else return 3;", [1, 0, 1, 1, 0]],
    ["conditional expressions", "return 1 ? 2 ? 3 : 4 : 5;", [1, 1, 1, 0, 0]],
    ["what comes behind && and ??", "return (0 && f()) || (null ?? 7);", [1, 0, 1, 1]],
    ["cases", "switch (2) { case 1: return 1; case 2: case 3: return 5; default: return 9; }", [1, 0, 1, 0]],
    ["turns of loops", "let n = 0; for (const i of [1, 2, 3]) n += i; while (n > 3) n--; return n;", [1, 3, 3]],
    ["functions", "const f = (x) => ({ x }); return f(f(1));", [1, 2]],
    ["what is caught", "try { null.x } catch { return 1 } finally { }", [1, 1, 1, 1]],
  ])("counts %s", (_what, code, counters) => {
    expect(both(code).counters).toEqual(counters);
  });

  test("counts steps: functions entered and turns of loops", () => {
    expect(both("let n = 0; do { n += [1, 2].map((x) => x).length } while (n < 6); return n;").steps).toBe(1 + 3 + 6);
  });

  test("reports sizes that are asked for", () => {
    const code = `return [new Uint8Array(5).length, new Array(7).length, "ab".repeat(3), "x".padStart(4, "-"),
      new Uint8Array(new ArrayBuffer(9), 1, 2).length, new Uint8Array([1, 2]).length];`;
    expect(both(code).sizes).toEqual([5, 7, 3, 4, 9, [1, 2]]);
  });

  test("reports what is compared", () => {
    expect(
      both("const a = 3; return [a === 3, a !== (4), !(a === 5), typeof a !== 'string' && a === 1 + 2];").compared,
    ).toEqual([
      [3, 3],
      [3, 4],
      [3, 5],
      ["number", "string"],
      [3, 3],
    ]);
  });
});

test("every module of our packages can be instrumented, and its lines stay where they are", () => {
  const root = fileURLToPath(new URL("../../../packages/", import.meta.url));
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    /^[^/]+\/src\/.*\.ts$/.test(path),
  );
  expect(sources.length).toBeGreaterThan(100);
  for (const path of sources) {
    const source = readFileSync(`${root}${path}`, "utf8");
    const instrumented = instrument(path, source, () => 0);
    expect(parseSync(path, instrumented).errors, path).toEqual([]);
    // Only an operator that stands on a line of its own would take it along.
    expect(instrumented.split("\n").length, path).toBe(source.split("\n").length);
  }
});
