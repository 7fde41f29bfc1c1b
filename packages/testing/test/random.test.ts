import { describe, expect, it } from "vitest";
import { randomBelow, seededRandom } from "../src/index.ts";

describe("seeded randomness", () => {
  it("is the same for the same seed, and another for another", () => {
    const [first, second, other] = [seededRandom(1), seededRandom(1), seededRandom(2)];
    expect(first(100)).toEqual(second(100));
    expect(first(3)).toEqual(second(3));
    expect(other(100)).not.toEqual(seededRandom(1)(100));
  });

  it("gives a new buffer of the length asked for", () => {
    const random = seededRandom(1);
    for (const length of [0, 1, 2, 3, 4, 5, 1000]) expect(random(length)).toHaveLength(length);
    const [a, b] = [random(32), random(32)];
    expect(a.buffer).not.toBe(b.buffer);
    expect(a).not.toEqual(b);
  });

  it("has every byte about as often", () => {
    const counts = new Array<number>(256).fill(0);
    for (const byte of seededRandom(42)(256_000)) counts[byte] = (counts[byte] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });

  it("stays below its limit, and reaches all below it", () => {
    const random = seededRandom(3);
    const seen = new Set(Array.from({ length: 500 }, () => randomBelow(random, 7)));
    expect([...seen].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});
