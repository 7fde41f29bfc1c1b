import type { FoundFacts } from "../../src/facts.ts";
import { judge } from "../../src/findings.ts";
import { nothingWrong } from "../facts.ts";

/** What the table says of a finding about a server that has nothing wrong but this: what was seen, nothing if it isn't so. */
export function seen(id: string, changed: Partial<FoundFacts>): readonly string[] | "not judged" {
  const about = { target: { host: "example.com", port: 443 }, now: Date.UTC(2026, 0, 1) };
  const { findings, notJudged } = judge({ ...nothingWrong, ...changed }, about);
  if (notJudged.includes(id)) return "not judged";
  return findings.find(({ rule }) => rule.id === id)?.seen ?? [];
}
