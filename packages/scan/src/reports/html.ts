import { timeText } from "@tlskit/x509/text";
import type { ScannedTarget, TargetReport } from "../report.ts";
import type { ScanTarget } from "../target.ts";
import { counted } from "./block.ts";
import { connectionsText } from "./connections-text.ts";
import { blockMarkup } from "./html/blocks.ts";
import { evidenceMarkup } from "./html/evidence.ts";
import { countsMarkup, findingsMarkup, policyMarkup } from "./html/findings.ts";
import { html, Markup } from "./html/markup.ts";
import { style, styleHash } from "./html/style.ts";
import { type FoundSection, sectionsOf, type UnknownSection, unknownBlocks } from "./sections.ts";
import { summaryColumns, summaryRow } from "./summary.ts";
import { targetDetails, targetLabel } from "./target-label.ts";
import { unfinishedTargets, unfinishedTitle } from "./unfinished.ts";

export interface HtmlReportOptions {
  /** Whether the messages are shown that something was seen in. */
  readonly evidence?: boolean | undefined;
  /** Targets that were to be scanned as well, and of which there is no report: that this is no whole is said. */
  readonly unfinished?: readonly ScanTarget[] | undefined;
}

/** Nothing is loaded, nothing runs, and the one style that counts is the report's own (CSP 3). */
const policy = `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'`;

/**
 * A report as one file for browsers, and for paper: no script, nothing from elsewhere, and a policy (CSP) that would allow
 * neither. Whatever a server sent is text there, without controls and without what changes the direction of text.
 */
export function htmlReport(reports: readonly TargetReport[], options: HtmlReportOptions = {}): string {
  const { evidence = false, unfinished = [] } = options;
  const [first] = reports;
  const title =
    reports.length === 1 && first !== undefined ? targetLabel(first.target) : counted(reports.length, "target");
  const articles = reports.map((report, index) => articleMarkup(report, anchorOf(index), evidence));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>TLS of ${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
<h1>TLS scan</h1>
${unfinished.length > 0 ? unfinishedMarkup(unfinished) : undefined}
${reports.length > 1 ? summaryMarkup(reports) : undefined}
${articles}
</main>
</body>
</html>
`.text;
}

function unfinishedMarkup(unfinished: readonly ScanTarget[]): Markup {
  return html`<section><p class="none unmet">${unfinishedTitle(unfinished)}</p>
<ul class="seen">${unfinishedTargets(unfinished).map((target) => html`<li>${target}</li>`)}</ul></section>`;
}

function anchorOf(index: number): string {
  return `target-${index + 1}`;
}

function summaryMarkup(reports: readonly TargetReport[]): Markup {
  const texts = reports.map(summaryRow);
  // A column that says nothing in any row isn't shown.
  const used = summaryColumns.flatMap((_, column) => (texts.some((row) => row[column] !== "") ? [column] : []));
  const head = used.map((column) => html`<th scope="col">${summaryColumns[column]}</th>`);
  const rows = texts.map((row, index) => {
    const [label, ...rest] = used.map((column) => row[column]);
    const cells = rest.map((cell) => html`<td>${cell}</td>`);
    return html`<tr><th scope="row"><a href="#${anchorOf(index)}">${label}</a></th>${cells}</tr>
`;
  });
  return html`<section><h2>${counted(reports.length, "target")}</h2>
<div class="card wide summary"><table><thead><tr>${head}</tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

function articleMarkup(report: TargetReport, anchor: string, evidence: boolean): Markup {
  return html`<article id="${anchor}">
<h2>${targetLabel(report.target)}</h2>
${
  report.state === "scanned"
    ? scannedMarkup(report, anchor, evidence)
    : html`<p class="about">${targetDetails(report).join(", ")}</p>
<p class="none unmet">Not reached: ${report.reason} (${report.code})</p>`
}
</article>
`;
}

function scannedMarkup(report: ScannedTarget, anchor: string, evidence: boolean): Markup {
  const { found, unknown } = sectionsOf(report);
  return html`<p class="about">${aboutText(report)}</p>
${countsMarkup(report)}
${report.policy && policyMarkup(report.policy)}
${findingsMarkup(report, anchor)}
<section><h3>What was found out</h3>
<div class="card">${found.map((section) => sectionMarkup(section, evidence))}${unknown.length === 0 ? undefined : unknownMarkup(unknown)}</div></section>`;
}

function aboutText(report: ScannedTarget): string {
  const { begun, ended } = report;
  const seconds = ((ended - begun) / 1000).toFixed(1);
  const details = [...targetDetails(report), timeText(new Date(begun)), `${seconds} s`, connectionsText(report)];
  return details.join(", ");
}

function sectionMarkup({ title, blocks, evidence }: FoundSection, withEvidence: boolean): Markup {
  return html`<section class="check"><h4>${title}</h4>
<div>${blocks.map(blockMarkup)}${withEvidence ? evidenceMarkup(evidence) : undefined}</div></section>
`;
}

/** What wasn't found out, and why. */
function unknownMarkup(unknown: readonly UnknownSection[]): Markup {
  return html`<section class="check"><h4>Not found out</h4>
<div>${unknownBlocks(unknown).map(blockMarkup)}</div></section>`;
}
