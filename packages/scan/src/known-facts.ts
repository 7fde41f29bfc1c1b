import type { CheckName, Facts, FoundFacts, Outcome } from "./facts.ts";
import type { KnownFacts } from "./finding.ts";

/** The facts of these checks, those that don't apply left out, or nothing if one of them isn't known. */
export function knownFacts(facts: FoundFacts, names: readonly CheckName[]): KnownFacts | undefined {
  const known: { [Name in CheckName]?: Facts[Name] } = {};
  const take = <Name extends CheckName>(name: Name): boolean => {
    const outcome: Outcome<Facts[Name]> = facts[name];
    if (outcome.state === "found") known[name] = outcome.value;
    return isKnown(outcome);
  };
  return names.every(take) ? known : undefined;
}

/** Whether there is nothing left to find out. */
export function isKnown(outcome: Outcome<unknown>): boolean {
  return outcome.state === "found" || (outcome.state === "skipped" && outcome.why === "inapplicable");
}
