import { timeText } from "@tlskit/x509/text";
import type { ScannedTarget, TargetReport, UnreachedTarget } from "../report.ts";
import type { ScanTarget } from "../target.ts";
import { counted } from "./block.ts";
import { connectionsText } from "./connections-text.ts";
import { sectionsOf, unknownBlocks } from "./sections.ts";
import { shownText } from "./shown.ts";
import { summaryColumns, summaryRow } from "./summary.ts";
import { targetDetails, targetLabel } from "./target-label.ts";
import { blocksLines, type Layout, paragraph, tableLines } from "./text/blocks.ts";
import { coloured, colourless } from "./text/colours.ts";
import { evidenceLines } from "./text/evidence.ts";
import { findingLines, policyLines } from "./text/findings.ts";
import { unfinishedTargets, unfinishedTitle } from "./unfinished.ts";

export interface TextReportOptions {
  /** Whether it is for a terminal that has colours; otherwise there is no control in it but line ends. */
  readonly colours?: boolean | undefined;
  /** Columns of a line: 80 unless told otherwise. Lines of configuration, which are to be copied, may be longer. */
  readonly width?: number | undefined;
  /** Whether the messages are shown that something was seen in. */
  readonly evidence?: boolean | undefined;
  /** Targets that were to be scanned as well, and of which there is no report: that this is no whole is said. */
  readonly unfinished?: readonly ScanTarget[] | undefined;
}

/** Columns below which nothing is laid out any more. */
const minWidth = 40;

/**
 * A report for people, in lines that each end with one. Of several targets there is a summary at the end. Whatever a server
 * sent is escaped: no control of a terminal, nothing that changes the direction of text.
 */
export function textReport(reports: readonly TargetReport[], options: TextReportOptions = {}): string {
  const { unfinished = [] } = options;
  const layout: Layout = {
    width: Math.max(minWidth, options.width ?? 80),
    colours: options.colours === true ? coloured : colourless,
  };
  const parts = reports.map((report) =>
    report.state === "scanned"
      ? scannedLines(report, layout, options.evidence === true)
      : unreachedLines(report, layout),
  );
  if (reports.length > 1) {
    parts.push([
      layout.colours.heading(`Summary of ${counted(reports.length, "target")}`),
      ...tableLines({ columns: summaryColumns, rows: reports.map(summaryRow) }, layout),
    ]);
  }
  if (unfinished.length > 0) {
    parts.push([
      layout.colours.bad(unfinishedTitle(unfinished)),
      ...unfinishedTargets(unfinished).flatMap((target) => paragraph(target, layout)),
    ]);
  }
  return parts.map((lines) => lines.map((line) => `${line}\n`).join("")).join("\n");
}

/** What is wrong stands at the end: that is what one sees in a terminal. */
function scannedLines(report: ScannedTarget, layout: Layout, evidence: boolean): readonly string[] {
  const { found, unknown } = sectionsOf(report);
  const { heading } = layout.colours;
  return [
    ...headLines(report, layout),
    ...found.flatMap(({ title, blocks }) => ["", heading(title), ...blocksLines(blocks, layout)]),
    ...(unknown.length === 0 ? [] : ["", heading("Not found out"), ...blocksLines(unknownBlocks(unknown), layout)]),
    ...(evidence ? evidenceLines(found, layout) : []),
    ...findingLines(report, layout),
    ...(report.policy === undefined ? [] : policyLines(report.policy, layout)),
  ];
}

function headLines(report: ScannedTarget, layout: Layout): readonly string[] {
  const { begun, ended } = report;
  const seconds = ((ended - begun) / 1000).toFixed(1);
  return [
    ...titleLines(report, layout),
    ...paragraph(`${timeText(new Date(begun))}, ${seconds} s, ${connectionsText(report)}`, layout),
  ];
}

function unreachedLines(report: UnreachedTarget, layout: Layout): readonly string[] {
  return [...titleLines(report, layout), ...paragraph(`not reached: ${report.reason} (${report.code})`, layout)];
}

function titleLines(report: TargetReport, layout: Layout): readonly string[] {
  const details = targetDetails(report);
  const title = layout.colours.heading(shownText(targetLabel(report.target)));
  return details.length === 0 ? [title] : [title, ...paragraph(details.join(", "), layout)];
}
