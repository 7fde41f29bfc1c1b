import type { Finding, FindingRule } from "../../finding.ts";
import type { PolicyVerdict, ScannedTarget } from "../../report.ts";
import { notJudgedBlocks } from "../not-judged.ts";
import { sameRemediesBefore, serverRemedies } from "../remedy-lines.ts";
import { severityCounts } from "../severity-counts.ts";
import { shownValues } from "../shown.ts";
import { metText } from "../summary.ts";
import { violationBlocks } from "../violations.ts";
import { blockMarkup } from "./blocks.ts";
import { html, type Markup } from "./markup.ts";

/** How many findings there are, severity by severity. */
export function countsMarkup({ findings }: ScannedTarget): Markup {
  if (findings.length === 0) return html`<p class="none met">No findings</p>`;
  return html`<ul class="counts">${severityCounts(findings).map(
    ({ severity, count }) => html`<li class="${severity}"><b>${count}</b> ${severity}</li>`,
  )}</ul>`;
}

/** What is wrong, the worst first, with what to do about it. */
export function findingsMarkup(report: ScannedTarget, anchor: string): Markup | undefined {
  const { findings } = report;
  const notJudged = notJudgedBlocks(report);
  if (findings.length === 0 && notJudged.length === 0) return undefined;
  return html`<section><h3>Findings</h3>
<ol>${findings.map((finding) => findingMarkup(finding, findings, anchor))}</ol>
${notJudged.length === 0 ? undefined : html`<div class="aside">${notJudged.map(blockMarkup)}</div>`}</section>`;
}

function findingMarkup(finding: Finding, findings: readonly Finding[], anchor: string): Markup {
  const { rule, seen } = finding;
  return html`<li class="finding card" id="${anchor}-${rule.id}">
<header><span class="badge ${rule.severity}">${rule.severity}</span><h4>${rule.title}</h4><span class="id">${rule.id}</span></header>
<ul class="seen">${shownValues(seen).map((text) => html`<li>${text}</li>`)}</ul>
<p class="why">${rule.why}${rule.source === undefined ? undefined : html` (${linkedSource(rule.source)})`}</p>
<p class="remedy"><strong>To do:</strong> ${rule.remedy}</p>
${remediesMarkup(rule, sameRemediesBefore(finding, findings)?.rule, anchor)}</li>
`;
}

/** The RFCs that a source names are linked. */
function linkedSource(source: string): readonly (string | Markup)[] {
  return source
    .split(/(RFC \d+)/)
    .map((part) =>
      /^RFC \d+$/.test(part)
        ? html`<a href="https://www.rfc-editor.org/rfc/rfc${part.slice(4)}" rel="noreferrer">${part}</a>`
        : part,
    );
}

function remediesMarkup({ remedies }: FindingRule, same: FindingRule | undefined, anchor: string): Markup | undefined {
  if (same !== undefined) {
    return html`<p class="remedy">The same lines as for <a href="#${anchor}-${same.id}">${same.id}</a>.</p>`;
  }
  const servers = serverRemedies(remedies);
  if (servers.length === 0) return undefined;
  return html`<details><summary>Lines for ${servers.map(({ server }) => server).join(", ")}</summary>
<dl class="servers">${servers.map(
    ({ server, lines }) =>
      html`<dt>${server}</dt><dd><pre><code>${lines.map((line, index) =>
        index === 0 ? html`${line}` : html`\n${line}`,
      )}</code></pre></dd>`,
  )}</dl></details>`;
}

/** What the policy says. */
export function policyMarkup(verdict: PolicyVerdict): Markup {
  const { policy, met } = verdict;
  const blocks = violationBlocks(verdict);
  return html`<section><h3>Policy ${policy}: <span class="${met ? "met" : "unmet"}">${metText(verdict)}</span></h3>
${blocks.length === 0 ? undefined : html`<div class="card policy">${blocks.map(blockMarkup)}</div>`}</section>`;
}
