import type { Equivalent } from "./equivalents.ts";

/** As much of Stryker's report (the schema of mutation-testing-elements) as is read here. */
export interface StrykerReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** Both count from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** A mutant that no test noticed. */
export interface Survivor {
  readonly file: string;
  readonly lineNumber: number;
  readonly line: string;
  readonly change: string;
  readonly operator: string;
  /** Whether any test came by. */
  readonly covered: boolean;
}

/** What a run came to. Mutants that don't run at all, and sentences, are not counted. */
export interface Outcome {
  readonly killed: number;
  readonly survivors: readonly Survivor[];
  /** Survivors that are known to change nothing. */
  readonly equivalent: readonly Survivor[];
  /** Of the list, what is killed or isn't there any more. */
  readonly stale: readonly Equivalent[];
}

export function outcome(report: StrykerReport, equivalents: readonly Equivalent[]): Outcome {
  const all = Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => ({ ...described(file, source, mutant), status: mutant.status })),
  );
  const killed = all.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  const alive = all.filter(({ status }) => status === "Survived" || status === "NoCoverage");
  const same = (entry: Equivalent) => (survivor: Survivor) =>
    entry.file === survivor.file && entry.line === survivor.line && entry.changes.includes(survivor.change);
  const isKnown = (survivor: Survivor): boolean => equivalents.some((entry) => same(entry)(survivor));
  return {
    killed,
    survivors: alive.filter((survivor) => !isKnown(survivor)),
    equivalent: alive.filter(isKnown),
    stale: equivalents.filter(
      (entry) =>
        Object.hasOwn(report.files, entry.file) &&
        entry.changes.some((change) => !alive.some(same({ ...entry, changes: [change] }))),
    ),
  };
}

function described(file: string, source: string, mutant: Mutant): Survivor {
  const { start, end } = mutant.location;
  const lines = source.split("\n");
  const was = lines.slice(start.line - 1, end.line);
  was[was.length - 1] = (was.at(-1) ?? "").slice(0, end.column - 1);
  was[0] = (was[0] ?? "").slice(start.column - 1);
  return {
    file,
    lineNumber: start.line,
    line: (lines[start.line - 1] ?? "").trim(),
    change: `${oneLine(was.join("\n"))} → ${oneLine(mutant.replacement)}`,
    operator: mutant.mutatorName,
    covered: mutant.status !== "NoCoverage",
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** `a of b (c %)`. */
export function score(killed: number, all: number): string {
  return `${killed} of ${all} (${((100 * killed) / all).toFixed(1)} %)`;
}

export function lines({ killed, survivors, equivalent, stale }: Outcome): string[] {
  const all = killed + survivors.length + equivalent.length;
  return [
    ...survivors.flatMap(({ file, lineNumber, line, change, operator, covered }) => [
      `${file}:${lineNumber}  ${operator}${covered ? "" : ", which no test comes by"}`,
      `    ${line}`,
      `    ${change}`,
    ]),
    ...stale.map(({ file, line }) => `to be taken off the list of equivalent ones: ${file}: ${line}`),
    `killed ${score(killed, all)}; without the ${equivalent.length} equivalent ones ${score(killed, all - equivalent.length)}`,
  ];
}
