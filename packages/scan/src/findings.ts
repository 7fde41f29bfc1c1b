/** The table of all findings, and what of it is true of a server. */
import type { FoundFacts } from "./facts.ts";
import { type Finding, type FindingRule, type Judged, severities, type Unknown } from "./finding.ts";
import { certificateChainFindings } from "./findings/certificate-chains.ts";
import { certificateRevocationFindings } from "./findings/certificate-revocation.ts";
import { certificateFindings } from "./findings/certificates.ts";
import { cipherSuiteFindings } from "./findings/cipher-suites.ts";
import { extensionFindings } from "./findings/extensions.ts";
import { flawFindings } from "./findings/flaws.ts";
import { httpFindings } from "./findings/http.ts";
import { ofWhatCanBeRead } from "./findings/judged-certificates.ts";
import { keyExchangeFindings } from "./findings/key-exchange.ts";
import { protocolFindings } from "./findings/protocol.ts";
import { sessionFindings } from "./findings/sessions.ts";
import { knownFacts, unknownAmong } from "./known-facts.ts";

/** Everything that can be wrong. Within a severity reports show findings in this order. */
export const findingRules: readonly FindingRule[] = [
  ...protocolFindings,
  ...ofWhatCanBeRead([...certificateFindings, ...certificateChainFindings, ...certificateRevocationFindings]),
  ...cipherSuiteFindings,
  ...keyExchangeFindings,
  ...extensionFindings,
  ...sessionFindings,
  ...httpFindings,
  ...flawFindings,
];

/** What is wrong with a server, and what nobody can say. */
export interface Judgement {
  /** The worst first, otherwise in the table's order. */
  readonly findings: readonly Finding[];
  /** Ids of findings that couldn't be judged, because what they are made of wasn't found out or wasn't asked. */
  readonly notJudged: readonly string[];
}

/** Judges facts by the table of findings. A check that failed or wasn't asked leaves what rests on it unjudged, never fine. */
export function judge(facts: FoundFacts, about: Judged, rules: readonly FindingRule[] = findingRules): Judgement {
  const findings: Finding[] = [];
  const notJudged: string[] = [];
  for (const rule of rules) {
    const verdict = judgeRule(rule, facts, about);
    if ("because" in verdict) notJudged.push(rule.id);
    else if (verdict.seen.length > 0) findings.push({ rule, seen: verdict.seen });
  }
  findings.sort((a, b) => severities.indexOf(a.rule.severity) - severities.indexOf(b.rule.severity));
  return { findings, notJudged };
}

/** What was seen of one of them, perhaps nothing, or why it can't be judged. */
export function judgeRule(
  rule: FindingRule,
  facts: FoundFacts,
  about: Judged,
): { readonly seen: readonly string[] } | Unknown {
  const unknown = unknownAmong(facts, rule.needs);
  if (unknown !== undefined) return unknown;
  if (rule.needsEarlier === true && about.earlier === undefined) {
    return { because: "not asked", reason: "there is no earlier scan to compare with" };
  }
  const known = knownFacts(facts, rule.needs);
  const seen = rule.seen(known, about);
  return seen.length > 0 ? { seen } : (rule.unknown?.(known, about) ?? { seen });
}
