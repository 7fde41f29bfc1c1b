import { type Compared, type Figure, type MeasuredRow, type Report, reached } from "./report.ts";
import type { Goal } from "./row.ts";
import type { Spread } from "./statistics.ts";

const headings = ["", "figure", "ratio", "from", "to", "goal"] as const;

/** A comparison's figures as lines of text. */
export function textTable(row: string, { what, unit, figures }: Compared): string {
  const lines = figures.map((figure) => cells(figure, unit, standAlone(figures)));
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...lines.filter((line) => line.length > 2).map((line) => line[column]?.length ?? 0)),
  );
  const aligned = (line: readonly string[]): string =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [`${row}: ${what}`, ...[headings, ...lines].map((line) => `  ${aligned(line)}`)].join("\n");
}

/** All figures as tables of Markdown, one for each row. */
export function markdownTables({ rows }: Report): string {
  return rows.map(markdownTable).join("\n\n");
}

function markdownTable({ name, about, date, commit, load, comparisons }: MeasuredRow): string {
  const lines = comparisons.flatMap(({ what, unit, figures }) =>
    figures.map((figure, index) => {
      const line = cells(figure, unit, standAlone(figures));
      const blank = Array.from({ length: headings.length - line.length }, () => "");
      return [index === 0 ? what : "", ...line, ...blank];
    }),
  );
  const right = "---:";
  return [
    `### \`${name}\``,
    "",
    about,
    "",
    ...[["", ...headings], ["---", "---", right, right, right, right, "---"], ...lines].map(
      (line) => `| ${line.join(" | ")} |`,
    ),
    "",
    `Begun ${date.slice(0, 16).replace("T", " ")} UTC${commit === undefined ? "" : `, commit ${commit}`}, with ${load} processes at work.`,
  ].join("\n");
}

/** Whether nothing is compared: how far a figure's turns differ is told beside it then. */
function standAlone(figures: readonly Figure[]): boolean {
  return figures.every((figure) => "absent" in figure || figure.ratio === undefined);
}

function cells(figure: Figure, unit: string, withRange: boolean): readonly string[] {
  if ("absent" in figure) return [figure.name, `absent: ${figure.absent}`];
  const { name, median, min, max, ratio, goal } = figure;
  const value = `${amount(median)} ${unit}${withRange ? ` (${amount(min)} to ${amount(max)})` : ""}`;
  if (ratio === undefined) return [name, value, "", "", "", ""];
  const [middle, from, to] = [ratio.median, ratio.min, ratio.max].map((part) => part.toFixed(2));
  return [name, value, middle ?? "", from ?? "", to ?? "", goal === undefined ? "" : goalText(goal, ratio)];
}

function goalText(goal: Goal, ratio: Spread): string {
  const text = "atLeast" in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
  return `${text}: ${reached(goal, ratio) ? "yes" : "no"}`;
}

/** Three digits, or the whole number if that has more. */
function amount(figure: number): string {
  return figure >= 100 ? figure.toFixed(0) : figure.toPrecision(3);
}
