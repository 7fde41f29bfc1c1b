import { findingRules } from "@tlskit/scan";
import { expect, it } from "vitest";
import { scannedServers } from "../src/servers/all.ts";
import { expectedVerdict } from "../src/verdict.ts";

const verdicts = scannedServers.map((server) => expectedVerdict(server));
const ids = findingRules.map(({ id }) => id);

// The tests of the servers hold that this is what is found.
it("has a server for each finding", () => {
  const had = new Set(verdicts.flatMap(({ findings }) => findings));
  expect(ids.filter((id) => !had.has(id))).toEqual([]);
});

it("has a server without each finding, of which that can be told", () => {
  const hasNot = (id: string): boolean =>
    verdicts.some(({ findings, notJudged }) => !findings.includes(id) && !notJudged.includes(id));
  expect(ids.filter((id) => !hasNot(id))).toEqual([]);
});

it("has no server with a finding that isn't in the table", () => {
  const known = new Set(ids);
  expect(verdicts.flatMap(({ findings }) => findings).filter((id) => !known.has(id))).toEqual([]);
});
