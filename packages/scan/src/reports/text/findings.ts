import type { Finding } from "../../finding.ts";
import type { PolicyVerdict, ScannedTarget } from "../../report.ts";
import { sameRemediesBefore, serverRemedies } from "../remedy-lines.ts";
import { severityCountsText } from "../severity-counts.ts";
import { shownText, shownValues } from "../shown.ts";
import { type Layout, paragraph, tableLines } from "./blocks.ts";
import { columnsOf } from "./columns.ts";

const severityColumns = 10;
const before = " ".repeat(2 + severityColumns);

/** What is wrong, the worst first, with what to do about it. */
export function findingLines({ findings, notJudged }: ScannedTarget, layout: Layout): readonly string[] {
  return [
    "",
    layout.colours.heading(`Findings: ${severityCountsText(findings)}`),
    ...findings.flatMap((finding) => ["", ...oneFinding(finding, findings, layout)]),
    ...(notJudged.length === 0 ? [] : ["", ...paragraph(`Not judged: ${notJudged.join(", ")}`, layout)]),
  ];
}

function oneFinding(finding: Finding, findings: readonly Finding[], layout: Layout): readonly string[] {
  const { rule, seen } = finding;
  const { colours } = layout;
  const head = paragraph(rule.title, layout, before).map((line, index) =>
    index === 0
      ? `  ${colours.severity(rule.severity, rule.severity.toUpperCase())}${colours.heading(line.slice(2 + rule.severity.length))}`
      : colours.heading(line),
  );
  return [
    ...withIdentifier(head, rule.id, layout),
    ...shownValues(seen).flatMap((text) => paragraph(text, layout, before)),
    ...paragraph(`Why: ${rule.why}${rule.source === undefined ? "" : ` (${rule.source})`}`, layout, before),
    ...paragraph(`To do: ${rule.remedy}`, layout, before),
    ...remedyLines(finding, findings, layout),
  ];
}

/** The identifier at the end of the title's last line, if there is room, otherwise below it. */
function withIdentifier(head: readonly string[], id: string, { width, colours }: Layout): readonly string[] {
  const last = head.at(-1) ?? "";
  const room = width - columnsOf(withoutColours(last)) - 1;
  if (room < id.length) return [...head, `${before}${colours.faint(id)}`];
  return [...head.slice(0, -1), `${last} ${colours.faint(id.padStart(room))}`];
}

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what colours are made of
  return text.replaceAll(/\x1b\[[\d;]*m/g, "");
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
export function policyLines({ policy, met, violations }: PolicyVerdict, layout: Layout): readonly string[] {
  const { colours } = layout;
  const verdict = met ? colours.good("met") : colours.bad("not met");
  return [
    "",
    `${colours.heading(`Policy ${shownText(policy)}:`)} ${verdict}`,
    ...(violations.length === 0
      ? []
      : tableLines(
          ["Rule", "Wanted", "Seen"],
          violations.map(({ rule, wanted, seen }) => [rule, wanted, seen]),
          layout,
        )),
  ];
}
