import type { Certificate } from "../certificate.ts";
import { describeName } from "../name.ts";
import type { Budget } from "./budget.ts";
import type { CandidatePath } from "./candidate-path.ts";
import type { PathRules } from "./certificate-rules.ts";
import { NameConstraintState } from "./name-constraint-state.ts";
import { checkPolicies } from "./policies.ts";
import type { Violation } from "./refusal.ts";

/**
 * The part of RFC 5280 §6.1 that looks at a path as a whole, from the anchor down: which names and which policies those
 * above allow. Worth its work only once the signatures are known to be good.
 * @returns the policies under which the path is valid; nothing if it isn't, or if the budget was used up
 */
export function checkNamesAndPolicies(
  path: CandidatePath,
  rules: PathRules,
  budget: Budget,
  refuse: (violation: Violation, certificate: Certificate) => void,
): readonly string[] | undefined {
  let allowed = true;
  const names = new NameConstraintState(budget);
  names.impose(path.anchor.nameConstraints, path.anchor.name);
  names.impose(path.anchor.certificate?.nameConstraints, path.anchor.name);
  for (const [index, certificate] of path.certificates.toReversed().entries()) {
    const isLeaf = index === path.certificates.length - 1;
    // RFC 5280 §6.1.3 (b), (c): self-issued certificates are passed over, but for the leaf
    const violation =
      certificate.selfIssued && !isLeaf ? undefined : names.violationOf(certificate, isLeaf && rules.commonNameIsHost);
    if (budget.exhausted !== undefined) return undefined;
    if (violation !== undefined) {
      allowed = false;
      const message = `the certificate of ${describeName(certificate.subject)} has ${violation}`;
      refuse({ code: "name_not_permitted", specification: "RFC 5280 §4.2.1.10", message }, certificate);
    }
    names.impose(certificate.nameConstraints, certificate.subject);
  }
  const verdict = checkPolicies(path, rules.policies);
  if (verdict.ok) return allowed ? verdict.policies : undefined;
  const { certificate, specification } = verdict;
  const message = `the certificate of ${describeName(certificate.subject)} ${verdict.message}`;
  refuse({ code: "no_valid_policy", specification, message }, certificate);
  return undefined;
}
