import type { Steps } from "@tlskit/crypto";
import { type IntermediateSource, MissingIntermediates, type Reached } from "./missing-intermediates.ts";
import { type Acceptance, type PathInputs, PathSearch, type SearchedAmong } from "./path-search.ts";
import type { Refusal } from "./refusal.ts";

/** What the acceptance made of a path, if it took one, and why the others don't do. */
export interface FoundPath<T> {
  readonly accepted: T | undefined;
  readonly refusals: readonly Refusal[];
}

/**
 * Seeks a path among the certificates at hand, and then, as long as they lead nowhere, among what a source adds to them.
 * Each search begins anew, with what is left of the budget: no signature is checked twice. A path that was refused for what
 * others say of it (that a certificate was revoked) is where they lead: there is nothing to ask the source for.
 */
export function* findPath<T>(
  search: SearchedAmong,
  accept: Acceptance<T>,
  source: IntermediateSource | undefined,
): Steps<FoundPath<T>> {
  const missing = source && new MissingIntermediates(source, search.pool);
  let leadsSomewhere = false;
  const noting: Acceptance<T> = (path, refuse) => {
    leadsSomewhere = true;
    return accept(path, refuse);
  };
  for (;;) {
    const refusals: Refusal[] = [];
    const reached: Reached[] = [];
    const inputs: PathInputs = {
      ...search,
      refuse: (refusal) => void refusals.push(refusal),
      reached: (one) => void reached.push(one),
    };
    const accepted = yield* new PathSearch(inputs, noting).find();
    if (missing === undefined) return { accepted, refusals };
    const isEnd = accepted !== undefined || leadsSomewhere || search.budget.exhausted !== undefined;
    if (isEnd || !(yield* missing.add(reached))) {
      return { accepted, refusals: refusals.map((refusal) => missing.explain(refusal)) };
    }
  }
}
