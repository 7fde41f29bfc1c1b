import type { FlawsFact } from "../../facts.ts";
import type { Block } from "../block.ts";

export function flawBlocks({ flaws }: FlawsFact): readonly Block[] {
  return [
    {
      kind: "table",
      columns: ["Flaw", "State", "What was seen"],
      rows: flaws.map(({ id, state, how }) => [id, state, how]),
    },
  ];
}
