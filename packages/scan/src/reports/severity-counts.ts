import { type Finding, type Severity, severities } from "../finding.ts";

/** How many findings there are of each severity of which there are any, the worst first. */
export function severityCounts(
  findings: readonly Finding[],
): readonly { readonly severity: Severity; readonly count: number }[] {
  return severities
    .map((severity) => ({ severity, count: findings.filter(({ rule }) => rule.severity === severity).length }))
    .filter(({ count }) => count > 0);
}

/** `1 high, 2 medium`, or that there is none. */
export function severityCountsText(findings: readonly Finding[]): string {
  return (
    severityCounts(findings)
      .map(({ severity, count }) => `${count} ${severity}`)
      .join(", ") || "no findings"
  );
}
