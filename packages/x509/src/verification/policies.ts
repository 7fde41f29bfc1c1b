import type { Certificate } from "../certificate.ts";
import { Oid } from "../oids.ts";
import type { CandidatePath } from "./candidate-path.ts";

/** Which policies the caller takes, and how strictly (RFC 5280 §6.1.1 (c), (e), (f), (g)). */
export interface PolicyInputs {
  /** Object identifiers of acceptable policies. Every policy is, unless told. */
  readonly userInitialPolicySet?: readonly string[] | undefined;
  /** Whether the path must be valid under one of them. */
  readonly initialExplicitPolicy?: boolean | undefined;
  /** Whether no policy may stand for another. */
  readonly initialPolicyMappingInhibit?: boolean | undefined;
  /** Whether anyPolicy stands for no other policy. */
  readonly initialAnyPolicyInhibit?: boolean | undefined;
}

/** What policies make of a path. */
export type PolicyVerdict =
  /** The user-constrained-policy-set. */
  | { readonly ok: true; readonly policies: readonly string[] }
  | { readonly ok: false; readonly certificate: Certificate; readonly specification: string; readonly message: string };

/** A node of the graph (RFC 9618 §3.2): a policy that holds at one depth, and those above from which it follows. */
interface PolicyNode {
  readonly validPolicy: string;
  readonly parents: readonly PolicyNode[];
  expectedPolicySet: ReadonlySet<string>;
}

/** The nodes of one depth, by their policies. */
type Level = Map<string, PolicyNode>;

/**
 * RFC 5280 §6.1 with the valid_policy_graph of RFC 9618. One node for each policy and depth: where the tree of
 * RFC 5280 could be made to grow exponentially, the graph is no larger than the certificates.
 *
 * The graph isn't pruned on the way, since what has no children at the end is never reached from there; that it is
 * NULL shows in a depth without nodes.
 */
export function checkPolicies({ certificates, anchor }: CandidatePath, inputs: PolicyInputs): PolicyVerdict {
  const length = certificates.length;
  const start = (zero: boolean | undefined): number => (zero === true ? 0 : length + 1);
  let explicitPolicy = start(inputs.initialExplicitPolicy);
  let policyMapping = start(inputs.initialPolicyMappingInhibit);
  let inhibitAnyPolicy = start(inputs.initialAnyPolicyInhibit);
  /** RFC 5280 §6.1.4 (i), (j); and RFC 5937 §3.2 for an anchor, whose constraints count from the start. */
  const constrain = ({ policyConstraints, inhibitAnyPolicy: skip }: Certificate): void => {
    explicitPolicy = Math.min(explicitPolicy, policyConstraints?.requireExplicitPolicy ?? explicitPolicy);
    policyMapping = Math.min(policyMapping, policyConstraints?.inhibitPolicyMapping ?? policyMapping);
    inhibitAnyPolicy = Math.min(inhibitAnyPolicy, skip ?? inhibitAnyPolicy);
  };
  // RFC 9618 §5.3
  const any: PolicyNode = { validPolicy: Oid.anyPolicy, parents: [], expectedPolicySet: new Set([Oid.anyPolicy]) };
  let level: Level | undefined = new Map([[Oid.anyPolicy, any]]);
  if (anchor.certificate !== undefined) {
    // RFC 5937 §3.2: the policies of an anchor bound those below it; one that names none bounds nothing
    if (anchor.certificate.certificatePolicies !== undefined) {
      level = nextLevel(level, anchor.certificate, inhibitAnyPolicy > 0);
      level = mapPolicies(level, anchor.certificate, policyMapping > 0);
    }
    constrain(anchor.certificate);
  }

  for (const [index, certificate] of certificates.toReversed().entries()) {
    const isLast = index === length - 1;
    // RFC 5280 §6.1.3 (d)(2)
    const anyPolicyCounts = inhibitAnyPolicy > 0 || (!isLast && certificate.selfIssued);
    level = nextLevel(level, certificate, anyPolicyCounts);
    // RFC 5280 §6.1.3 (f)
    if (explicitPolicy === 0 && level === undefined) {
      return { ok: false, certificate, specification: "RFC 5280 §6.1.3 (f)", message: "is under no policy that holds" };
    }
    if (isLast) break;
    const mappings = certificate.policyMappings ?? [];
    // RFC 5280 §6.1.4 (a)
    if (mappings.some((mapping) => Object.values(mapping).includes(Oid.anyPolicy))) {
      return { ok: false, certificate, specification: "RFC 5280 §6.1.4 (a)", message: "maps from or to anyPolicy" };
    }
    level = mapPolicies(level, certificate, policyMapping > 0);
    // RFC 5280 §6.1.4 (h)
    if (!certificate.selfIssued) {
      explicitPolicy = Math.max(0, explicitPolicy - 1);
      policyMapping = Math.max(0, policyMapping - 1);
      inhibitAnyPolicy = Math.max(0, inhibitAnyPolicy - 1);
    }
    constrain(certificate);
  }

  // RFC 5280 §6.1.5 (a), (b)
  const [leaf] = certificates;
  explicitPolicy = Math.max(0, explicitPolicy - 1);
  if (leaf?.policyConstraints?.requireExplicitPolicy === 0) explicitPolicy = 0;
  // RFC 5280 §6.1.5 (g)
  const policies = constrainedByUser(constrainedByAuthorities(level), inputs.userInitialPolicySet ?? [Oid.anyPolicy]);
  if (explicitPolicy > 0 || policies.length > 0 || leaf === undefined) return { ok: true, policies };
  return {
    ok: false,
    certificate: leaf,
    specification: "RFC 5280 §6.1.5 (g)",
    message: "is under no policy that is acceptable",
  };
}

/** RFC 9618 §5.4, step (d), (e): the nodes of the next depth; nothing for a graph that is NULL. */
function nextLevel(level: Level | undefined, certificate: Certificate, anyPolicyCounts: boolean): Level | undefined {
  const policies = certificate.certificatePolicies;
  if (level === undefined || policies === undefined) return undefined;
  const expecting = new Map<string, PolicyNode[]>();
  for (const node of level.values()) {
    for (const policy of node.expectedPolicySet) {
      const nodes = expecting.get(policy);
      if (nodes === undefined) expecting.set(policy, [node]);
      else nodes.push(node);
    }
  }
  const next: Level = new Map();
  const add = (policy: string, parents: readonly PolicyNode[]): void => {
    next.set(policy, { validPolicy: policy, parents, expectedPolicySet: new Set([policy]) });
  };
  const anyPolicy = level.get(Oid.anyPolicy);
  for (const { policyIdentifier } of policies) {
    if (policyIdentifier === Oid.anyPolicy) continue;
    // step (d)(1)(i), (ii)
    const parents = expecting.get(policyIdentifier) ?? (anyPolicy === undefined ? undefined : [anyPolicy]);
    if (parents !== undefined) add(policyIdentifier, parents);
  }
  // step (d)(2)
  if (anyPolicyCounts && policies.some(({ policyIdentifier }) => policyIdentifier === Oid.anyPolicy)) {
    for (const [policy, parents] of expecting) if (!next.has(policy)) add(policy, parents);
  }
  return next.size === 0 ? undefined : next;
}

/** RFC 9618 §5.5, step (b): what policies of the issuer's domain are called in the subject's. */
function mapPolicies(level: Level | undefined, certificate: Certificate, allowed: boolean): Level | undefined {
  if (level === undefined || certificate.policyMappings === undefined) return level;
  const mapped = new Map<string, Set<string>>();
  for (const { issuerDomainPolicy, subjectDomainPolicy } of certificate.policyMappings) {
    const subjectPolicies = mapped.get(issuerDomainPolicy);
    if (subjectPolicies === undefined) mapped.set(issuerDomainPolicy, new Set([subjectDomainPolicy]));
    else subjectPolicies.add(subjectDomainPolicy);
  }
  const anyPolicy = level.get(Oid.anyPolicy);
  for (const [policy, expectedPolicySet] of mapped) {
    const node = level.get(policy);
    if (!allowed) level.delete(policy);
    else if (node !== undefined) node.expectedPolicySet = expectedPolicySet;
    else if (anyPolicy !== undefined) {
      // a child of the anyPolicy node above
      level.set(policy, { validPolicy: policy, parents: anyPolicy.parents, expectedPolicySet });
    }
  }
  return level.size === 0 ? undefined : level;
}

/**
 * RFC 9618 §5.6: the authority-constrained-policy-set, in the trust anchor's words: the policies that follow from
 * anyPolicy alone and reach the last depth, and anyPolicy if it does.
 */
function constrainedByAuthorities(level: Level | undefined): ReadonlySet<string> {
  const policies = new Set<string>();
  const reached = new Set<PolicyNode>();
  const waiting = [...(level?.values() ?? [])];
  if (level?.has(Oid.anyPolicy) === true) policies.add(Oid.anyPolicy);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    waiting.push(...node.parents);
    if (node.validPolicy !== Oid.anyPolicy && node.parents[0]?.validPolicy === Oid.anyPolicy) {
      policies.add(node.validPolicy);
    }
  }
  return policies;
}

/** RFC 9618 §5.6: the user-constrained-policy-set. */
function constrainedByUser(authorities: ReadonlySet<string>, user: readonly string[]): readonly string[] {
  if (user.includes(Oid.anyPolicy)) return [...authorities];
  return authorities.has(Oid.anyPolicy) ? [...new Set(user)] : user.filter((policy) => authorities.has(policy));
}
