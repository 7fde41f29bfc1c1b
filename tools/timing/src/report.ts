import type { ClassKind, Experiment } from "./experiment.ts";
import { type Comparison, compare, median, seen } from "./statistics.ts";

/** What came of a class. */
export interface Line {
  readonly name: string;
  readonly kind: ClassKind;
  /** Nanoseconds. */
  readonly median: number;
  /** Nanoseconds; the reference has none. */
  readonly comparison: Comparison | undefined;
}

/** What came of an experiment. */
export interface Report {
  readonly name: string;
  readonly tries: number;
  readonly lines: readonly Line[];
  /** What is wrong, in sentences: with what was measured, or with the measurement. */
  readonly wrong: readonly string[];
}

export function report({ name, classes }: Experiment, times: readonly (readonly number[])[]): Report {
  const reference = times[0] ?? [];
  const lines = classes.map((inputs, index): Line => {
    const own = times[index] ?? [];
    const comparison = inputs.kind === "reference" ? undefined : compare(own, reference);
    return { name: inputs.name, kind: inputs.kind, median: median(own), comparison };
  });
  return { name, tries: reference.length, lines, wrong: lines.flatMap(wrongWith) };
}

function wrongWith({ name, kind, comparison }: Line): readonly string[] {
  if (comparison === undefined) return [];
  const isSeen = Math.abs(comparison.t) > seen;
  if (kind === "tested" && isSeen) return [`time tells "${name}" from the reference`];
  if (kind === "same" && isSeen) return ["the measurement is no good: it tells the reference from itself"];
  if (kind === "control" && !isSeen) return [`the measurement sees nothing: not even "${name}"`];
  return [];
}

/** A table for people, in Markdown. */
export function table({ name, tries, lines, wrong }: Report): string {
  const head = ["class", "median", "longer than the first by", "standard errors", "would be seen from"];
  const rows = lines.map(({ name: own, kind, median: middle, comparison }) => [
    kind === "tested" ? own : `${own} *(${kind})*`,
    time(middle),
    comparison === undefined ? "" : time(comparison.difference),
    comparison === undefined ? "" : comparison.t.toFixed(1),
    comparison === undefined ? "" : time(comparison.resolution),
  ]);
  const cells = [head, head.map((_, at) => (at === 0 ? "---" : "---:")), ...rows];
  const text = cells.map((row) => `| ${row.join(" | ")} |`).join("\n");
  const verdict =
    wrong.length === 0 ? `nothing is told apart, ${seen} standard errors being asked for` : wrong.join("; ");
  return `${name}, ${tries} tries of each class: ${verdict}.\n\n${text}\n`;
}

function time(nanoseconds: number): string {
  const size = Math.abs(nanoseconds);
  if (size >= 1e6) return `${(nanoseconds / 1e6).toFixed(3)} ms`;
  return size >= 1e3 ? `${(nanoseconds / 1e3).toFixed(2)} µs` : `${nanoseconds.toFixed(1)} ns`;
}
