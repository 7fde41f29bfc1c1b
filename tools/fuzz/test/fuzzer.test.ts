import { equalBytes } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { type Finding, fuzz, smallestCover } from "../src/fuzzer.ts";
import { globalNames, instrument } from "../src/instrument.ts";
import { LimitExceeded, Meter } from "../src/meter.ts";
import { minimised } from "../src/minimise.ts";
import { BrokenPromise, type Target } from "../src/target.ts";

class Refused extends Error {}

/** A target made of JavaScript that gets an `input`, may throw `refused()`, and is instrumented. */
function targetOf(meter: Meter, code: string, seed: Uint8Array = new Uint8Array(8)): Target {
  const program = instrument("code.js", `function run(input) { ${code} }`, () => meter.newProbe());
  const run: unknown = new Function(...Object.values(globalNames), "refused", `${program}; return run;`)(
    meter.counters,
    () => meter.step(),
    (size: unknown) => {
      meter.allocate(size);
      return size;
    },
    (a: unknown, b: unknown) => {
      if (meter.recordsComparisons) meter.compare(a, b);
      return a === b;
    },
    () => new Refused(),
  );
  if (typeof run !== "function") throw new TypeError("no function");
  return {
    name: "planted",
    what: "a planted defect",
    maxLength: 64,
    run: (input) => void run(input),
    isRefusal: (error) => error instanceof Refused,
    seeds: () => [seed],
    dictionary: [],
  };
}

async function found(code: string, runs = 30_000): Promise<readonly Finding[]> {
  const meter = new Meter();
  const findings: Finding[] = [];
  await fuzz(targetOf(meter, code), meter, {
    seconds: Number.POSITIVE_INFINITY,
    runs,
    seed: 1,
    corpus: [],
    stopped: () => false,
    onProgress: () => {},
    onFinding: (finding) => findings.push(finding),
  });
  return findings;
}

describe("fuzzing finds", { timeout: 60_000 }, () => {
  test("an exception behind bytes that nobody guesses, since each of them reaches a new place", async () => {
    const [finding, ...others] = await found(`
      if (input.length < 4) throw refused();
      if (input[0] === 0x16) if (input[1] === 0x99) if (input[2] === 0x42) if (input[3] === 0x07) null.x;
    `);
    expect(finding?.error).toBeInstanceOf(TypeError);
    expect(finding?.input).toEqual(Uint8Array.of(0x16, 0x99, 0x42, 0x07));
    expect(others).toEqual([]);
  });

  test("a number that is compared, however large", async () => {
    const [finding] = await found(
      "if (input[0] * 0x1000000 + input[1] * 65536 + input[2] * 256 + input[3] === 0xc0ffee01) null.x;",
    );
    expect(finding?.error).toBeInstanceOf(TypeError);
  });

  test("a loop without an end, by its steps", async () => {
    const [finding] = await found("if (input[0] === 7) for (;;);");
    expect(finding).toMatchObject({ signature: "hang", error: expect.any(LimitExceeded) });
  });

  test("a loop that takes quadratic time, by its steps", async () => {
    const [finding] = await found(
      "if (input[5] === 9) for (let i = 0; i < input.length * 1000; i += 1) for (const _ of input);",
    );
    expect(finding?.signature).toBe("hang");
  });

  test("a buffer as long as the input says, before it is allocated", async () => {
    const [finding] = await found("new Uint8Array(input[0] * 0x1000000 + input[1]);");
    expect(finding).toMatchObject({ signature: "memory", error: expect.any(LimitExceeded) });
  });

  test("a limit that is exceeded though the exception is caught", async () => {
    const [finding] = await found("for (;;) { try { for (;;); } catch { return; } }", 3);
    expect(finding?.signature).toBe("hang");
  });

  test("objects without end", async () => {
    const [finding] = await found("return Array.from({ length: 1_500_000 }, Object).length;", 2);
    expect(finding?.signature).toBe("memory");
  });

  test("input that is written to", async () => {
    const [finding] = await found("input.fill(9);", 3);
    expect(finding?.error).toBeInstanceOf(BrokenPromise);
  });

  test("nothing where inputs are accepted or refused", async () => {
    expect(await found("if (input[0] === 1) throw refused();", 2000)).toEqual([]);
  });
});

test("the same seed takes the same course", { timeout: 60_000 }, async () => {
  const course = async (seed: number): Promise<readonly Uint8Array[]> => {
    const meter = new Meter();
    const target = targetOf(meter, "for (const byte of input) if (byte === 7) return; throw refused();");
    const nothing = (): void => {};
    const options = {
      seconds: 1e9,
      runs: 3000,
      corpus: [],
      stopped: () => false,
      onProgress: nothing,
      onFinding: nothing,
    };
    return (await fuzz(target, meter, { ...options, seed })).inputs;
  };
  expect(await course(5)).toEqual(await course(5));
  expect(await course(6)).not.toEqual(await course(5));
});

test("a corpus is as few inputs as reach every place, each as short as it can be", () => {
  const meter = new Meter();
  const target = targetOf(meter, "if (input[0] === 1) return 1; if (input[0] === 2) return 2; return 3;");
  const inputs = [[1, 1, 1], [2, 2], [1, 1], [2], [3]].map((bytes) => Uint8Array.from(bytes));
  expect(smallestCover(target, meter, inputs)).toEqual([Uint8Array.of(2), Uint8Array.of(1)]);
});

test("an input is made as small as it can be while the same holds", () => {
  const input = Uint8Array.from({ length: 300 }, (_, index) => index);
  const holds = (candidate: Uint8Array): boolean => candidate.includes(77) && candidate.includes(200);
  expect(equalBytes(minimised(input, holds), Uint8Array.of(77, 200))).toBe(true);
});
