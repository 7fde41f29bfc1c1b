import { describe, expect, it, test } from "vitest";
import type { ClassKind, Experiment } from "../src/experiment.ts";
import { measure } from "../src/measure.ts";
import { report, table } from "../src/report.ts";
import { compare, median, seen } from "../src/statistics.ts";

/** Numbers that look like noise, and are the same each time. */
function noise(count: number, seed: number): readonly number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  });
}

describe("two classes", () => {
  const reference = noise(2000, 1);

  it("are told apart from the difference on that is said to be seen", () => {
    const same = compare(noise(2000, 2), reference);
    expect(Math.abs(same.t)).toBeLessThan(seen);
    const shifted = compare(
      noise(2000, 2).map((value) => value + 2 * same.resolution),
      reference,
    );
    expect(shifted.t).toBeGreaterThan(seen);
    expect(shifted.resolution).toBeCloseTo(same.resolution);
    expect(shifted.difference).toBeCloseTo(same.difference + 2 * same.resolution);
  });

  it("aren't by what disturbs both, nor by a few interruptions of one", () => {
    const drift = reference.map((value, at) => value + at);
    const same = compare(
      noise(2000, 2).map((value, at) => value + at + (at % 100 === 0 ? 1e6 : 0)),
      drift,
    );
    expect(Math.abs(same.t)).toBeLessThan(seen);
    expect(same.resolution).toBeLessThan(0.1);
  });

  it("are the same if all is", () => {
    expect(compare(reference, reference)).toEqual({ difference: 0, t: 0, resolution: 0 });
  });

  it("need some pairs", () => {
    expect(() => compare([1, 2], [1, 2])).toThrow(RangeError);
    expect(() => compare(reference, reference.slice(1))).toThrow(RangeError);
  });
});

test("the median is in the middle", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

/** Classes that take so long by a clock of their own, with some noise. */
function world(takes: Readonly<Record<string, readonly [ClassKind, number]>>) {
  let now = 0;
  const uneven = noise(10_000, 3);
  let used = 0;
  const order: string[] = [];
  const experiment: Experiment = {
    name: "an experiment",
    repetitions: 2,
    work: ([which = 0]) => {
      const [name, [, time]] = Object.entries(takes)[which] ?? ["", ["same", 0]];
      order.push(name);
      now += time + (uneven[used++ % uneven.length] ?? 0);
    },
    classes: Object.entries(takes).map(([name, [kind]], which) => ({ name, kind, inputs: [Uint8Array.of(which)] })),
  };
  const measured = measure(
    experiment,
    300,
    () => now,
    (given) => given.toReversed(),
  );
  return { order, measured, result: report(experiment, measured) };
}

describe("an experiment", () => {
  const sound = { first: ["reference", 10], again: ["same", 10], slow: ["control", 12] } as const;

  it("does each class once a round, in the order that it is given, as often as one measurement takes", () => {
    const { order, measured } = world({ first: ["reference", 10], other: ["tested", 10] });
    expect(order.slice(0, 8)).toEqual(["other", "other", "first", "first", "other", "other", "first", "first"]);
    expect(order).toHaveLength((300 + 200) * 4);
    expect(measured.map((times) => times.length)).toEqual([300, 300]);
    for (const time of measured.flat()) {
      expect(time).toBeGreaterThanOrEqual(10);
      expect(time).toBeLessThan(11);
    }
  });

  it("takes a class's inputs in turn, and a control's work in the place of its own", () => {
    const seenInputs: string[] = [];
    const note = (what: string) => (input: Uint8Array) => void seenInputs.push(`${what} ${input.join()}`);
    measure(
      {
        name: "",
        repetitions: 1,
        work: note("work"),
        classes: [
          { name: "a", kind: "reference", inputs: [Uint8Array.of(1), Uint8Array.of(2)] },
          { name: "b", kind: "control", inputs: [Uint8Array.of(3)], work: note("control") },
        ],
      },
      2,
      () => 0,
      (given) => given,
    );
    expect(seenInputs.slice(0, 4)).toEqual(["work 1", "control 3", "work 2", "control 3"]);
  });

  it("finds nothing where nothing is", () => {
    const { result } = world({ ...sound, other: ["tested", 10] });
    expect(result.wrong).toEqual([]);
    expect(table(result)).toContain("an experiment, 300 tries of each class: nothing is told apart");
    expect(table(result)).toContain("| slow *(control)* |");
  });

  test.each<[string, Parameters<typeof world>[0], string]>([
    ["a class that takes longer", { ...sound, other: ["tested", 11] }, 'time tells "other" from the reference'],
    ["one that takes less", { ...sound, other: ["tested", 9] }, 'time tells "other" from the reference'],
    [
      "a reference that isn't like itself",
      { ...sound, again: ["same", 11] },
      "the measurement is no good: it tells the reference from itself",
    ],
    ["a control that isn't seen", { ...sound, slow: ["control", 10] }, 'the measurement sees nothing: not even "slow"'],
  ])("says so: %s", (_, takes, sentence) => {
    expect(world(takes).result.wrong).toEqual([sentence]);
  });
});
