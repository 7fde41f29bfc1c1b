import { type CheckName, findingRules, type ScannedTarget } from "@tlskit/scan";
import type { ScannedServer } from "./scanned-server.ts";

/** What is said about a server: ids of findings, in order, and what checks came to nothing. */
export interface Verdict {
  readonly findings: readonly string[];
  readonly notJudged: readonly string[];
}

/** What a row says about its server. */
export function expectedVerdict({
  findings,
  checks,
  checksInVain = [],
  unclear = [],
  daysBetweenScans,
}: ScannedServer): Verdict {
  const isUnknown = (check: CheckName): boolean =>
    checksInVain.includes(check) || (check !== "versions" && checks?.includes(check) === false);
  const notJudged = findingRules.filter(
    ({ id, needs, needsEarlier }) =>
      unclear.includes(id) || needs.some(isUnknown) || (needsEarlier === true && daysBetweenScans === undefined),
  );
  return { findings: findings.toSorted(), notJudged: notJudged.map(({ id }) => id).toSorted() };
}

/** What a scan says about it. */
export function verdictOf({ findings, notJudged }: ScannedTarget): Verdict {
  return { findings: findings.map(({ rule }) => rule.id).toSorted(), notJudged: notJudged.toSorted() };
}
