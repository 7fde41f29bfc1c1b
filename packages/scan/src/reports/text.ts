import { timeText } from "@tlskit/x509/text";
import type { ScannedTarget, TargetReport, UnreachedTarget } from "../report.ts";
import { counted } from "./section.ts";
import { sectionsOf } from "./sections.ts";
import { shownText } from "./shown.ts";
import { summaryColumns, summaryRow } from "./summary.ts";
import { addressOf, targetLabel } from "./target-label.ts";
import { blockLines, type Layout, paragraph, tableLines } from "./text/blocks.ts";
import { coloured, colourless } from "./text/colours.ts";
import { findingLines, policyLines } from "./text/findings.ts";

export interface TextReportOptions {
  /** Whether it is for a terminal that has colours; otherwise there is no control in it but line ends. */
  readonly colours?: boolean | undefined;
  /** Columns of a line: 80 unless told otherwise. Lines of configuration, which are to be copied, may be longer. */
  readonly width?: number | undefined;
  /** Whether the messages are shown that something was seen in. */
  readonly evidence?: boolean | undefined;
}

/**
 * A report for people, in lines that each end with one. Of several targets there is a summary at the end. Whatever a server
 * sent is escaped: no control of a terminal, nothing that changes the direction of text.
 */
export function textReport(reports: readonly TargetReport[], options: TextReportOptions = {}): string {
  const layout: Layout = { width: options.width ?? 80, colours: options.colours === true ? coloured : colourless };
  const parts = reports.map((report) =>
    report.state === "scanned" ? scannedLines(report, layout) : unreachedLines(report, layout),
  );
  if (reports.length > 1) {
    parts.push([
      layout.colours.heading(`Summary of ${counted(reports.length, "target")}`),
      ...tableLines(summaryColumns, reports.map(summaryRow), layout),
    ]);
  }
  return parts.map((lines) => lines.map((line) => `${line}\n`).join("")).join("\n");
}

function scannedLines(report: ScannedTarget, layout: Layout): readonly string[] {
  return [
    ...headLines(report, layout),
    ...sectionsOf(report).flatMap(({ title, blocks }) => [
      "",
      layout.colours.heading(title),
      ...blocks.flatMap((block) => blockLines(block, layout)),
    ]),
    ...findingLines(report, layout),
    ...(report.policy === undefined ? [] : policyLines(report.policy, layout)),
  ];
}

function headLines(report: ScannedTarget, layout: Layout): readonly string[] {
  const seconds = ((report.ended - report.begun) / 1000).toFixed(1);
  return [
    titleLine(report, layout),
    ...paragraph(
      `${timeText(new Date(report.begun))}, ${seconds} s, ${counted(report.connections, "connection")}`,
      layout,
    ),
  ];
}

function unreachedLines(report: UnreachedTarget, layout: Layout): readonly string[] {
  return [titleLine(report, layout), ...paragraph(`not reached: ${report.reason} (${report.code})`, layout)];
}

function titleLine(report: TargetReport, { colours }: Layout): string {
  const address = addressOf(report);
  const { startTls } = report.target;
  const details = [address, startTls && `STARTTLS of ${startTls.name}`].filter((detail) => detail !== undefined);
  const title = colours.heading(shownText(targetLabel(report.target)));
  return details.length === 0 ? title : `${title} (${shownText(details.join(", "))})`;
}
