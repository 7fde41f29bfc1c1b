import type { Answer, AnswerEnd, SeenMessage } from "./answer.ts";

/** An answer that is being read. */
export type Draft = { -readonly [Member in keyof Answer]: Answer[Member] } & { readonly seen: SeenMessage[] };

/** An answer of which nothing has come. */
export function emptyDraft(): Draft {
  const end: AnswerEnd = { how: "complete" };
  return { end, seen: [] };
}
