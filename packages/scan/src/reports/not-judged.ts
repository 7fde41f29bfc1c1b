import { findingRules } from "../findings.ts";
import { unknownAmong } from "../known-facts.ts";
import type { ScannedTarget } from "../report.ts";
import { type Block, counted, sentence } from "./block.ts";

/**
 * That there are findings of which nobody can say whether they are so. What rests on checks that whoever scans left out is
 * counted alone: `--only` leaves most of the table.
 */
export function notJudgedBlocks({ notJudged, facts }: ScannedTarget): readonly Block[] {
  const needs = new Map(findingRules.map((rule) => [rule.id, rule.needs]));
  const isLeftOut = (id: string): boolean => unknownAmong(facts, needs.get(id) ?? [])?.because === "left out";
  const named = notJudged.filter((id) => !isLeftOut(id));
  const leftOut = notJudged.length - named.length;
  return [
    ...(named.length === 0 ? [] : [{ kind: "names", caption: captionOf(named), names: named } as const]),
    ...(leftOut === 0 ? [] : [sentence(`Not judged, because it was left out: ${counted(leftOut, "finding")}.`)]),
  ];
}

function captionOf(named: readonly string[]): string {
  return `Not judged, because what ${named.length === 1 ? "it is" : "they are"} made of isn't known:`;
}
