import { describe, expect, it } from "vitest";
import { earlierScansIn } from "../src/earlier-scan.ts";
import type { TargetReport } from "../src/report.ts";
import { jsonReport } from "../src/reports/json.ts";
import { found, nothingWrong } from "./facts.ts";

const target = { host: "example.com", port: 443 };
const begun = Date.UTC(2026, 0, 1);
const ticketKeyName = Uint8Array.of(1, 2, 0xab);

function reported(more: Partial<TargetReport & { state: "scanned" }> = {}): string {
  return jsonReport([
    { state: "unreached", target, code: "refused", reason: "nobody is there" },
    {
      state: "scanned",
      target: { host: "other.example", port: 443 },
      begun: 0,
      ended: 0,
      connections: 1,
      pace: { oneAtATime: false, rests: 0 },
      facts: nothingWrong,
      findings: [],
      notJudged: [],
    },
    {
      state: "scanned",
      target: { ...target, address: "192.0.2.1" },
      begun,
      ended: begun,
      connections: 1,
      pace: { oneAtATime: false, rests: 0 },
      facts: { ...nothingWrong, resumption: found({ ticketKeyName }) },
      findings: [],
      notJudged: [],
      ...more,
    },
  ]);
}

function scannedThen(begun: number): TargetReport {
  const pace = { oneAtATime: false, rests: 0 };
  const nothing = { ended: begun, connections: 1, pace, facts: nothingWrong, findings: [], notJudged: [] };
  return { state: "scanned", target, begun, ...nothing };
}

describe("an earlier scan", () => {
  it("is found in its report by name and port, at whatever address", () => {
    expect(earlierScansIn(reported())(target)).toEqual({ begun, ticketKeyName: "0102ab" });
    expect(earlierScansIn(reported())({ host: "other.example", port: 443 })).toEqual({
      begun: 0,
      ticketKeyName: undefined,
    });
  });

  it("is the first of several of one target", () => {
    const report = jsonReport([scannedThen(1), scannedThen(2)]);
    expect(earlierScansIn(report)(target)?.begun).toBe(1);
  });

  it("isn't there for others", () => {
    expect(earlierScansIn(reported())({ host: "example.com", port: 8443 })).toBeUndefined();
    expect(earlierScansIn(reported())({ host: "example.org", port: 443 })).toBeUndefined();
  });

  it("has no key where resumption wasn't found out", () => {
    const facts = { ...nothingWrong, resumption: { state: "failed", code: "truncated", reason: "it ended" } } as const;
    expect(earlierScansIn(reported({ facts }))(target)).toEqual({ begun, ticketKeyName: undefined });
  });

  it.each([
    ["no JSON", "{"],
    ["something else", "null"],
    ["another format", '{"format":"x","targets":[]}'],
    ["a report without targets", '{"format":"tlskit-scan","targets":{}}'],
    ["one without times", reported().replace(/"begun": "2026[^"]*"/, '"begun": 1e99')],
    ["one with a strange key", reported().replace('"0102ab"', "1")],
  ])("isn't read out of %s", (_, report) => {
    expect(() => earlierScansIn(report)).toThrow(expect.objectContaining({ code: "invalid_report" }));
  });
});
