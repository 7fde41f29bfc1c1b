import type { ConfigurationName } from "./configuration.ts";
import { type Question, questions, setQuestions } from "./questions.ts";
import type { ConfigurationResults, Results } from "./results.ts";
import { type ScannerName, scannerNames } from "./scanner.ts";

/** A question that scanners answer differently of the same server. */
export interface Difference {
  readonly configuration: ConfigurationName;
  readonly question: Question;
  /** What each says; of sets, what not all say. Who says nothing isn't here. */
  readonly said: ReadonlyMap<ScannerName, string>;
}

export function differences({ configurations }: Results): readonly Difference[] {
  return configurations.flatMap((configuration) =>
    (Object.keys(questions) as Question[]).flatMap((question) => differenceIn(configuration, question)),
  );
}

function differenceIn({ name, scanners }: ConfigurationResults, question: Question): readonly Difference[] {
  const said = new Map<ScannerName, string>();
  for (const scanner of scannerNames) {
    const answer = scanners[scanner].answers[question];
    if (answer !== undefined) said.set(scanner, answer);
  }
  if (new Set(said.values()).size < 2) return [];
  return [{ configuration: name, question, said: setQuestions.has(question) ? withoutWhatAllSay(said) : said }];
}

function withoutWhatAllSay(said: ReadonlyMap<ScannerName, string>): ReadonlyMap<ScannerName, string> {
  const sets = [...said].map(([scanner, answer]) => [scanner, answer.split(" ")] as const);
  const byAll = (item: string): boolean => sets.every(([, items]) => items.includes(item));
  return new Map(sets.map(([scanner, items]) => [scanner, items.filter((item) => !byAll(item)).join(" ")]));
}
