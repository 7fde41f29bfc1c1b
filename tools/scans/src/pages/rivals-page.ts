/** The page of the documentation about other scanners, made of what they said and took. */
import { checkNames, findingRules } from "@tlskit/scan";
import { type ComparedCheck, comparedChecks } from "../rivals/compared-checks.ts";
import { type Difference, differences } from "../rivals/differences.ts";
import { type Explanation, explanations } from "../rivals/explanations.ts";
import { type Question, questions } from "../rivals/questions.ts";
import type { Results } from "../rivals/results.ts";
import { roundTrip } from "../rivals/run.ts";
import { type ScannerName, scannerNames } from "../rivals/scanner.ts";

export function rivalsPage(results: Results): string {
  return `# \`tlskit scan\` beside testssl.sh and sslyze

[testssl.sh](https://testssl.sh/) ${results.versions["testssl.sh"]} (Debian's) and [sslyze](https://github.com/nabla-c0d3/sslyze) ${results.versions.sslyze} (PyPI's) were pointed at the same ${results.configurations.length} servers as \`tlskit scan\`, on ${results.day}. This page is made of what came of that, and a test holds it to it. It is made anew, in half an hour, by

\`\`\`
SSLYZE=/path/to/sslyze pnpm rivals /tmp/rivals
pnpm vitest run --project unit tools/scans/test/pages.test.ts -u
\`\`\`

## Time and connections

Each server was behind a relay that makes it ${roundTrip} milliseconds away, there and back, counts connections, and waits a round trip before it passes on a connection's first octets. Ours ran with everything: \`--renegotiation --replay --flaws\`. testssl.sh ran as it comes, which leaves out some of its checks (\`-E\`, \`-g\`); sslyze ran with all of its own. Seconds are a whole process's; testssl.sh, a shell script, spends many of them on starting others.

| server | ${scannerNames.map((name) => `${name}: s`).join(" | ")} | ${scannerNames.map((name) => `${name}: connections`).join(" | ")} |
| --- | ${scannerNames.map(() => "---: | ---:").join(" | ")} |
${results.configurations
  .map(({ name, scanners }) =>
    row([
      name,
      ...scannerNames.map((scanner) => scanners[scanner].seconds.toFixed(1)),
      ...scannerNames.map((scanner) => String(scanners[scanner].traffic.connections)),
    ]),
  )
  .join("\n")}
${row(["**all**", ...scannerNames.map((scanner) => sum(results, ({ seconds }) => seconds, scanner).toFixed(0)), ...scannerNames.map((scanner) => String(sum(results, ({ traffic }) => traffic.connections, scanner)))])}

## What each looks at

| what | tlskit scan | testssl.sh | sslyze | |
| --- | --- | --- | --- | --- |
${comparedChecks.map((check) => row([check.what, ours(check), check.testssl ?? "–", check.sslyze ?? "–", check.note ?? ""])).join("\n")}

## Where they differ

Of the ${Object.keys(questions).length} questions that at least two of them answer, about each of the ${results.configurations.length} servers, these have answers that differ. Of sets, what not all have is shown; who says nothing to a question has an empty cell.

${bySection(results)}
`;
}

function ours({ tlskit }: ComparedCheck): string {
  if (tlskit === undefined) return "–";
  if ("by" in tlskit) return tlskit.by;
  if ("findings" in tlskit)
    return tlskit.findings.map((id) => `[\`${id}\`](scan-findings.md#${anchor(id)})`).join(", ");
  return tlskit.map((name) => `\`${name}\``).join(", ");
}

/** How GitHub and others make a fragment of a heading. */
const anchor = (id: string): string => id.replaceAll(".", "");

function sum(
  { configurations }: Results,
  of: (result: Results["configurations"][number]["scanners"][ScannerName]) => number,
  scanner: ScannerName,
): number {
  return configurations.reduce((total, { scanners }) => total + of(scanners[scanner]), 0);
}

function bySection(results: Results): string {
  const all = differences(results);
  return (Object.keys(questions) as Question[])
    .map((question) => ({ question, of: all.filter((difference) => difference.question === question) }))
    .filter(({ of }) => of.length > 0)
    .map(({ question, of }) => `### ${questions[question]}\n\n${explanationsOf(of).map(explained).join("\n\n")}`)
    .join("\n\n");
}

interface Explained {
  readonly explanation: Explanation | undefined;
  readonly differences: readonly Difference[];
}

function explanationsOf(all: readonly Difference[]): readonly Explained[] {
  return [...Map.groupBy(all, (difference) => explanations.find((each) => explains(each, difference)))].map(
    ([explanation, those]) => ({ explanation, differences: those }),
  );
}

export function explains({ question, configurations }: Explanation, difference: Difference): boolean {
  return question === difference.question && configurations.includes(difference.configuration);
}

function explained({ explanation, differences: those }: Explained): string {
  return [
    row(["server", ...scannerNames]),
    row(["---", ...scannerNames.map(() => "---")]),
    ...those.map(({ configuration, said }) => row([configuration, ...scannerNames.map((name) => saidBy(said, name))])),
    "",
    explanation?.because ?? "Nobody has explained this yet.",
  ].join("\n");
}

function saidBy(said: Difference["said"], name: ScannerName): string {
  const answer = said.get(name);
  return answer === undefined ? "" : answer === "" ? "–" : answer;
}

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** Checks and findings of ours that the comparison names and that don't exist. */
export function unknownNames(): readonly string[] {
  const ids = new Set(findingRules.map(({ id }) => id));
  const names = new Set<string>(checkNames);
  return comparedChecks.flatMap(({ tlskit }) => {
    if (tlskit === undefined || "by" in tlskit) return [];
    return "findings" in tlskit
      ? tlskit.findings.filter((id) => !ids.has(id))
      : tlskit.filter((name) => !names.has(name));
  });
}
