import { describe, expect, it } from "vitest";
import type { FoundFacts, Outcome } from "../src/facts.ts";
import type { FindingRule, Severity } from "../src/finding.ts";
import { findingRules, judge } from "../src/findings.ts";
import { nothingWrong } from "./facts.ts";

const about = { target: { host: "example.com", port: 443 }, now: Date.UTC(2026, 0, 1) };

/** A row that is true of a server that speaks TLS 1.0. */
function rule(id: string, severity: Severity): FindingRule {
  return {
    id,
    severity,
    title: id,
    why: "It is.",
    remedy: "Change it.",
    remedies: {},
    needs: ["versions"],
    seen: ({ versions = [] }) => versions.filter(({ spoken }) => spoken).map(({ version }) => version),
  };
}

function withVersions(outcome: Outcome<FoundFacts["versions"] extends Outcome<infer T> ? T : never>): FoundFacts {
  return { ...nothingWrong, versions: outcome };
}

describe("judging", () => {
  it("gives what was seen, the worst first, otherwise in the table's order", () => {
    const rules = [rule("b", "low"), rule("a", "low"), rule("c", "critical"), rule("d", "info"), rule("e", "high")];
    const facts = withVersions({
      state: "found",
      value: [
        { version: "TLS 1.0", spoken: true },
        { version: "SSL 3.0", spoken: false },
      ],
      evidence: [],
    });
    const { findings, notJudged } = judge(facts, about, rules);
    expect(findings.map(({ rule, seen }) => [rule.id, seen])).toEqual([
      ["c", ["TLS 1.0"]],
      ["e", ["TLS 1.0"]],
      ["b", ["TLS 1.0"]],
      ["a", ["TLS 1.0"]],
      ["d", ["TLS 1.0"]],
    ]);
    expect(notJudged).toEqual([]);
  });

  it("leaves unjudged what rests on a check that failed", () => {
    const facts = withVersions({ state: "failed", code: "closed", reason: "the server stopped answering" });
    expect(judge(facts, about, [rule("a", "low")])).toEqual({ findings: [], notJudged: ["a"] });
  });

  it("leaves unjudged what rests on a check that wasn't asked", () => {
    const facts = withVersions({ state: "skipped", why: "not asked", reason: "left out" });
    expect(judge(facts, about, [rule("a", "low")])).toEqual({ findings: [], notJudged: ["a"] });
  });

  it("judges without facts what doesn't apply to the server", () => {
    const facts = withVersions({ state: "skipped", why: "inapplicable", reason: "nothing to ask" });
    expect(judge(facts, about, [rule("a", "low")])).toEqual({ findings: [], notJudged: [] });
  });

  it("leaves unjudged what a rule says nobody can know, unless it was seen", () => {
    const unclear: FindingRule = { ...rule("a", "low"), unknown: () => ({ because: "failed", reason: "fog" }) };
    const spoken = (spoken: boolean): FoundFacts =>
      withVersions({ state: "found", value: [{ version: "TLS 1.0", spoken }], evidence: [] });
    expect(judge(spoken(false), about, [unclear])).toEqual({ findings: [], notJudged: ["a"] });
    expect(judge(spoken(true), about, [unclear]).notJudged).toEqual([]);
  });

  it("leaves unjudged what rests on an earlier scan where there is none", () => {
    const compared: FindingRule = { ...rule("a", "low"), needsEarlier: true };
    expect(judge(nothingWrong, about, [compared])).toEqual({ findings: [], notJudged: ["a"] });
    expect(judge(nothingWrong, { ...about, earlier: { begun: 0 } }, [compared]).notJudged).toEqual([]);
  });

  it("gives a row no facts but those that it needs", () => {
    const greedy: FindingRule = {
      ...rule("a", "low"),
      seen: (facts) => Object.keys(facts),
    };
    expect(judge(nothingWrong, about, [greedy]).findings[0]?.seen).toEqual(["versions"]);
  });
});

describe("the table of findings", () => {
  it("has each id once, in small letters", () => {
    const ids = findingRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9.]+(-[a-z0-9.]+)*$/);
  });

  it("says of each what, why and what to change in sentences", () => {
    for (const { id, title, why, remedy } of findingRules) {
      expect(title, id).not.toMatch(/[.!]$/);
      expect(why, id).toMatch(/^[A-Z].*\.$/);
      expect(remedy, id).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("finds nothing at a server with nothing wrong", () => {
    const { findings, notJudged } = judge(nothingWrong, { ...about, earlier: { begun: 0 } });
    expect(findings.map(({ rule, seen }) => [rule.id, seen])).toEqual([]);
    expect(notJudged).toEqual([]);
  });
});
