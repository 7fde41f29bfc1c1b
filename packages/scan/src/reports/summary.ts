import type { PolicyVerdict, TargetReport } from "../report.ts";
import { severityCountsText } from "./severity-counts.ts";
import { targetLabel } from "./target-label.ts";

export const summaryColumns: readonly string[] = ["Target", "Policy", "Findings"];

/** What is said of each of several targets in a line. */
export function summaryRow(report: TargetReport): readonly string[] {
  const label = targetLabel(report.target);
  if (report.state === "unreached") return [label, "", `not reached: ${report.reason} (${report.code})`];
  return [label, report.policy === undefined ? "" : metText(report.policy), severityCountsText(report.findings)];
}

export function metText({ met }: PolicyVerdict): string {
  return met ? "met" : "not met";
}
