import { describe, expect, test } from "vitest";
import { folders, storedInputs } from "../src/files.ts";
import { recorded } from "../src/recorded.ts";
import { targets } from "../src/targets/index.ts";
import { tried } from "../src/trial.ts";

/** What became of inputs that must not be findings: the names of those that are. */
function findings(name: string, inputs: readonly { readonly name: string; readonly bytes: Uint8Array }[]): string[] {
  const target = targets.find((candidate) => candidate.name === name);
  return inputs.flatMap((input) => {
    const outcome = target === undefined ? undefined : tried(target, input.bytes);
    return outcome?.type === "finding" ? [`${input.name}: ${outcome.signature}`] : [];
  });
}

describe.each(targets.map((target) => ({ name: target.name, target })))("$name", ({ name, target }) => {
  test("ends well for what fuzzing begins with", () => {
    const seeds = target.seeds().map((bytes, index) => ({ name: `seed ${index}`, bytes }));
    expect(seeds.length).toBeGreaterThan(0);
    expect(findings(name, seeds)).toEqual([]);
  });

  test("ends well for what fuzzing has found on its way", () => {
    expect(findings(name, storedInputs(folders.corpus, name))).toEqual([]);
  });

  test("ends well for what once did not", () => {
    expect(findings(name, storedInputs(folders.regressions, name))).toEqual([]);
  });
});

test("recorded connections are whole, so that fuzzing begins behind the handshake too", () => {
  const updates = recorded().map(({ messages }) => messages.filter(([code]) => code === 24).length);
  // Both ask for one, and the second to send answers.
  expect(updates).toEqual([3, 3]);
});
