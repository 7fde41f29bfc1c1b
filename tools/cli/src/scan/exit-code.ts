import type { TargetReport } from "@tlskit/scan";

/**
 * 0: each target was scanned, and is as the policy wants it, if there is one. 1: one isn't, or it can't be told whether it
 * is. 3: all that were scanned are, but one couldn't be reached.
 */
export function exitCodeOf(reports: readonly TargetReport[]): 0 | 1 | 3 {
  if (reports.some((report) => report.state === "scanned" && report.policy?.met === false)) return 1;
  return reports.some((report) => report.state === "unreached") ? 3 : 0;
}
