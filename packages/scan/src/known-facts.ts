import type { CheckName, Facts, FoundFacts, Outcome } from "./facts.ts";
import type { KnownFacts, Unknown } from "./finding.ts";

/** The facts of these checks, those that don't apply left out. What isn't known isn't there either: {@link unknownAmong} tells. */
export function knownFacts(facts: FoundFacts, names: readonly CheckName[]): KnownFacts {
  const known: { [Name in CheckName]?: Facts[Name] } = {};
  const take = <Name extends CheckName>(name: Name): void => {
    const outcome: Outcome<Facts[Name]> = facts[name];
    if (outcome.state === "found") known[name] = outcome.value;
  };
  for (const name of names) take(name);
  return known;
}

/** Why one of these checks has no facts although it applies, if there is one. */
export function unknownAmong(facts: FoundFacts, names: readonly CheckName[]): Unknown | undefined {
  for (const name of names) {
    const outcome = facts[name];
    const reason = "reason" in outcome ? `${name}: ${outcome.reason}` : "";
    if (outcome.state === "failed") return { because: "failed", reason };
    if (outcome.state === "skipped" && outcome.why !== "inapplicable") return { because: outcome.why, reason };
  }
  return undefined;
}
