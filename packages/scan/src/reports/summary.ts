import type { TargetReport } from "../report.ts";
import { severityCountsText } from "./severity-counts.ts";
import { targetLabel } from "./target-label.ts";

export const summaryColumns: readonly string[] = ["Target", "Findings", "Policy"];

/** What is said of each of several targets in a line. */
export function summaryRow(report: TargetReport): readonly string[] {
  const label = targetLabel(report.target);
  if (report.state === "unreached") return [label, `not reached: ${report.reason} (${report.code})`, ""];
  return [label, severityCountsText(report.findings), policyText(report)];
}

function policyText({ policy }: Extract<TargetReport, { readonly state: "scanned" }>): string {
  if (policy === undefined) return "";
  return `${policy.policy}: ${policy.met ? "met" : "not met"}`;
}
