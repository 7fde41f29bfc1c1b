import type { PolicyVerdict } from "../report.ts";
import { alike } from "./alike.ts";
import { type Block, field } from "./block.ts";

/** What a policy wants, rule by rule, and what was seen instead. */
export function violationBlocks({ violations }: PolicyVerdict): readonly Block[] {
  return alike(violations, ({ rule, wanted }) => JSON.stringify([rule, wanted])).map((same) => {
    const [{ rule, wanted }] = same;
    return {
      kind: "fields",
      caption: rule,
      fields: [...field("Wanted", wanted), ...field("Seen", ...same.map(({ seen }) => seen))],
    };
  });
}
