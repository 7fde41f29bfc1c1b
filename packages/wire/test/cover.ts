import { type Explanation, leavesOf } from "@tlskit/wire";
import { expect } from "vitest";

/** Every byte is in one leaf, in order, and no part reaches beyond what it is part of. */
export function expectCovered(explanation: Explanation, length: number): void {
  let end = 0;
  for (const leaf of leavesOf(explanation)) {
    expect(leaf.start).toBe(end);
    end = leaf.end;
  }
  expect(end).toBe(length);
  expectNested(explanation);
}

function expectNested(explanation: Explanation): void {
  for (const part of explanation.parts) {
    expect(part.start).toBeGreaterThanOrEqual(explanation.start);
    expect(part.end).toBeLessThanOrEqual(explanation.end);
    expectNested(part);
  }
}
