import type { Judged } from "../finding.ts";
import type { PolicyVerdict } from "../report.ts";
import type { Policy } from "./policy.ts";
import { policyRules, type Scanned } from "./rules.ts";

/** Whether a server is what a policy asks. What wasn't found out isn't met. */
export function judgePolicy(policy: Policy, scanned: Scanned, about: Judged): PolicyVerdict {
  const violations = policyRules.flatMap((rule) => rule.violations(policy, scanned, about));
  return { policy: policy.name, met: violations.length === 0, violations };
}
