import type { ScanTarget } from "../target.ts";
import { counted } from "./block.ts";
import { targetDetailsOf, targetLabel } from "./target-label.ts";

/** That a report isn't whole. */
export function unfinishedTitle(unfinished: readonly ScanTarget[]): string {
  return `Interrupted: ${counted(unfinished.length, "target")} of which there is no report`;
}

/** Which targets a report is without. */
export function unfinishedTargets(unfinished: readonly ScanTarget[]): readonly string[] {
  return unfinished.map((target) => [targetLabel(target), ...targetDetailsOf(target)].join(", "));
}
