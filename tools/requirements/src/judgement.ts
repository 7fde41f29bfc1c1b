import { citedAs } from "./citation.ts";
import type { Evidence } from "./evidence.ts";
import type { Register, Requirement, Section } from "./register.ts";

/** A requirement with what was found of it. */
export interface Judged {
  readonly id: string;
  readonly requirement: Requirement;
  readonly code: readonly Evidence[];
  readonly tests: readonly Evidence[];
}

export interface JudgedSection {
  readonly section: Section;
  readonly judged: readonly Judged[];
}

/** Each requirement of a register with the places that cite it. */
export function judge(register: Register, evidence: readonly Evidence[]): readonly JudgedSection[] {
  const own = evidence.filter(({ citation }) => citation.rfc === register.rfc);
  const places = Map.groupBy(own, ({ citation }) => citedAs(citation));
  return register.sections.map((section) => ({
    section,
    judged: section.entries
      .filter((entry) => entry.kind === "requirement")
      .map((requirement) => {
        const id = `${section.number}#${requirement.name}`;
        const found = places.get(id) ?? [];
        return {
          id,
          requirement,
          code: found.filter(({ kind }) => kind === "code"),
          tests: found.filter(({ kind }) => kind === "test"),
        };
      }),
  }));
}

/** Everything that is wrong with a register and the citations of its RFC, a sentence each. */
export function complaints(register: Register, evidence: readonly Evidence[]): readonly string[] {
  const sections = judge(register, evidence);
  return [
    ...unknownCitations(register, evidence),
    ...sections.flatMap(({ section }) => accountOf(register, section)),
    ...sections.flatMap(({ judged }) => judged).flatMap(missingOf),
  ].map((sentence) => `RFC ${register.rfc} ${sentence}`);
}

function unknownCitations(register: Register, evidence: readonly Evidence[]): string[] {
  const known = new Set([...idsOf(register), ...register.contents]);
  return evidence
    .filter(({ citation }) => citation.rfc === register.rfc && !known.has(citedAs(citation)))
    .map(({ citation, file, line }) => `has no §${citedAs(citation)}, which ${file}:${line} cites`);
}

/** That every sentence with a key word is in the table, and each entry is of sentences that there are. */
function accountOf(register: Register, { number, sentences, entries }: Section): string[] {
  const ids = idsOf(register);
  const taken = new Set(entries.flatMap((entry) => entry.sentences));
  const all = Array.from({ length: sentences }, (_, index) => index + 1);
  const names = entries.filter((entry) => entry.kind === "requirement").map(({ name }) => name);
  return [
    ...all.filter((n) => !taken.has(n)).map((n) => `§${number}: sentence ${n} is in no entry`),
    ...[...taken].filter((n) => !all.includes(n)).map((n) => `§${number}: there is no sentence ${n}`),
    ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `§${number}#${name} is there twice`),
    ...entries
      .filter((entry) => entry.kind === "repeated")
      .flatMap(({ of }) => of.filter((id) => !ids.has(id)))
      .map((id) => `§${number} refers to ${id}, which there is not`),
    ...(register.contents.includes(number) ? [] : [`§${number} is not in the contents`]),
  ];
}

function idsOf({ sections }: Register): ReadonlySet<string> {
  return new Set(
    sections.flatMap(({ number, entries }) =>
      entries.flatMap((entry) => (entry.kind === "requirement" ? [`${number}#${entry.name}`] : [])),
    ),
  );
}

/** Code and a test, or a reason that is still one. */
function missingOf({ id, requirement, code, tests }: Judged): string[] {
  const held = code.length > 0;
  const proved = tests.length > 0;
  const { reason } = requirement;
  const say = (sentence: string): string[] => [`§${id} (${requirement.says}) ${sentence}`];
  if (reason === undefined) {
    if (!held) return say(proved ? "has a test, and no code that cites it" : "has neither code nor test nor reason");
    return proved ? [] : say("has code, and no test that cites it");
  }
  if (reason.kind === "untestable") {
    if (!held) return say("has no code that cites it");
    return proved ? say("is said to be untestable, and has a test") : [];
  }
  if (reason.kind === "absent") return held ? say("is said to be held by no code, and has some") : [];
  return held && proved ? say("has a reason not to be held, and is held and proved") : [];
}
