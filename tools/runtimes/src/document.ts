import { readFileSync, writeFileSync } from "node:fs";
import type { HostedSuite } from "./hosted-suite.ts";
import type { Report, RuntimeReport, SuiteReport } from "./report.ts";

/** The files of docs/ that show what came of the suites: that itself, and what is made of it. */
const paths = { results: docs("runtimes.json"), page: docs("runtimes.md") } as const;

function docs(name: string): URL {
  return new URL(`../../../docs/${name}`, import.meta.url);
}

const [begin, end] = ["<!-- made of runtimes.json from here on -->", "<!-- up to here -->"];

export function readResults(): Report {
  // What was written by the function below.
  return JSON.parse(readFileSync(paths.results, "utf8")) as Report;
}

export function readPage(): string {
  return readFileSync(paths.page, "utf8");
}

export function writeDocument(report: Report, suites: readonly HostedSuite[]): void {
  writeFileSync(paths.results, `${JSON.stringify(report, undefined, 1)}\n`);
  writeFileSync(paths.page, withResults(readPage(), report, suites));
}

/** The page with other results, whose text around them stays. */
export function withResults(page: string, report: Report, suites: readonly HostedSuite[]): string {
  const [before, after] = [page.split(begin)[0], page.split(end)[1]];
  if (before === undefined || after === undefined) throw new Error(`docs/runtimes.md has lost its marks`);
  const parts = [counts(report, suites), lacks(report, suites), carriers(suites)];
  return `${before}${begin}\n\n${parts.join("\n\n")}\n\n${end}${after}`;
}

function counts({ runtimes }: Report, suites: readonly HostedSuite[]): string {
  const rows = suites.map(({ name, about }) => [
    `**${name}**: ${about}`,
    ...runtimes.map((runtime) => count(runtime.suites[name])),
  ]);
  const heads = runtimes.map(({ name, version }) => `${name}<br>${version}`);
  return `### What passes where\n\n${table(["", ...heads], rows, "---:")}`;
}

function count(report: SuiteReport | undefined): string {
  if (report === undefined) return "";
  const { passed, cannot } = report;
  return cannot.length === 0 ? String(passed) : `${passed} of ${passed + cannot.length}`;
}

function lacks({ runtimes }: Report, suites: readonly HostedSuite[]): string {
  const rows = suites.flatMap(({ name }) => reasons(name, runtimes));
  const title = "### What can't be done, and why";
  return rows.length === 0
    ? `${title}\n\nNothing that was tried.`
    : `${title}\n\n${table(["", "where", "what", "why"], rows)}`;
}

/** The same reason in several runtimes is said once. */
function reasons(suite: string, runtimes: readonly RuntimeReport[]): readonly (readonly string[])[] {
  const where = new Map<string, string[]>();
  for (const { name: runtime, suites } of runtimes) {
    const whats = new Map<string, string[]>();
    for (const { name, why } of suites[suite]?.cannot ?? []) whats.set(why, [...(whats.get(why) ?? []), name]);
    for (const [why, names] of whats) {
      const key = JSON.stringify([shown(names), why]);
      where.set(key, [...(where.get(key) ?? []), runtime]);
    }
  }
  return [...where].map(([key, names]) => {
    // As it was put there.
    const [what, why] = JSON.parse(key) as readonly [string, string];
    const everywhere = runtimes.filter(({ suites }) => suites[suite] !== undefined).length === names.length;
    return [suite, everywhere && names.length > 1 ? "everywhere" : names.join(", "), what, why];
  });
}

/** Names of cases, as many as can be read. */
function shown(names: readonly string[]): string {
  return names.length > 3 ? `${names.length} cases` : names.join("; ");
}

function carriers(suites: readonly HostedSuite[]): string {
  const rows = suites.flatMap(({ name, about, backPressure }) =>
    backPressure === undefined ? [] : [[`${name} ${about}`, backPressure]],
  );
  return `### What holds a writer back\n\n${table(["", ""], rows)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], align: string = "---"): string {
  const rule = head.map((_, index) => (index === 0 ? "---" : align));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
