import { posix } from "node:path";
import type { Evidence } from "./evidence.ts";
import { type Judged, type JudgedSection, judge } from "./judgement.ts";
import { features, type Reason, type Register } from "./register.ts";

/** Where the page lies, from the root; its links start there. */
export const pagePath = "docs/requirements.md";

/** So many places of a kind are named; that there are more is told, not how many, so that one more is no change. */
const maxNamed = 4;

/** The page: every requirement of every register, with what holds it and what proves it. */
export function page(registers: readonly Register[], evidence: readonly Evidence[]): string {
  return [
    "<!-- Written by `pnpm requirements` out of tools/requirements and the citations in code and tests. Don't edit. -->",
    "",
    "# Requirements",
    "",
    "Every normative sentence that binds a client or a server, in our own few words, with the code that holds it and the tests that prove it. Both are found by their citations: `RFC 9846 §4.2.4#second-retry-checked` in a comment or a test's name is about the requirement of that name in that section (`git grep '4.2.4#second-retry-checked'` finds all that cite it, `pnpm requirements 4.2.4#second-retry-checked` lists them with their lines). The page names functions and tests, not lines, so that it changes when what it says does.",
    "",
    "A requirement without code and test needs a reason, and `npm test` fails if there is none, if a reason no longer holds, if a citation names no requirement, or if this page is out of date. Tests that begin with `server:` or `client:` are deviations of the scripted peers, run by [misbehaviour.test.ts](../packages/tls/test/misbehaviour.test.ts): what the peer does wrong, and which alert it gets.",
    "",
    ...registers.flatMap((register) => chapter(register, judge(register, evidence))),
  ].join("\n");
}

function chapter(register: Register, sections: readonly JudgedSection[]): string[] {
  return [
    `## RFC ${register.rfc}: ${register.title}`,
    "",
    account(register),
    "",
    ...totals(sections.flatMap(({ judged }) => judged)),
    "",
    ...sections.flatMap((section) => sectionLines(section)),
  ];
}

/** How sentences became requirements. */
function account({ extent, counted, keyWords, sections }: Register): string {
  const entries = sections.flatMap((section) => section.entries);
  const count = (kind: string): number =>
    entries.filter((entry) => entry.kind === kind).reduce((sum, entry) => sum + entry.sentences.length, 0);
  const sentences = sections.reduce((sum, section) => sum + section.sentences, 0);
  const requirements = entries.filter(({ kind }) => kind === "requirement").length;
  return [
    `The text of ${extent} has ${keyWords} ${counted} in ${sentences} sentences.`,
    `${count("others")} of these bind neither client nor server, or announce what the next ones say;`,
    `${count("repeated")} say again what another section says, which is named there.`,
    `The others are ${requirements} requirements: sentences that only make sense together are one ("must check … if the check fails, must abort"), and a sentence that binds client and server to different things is two.`,
    "Every sentence is in the table's data, by its number within its section, and the check counts them.",
  ].join(" ");
}

type Standing = "proved" | Reason["kind"];

const standing = ({ requirement }: Judged): Standing => requirement.reason?.kind ?? "proved";

function totals(judged: readonly Judged[]): string[] {
  const of = (wanted: Standing): readonly Judged[] => judged.filter((each) => standing(each) === wanted);
  const byFeature = Object.entries(features).map(([feature, words]) => {
    const waiting = of("later").filter(({ requirement: { reason } }) => {
      return reason?.kind === "later" && reason.feature === feature;
    });
    return [`not yet: ${words}`, waiting.length] as const;
  });
  const absent = of("absent");
  const rows = [
    ["held by code and proved by tests", of("proved").length],
    ["held by doing nothing that is forbidden, proved by tests", absent.filter(({ tests }) => tests.length > 0).length],
    ["held by doing nothing that is forbidden, not tested", absent.filter(({ tests }) => tests.length === 0).length],
    ["held by code, not testable", of("untestable").length],
    ...byFeature,
    ["part of something optional that is not offered", of("notOffered").length],
    ["left undone by choice", of("byChoice").length],
    ["left to the application", of("application").length],
  ] as const;
  const some = rows.filter(([, count]) => count > 0);
  return [
    "| | requirements |",
    "| --- | ---: |",
    ...some.map(([what, n]) => `| ${what} | ${n} |`),
    `| all | ${judged.length} |`,
  ];
}

function sectionLines({ section, judged }: JudgedSection): string[] {
  const rest = section.entries.flatMap((entry) => {
    if (entry.kind === "repeated") return [`Said elsewhere: ${entry.of.map((id) => `\`${id}\``).join(", ")}.`];
    if (entry.kind !== "others") return [];
    const count = entry.sentences.length;
    return [`${count === 1 ? "One sentence" : `${count} sentences`} for ${entry.binds}.`];
  });
  const table = [
    "| requirement | binds | it … | held by | proved by |",
    "| --- | --- | --- | --- | --- |",
    ...judged.map((each) => row(each)),
    "",
  ];
  return [
    `### ${section.number} ${section.title}`,
    "",
    ...(judged.length === 0 ? [] : table),
    ...(rest.length === 0 ? [] : [rest.join(" "), ""]),
  ];
}

function row(judged: Judged): string {
  const { requirement, code, tests } = judged;
  const { reason } = requirement;
  const held = [...(reason === undefined ? [] : [`*${words(reason)}*`]), ...places(code)];
  const cells = [
    `\`${requirement.name}\``,
    requirement.binds,
    requirement.says,
    held.join(", "),
    places(tests).join(", "),
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function words(reason: Reason): string {
  if (reason.kind === "later") return `not yet: ${features[reason.feature]}`;
  if (reason.kind === "absent") return reason.why;
  if (reason.kind === "byChoice") return `by choice not: ${reason.why}`;
  if (reason.kind === "untestable") return `not testable: ${reason.why}`;
  if (reason.kind === "notOffered") return `not offered: ${reason.why}`;
  return `left to the application: ${reason.why}`;
}

function places(evidence: readonly Evidence[]): string[] {
  const links = [...new Set(evidence.map(link))];
  return links.length > maxNamed ? [...links.slice(0, maxNamed), "…"] : links;
}

function link({ kind, file, label }: Evidence): string {
  const [, owner] = file.split("/");
  const text = kind === "code" ? `${owner}: ${label}` : label === "" ? posix.basename(file) : label;
  const isName = /^[\w-]+: [\w.#]+$/.test(text);
  const shown = isName ? `\`${text}\`` : text.replaceAll(/[\\[\]_*`<>$]/g, (character) => `\\${character}`);
  return `[${shown}](${posix.relative(posix.dirname(pagePath), file)})`;
}
