import type { Finding, FindingRule } from "../../finding.ts";
import type { PolicyVerdict, ScannedTarget } from "../../report.ts";
import { notJudgedBlocks } from "../not-judged.ts";
import { sameRemediesBefore, serverRemedies } from "../remedy-lines.ts";
import { severityCountsText } from "../severity-counts.ts";
import { shownText, shownValues } from "../shown.ts";
import { metText } from "../summary.ts";
import { violationBlocks } from "../violations.ts";
import { blocksLines, type Layout, paragraph } from "./blocks.ts";
import { columnsOf, wrapped } from "./columns.ts";

const severityColumns = 10;
const before = " ".repeat(2 + severityColumns);

/** What is wrong, the worst first, with what to do about it. */
export function findingLines(report: ScannedTarget, layout: Layout): readonly string[] {
  const { findings } = report;
  const notJudged = notJudgedBlocks(report);
  return [
    "",
    layout.colours.heading(findings.length === 0 ? "No findings" : `Findings: ${severityCountsText(findings)}`),
    ...findings.flatMap((finding) => ["", ...oneFinding(finding, findings, layout)]),
    ...(notJudged.length === 0 ? [] : ["", ...blocksLines(notJudged, layout)]),
  ];
}

function oneFinding(finding: Finding, findings: readonly Finding[], layout: Layout): readonly string[] {
  const { rule, seen } = finding;
  return [
    ...titleLines(rule, layout),
    ...shownValues(seen).flatMap((text) => paragraph(text, layout, before)),
    ...paragraph(`Why: ${rule.why}${rule.source === undefined ? "" : ` (${rule.source})`}`, layout, before),
    ...paragraph(`To do: ${rule.remedy}`, layout, before),
    ...remedyLines(finding, findings, layout),
  ];
}

/** Severity and title, with the identifier at the end of the line, if there is room, otherwise below it. */
function titleLines({ severity, title, id }: FindingRule, { width, colours }: Layout): readonly string[] {
  const identifier = shownText(id);
  const lines = wrapped(shownText(title), width - before.length);
  const room = width - before.length - columnsOf(lines.at(-1) ?? "");
  const heads = lines.map((line, index) =>
    index === 0
      ? `  ${colours.severity(severity, severity.toUpperCase())}${" ".repeat(severityColumns - severity.length)}${colours.heading(line)}`
      : `${before}${colours.heading(line)}`,
  );
  if (room < identifier.length + 2) return [...heads, `${before}${colours.faint(identifier)}`];
  return [...heads.slice(0, -1), `${heads.at(-1)}${colours.faint(identifier.padStart(room))}`];
}

/** Lines of configuration are never broken: they are there to be copied. */
function remedyLines(finding: Finding, findings: readonly Finding[], layout: Layout): readonly string[] {
  const same = sameRemediesBefore(finding, findings);
  if (same !== undefined) return paragraph(`The same lines as for ${same.rule.id}.`, layout, before);
  return serverRemedies(finding.rule.remedies).flatMap(({ server, lines }) =>
    lines.map((line, index) =>
      `${before}  ${layout.colours.faint((index === 0 ? server : "").padEnd(10))}${shownText(line)}`.trimEnd(),
    ),
  );
}

/** What the policy says. */
export function policyLines(verdict: PolicyVerdict, layout: Layout): readonly string[] {
  const { policy, met } = verdict;
  const { heading, good, bad } = layout.colours;
  const paint = met ? good : bad;
  return [
    "",
    `${heading(`Policy ${shownText(policy)}:`)} ${paint(metText(verdict))}`,
    ...violationBlocks(verdict).flatMap((block) => ["", ...blocksLines([block], layout)]),
  ];
}
