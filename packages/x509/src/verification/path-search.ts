import type { Steps } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import type { VerificationLimits } from "../limits.ts";
import { describeName } from "../name.ts";
import type { Budget } from "./budget.ts";
import { type CandidatePath, issuerAt } from "./candidate-path.ts";
import {
  type PathRules,
  violationsOfAnchor,
  violationsOfAny,
  violationsOfIssuer,
  violationsOfRestrictions,
} from "./certificate-rules.ts";
import { anchorsOf, type IssuerPool } from "./issuer-pool.ts";
import type { Reached } from "./missing-intermediates.ts";
import { checkNamesAndPolicies } from "./names-and-policies.ts";
import type { Refusal, Violation } from "./refusal.ts";
import type { SignatureChecks } from "./signature-checks.ts";
import type { TrustAnchor } from "./trust-anchor.ts";
import type { TrustAnchors } from "./trust-anchors.ts";

/** What a path is sought among, and by which rules. */
export interface PathInputs {
  readonly leaf: Certificate;
  readonly pool: IssuerPool;
  readonly anchors: TrustAnchors;
  readonly rules: PathRules;
  readonly limits: VerificationLimits;
  readonly budget: Budget;
  readonly signatures: SignatureChecks;
  /** Is told of each rule that a path doesn't keep. */
  readonly refuse: (refusal: Refusal) => void;
  /** Is told of each certificate of which no issuer led to an anchor. */
  readonly reached: (reached: Reached) => void;
}

/** The same without those who are told. */
export type SearchedAmong = Omit<PathInputs, "refuse" | "reached">;

/** A path that keeps all rules of RFC 5280 §6.1, and the policies under which it is valid. */
export interface ValidPath extends CandidatePath {
  readonly policies: readonly string[];
}

/** Holds a valid path to whatever else there is: an answer, or nothing if it isn't kept. */
export type Acceptance<T> = (
  path: ValidPath,
  refuse: (violation: Violation, certificate: Certificate) => void,
) => Steps<T | undefined>;

/**
 * Seeks a path from the leaf to an anchor, depth first, through intermediates in any order, with cross-signed CAs,
 * loops and CAs of one name among them (RFC 4158): the first that keeps all rules.
 *
 * The rules that cost nothing are checked at each step. Signatures are checked once an anchor is reached, from the
 * anchor downwards: whoever sends a thousand CAs that no anchor signed makes us check no signature but the first.
 * What costs more than a signature, or is worth nothing without, comes after them. Whatever is tried counts against a
 * budget, for the number of paths grows exponentially with that of cross-signatures.
 */
export class PathSearch<T> {
  readonly #inputs: PathInputs;
  readonly #accept: Acceptance<T>;

  constructor(inputs: PathInputs, accept: Acceptance<T>) {
    this.#inputs = inputs;
    this.#accept = accept;
  }

  /** What the acceptance made of the first path that it took. */
  *find(): Steps<T | undefined> {
    const { leaf, anchors, rules } = this.#inputs;
    // A self-signed certificate that is itself an anchor: there is nothing above it to check.
    const pinned = leaf.selfIssued ? anchors.find(leaf) : undefined;
    if (pinned === undefined) return yield* this.#extend([leaf], leaf);
    const restrictions = violationsOfRestrictions(pinned, [leaf], rules);
    if (!this.#isAllowed(restrictions, [leaf], leaf, pinned)) return undefined;
    return yield* this.#finish({ certificates: [leaf], anchor: pinned });
  }

  /** Extends a path by an issuer of its last certificate; recursion ends at the limit of a chain's length. */
  *#extend(path: readonly Certificate[], last: Certificate): Steps<T | undefined> {
    const { anchors, budget, limits, pool, rules } = this.#inputs;
    let found = false;
    for (const anchor of anchorsOf(last, anchors)) {
      if (!budget.spendIssuerCandidate()) return this.#refuseExhausted(path, last);
      found = true;
      const whole = { certificates: path, anchor };
      if (!this.#isAllowed(violationsOfAnchor(anchor, path, rules), path, anchor.certificate, anchor)) continue;
      if (!(yield* this.#areSignaturesGood(whole))) {
        if (budget.exhausted !== undefined) return undefined;
        continue;
      }
      const outcome = yield* this.#finish(whole);
      if (outcome !== undefined || budget.exhausted !== undefined) return outcome;
    }
    for (const issuer of pool.issuersOf(last)) {
      if (!budget.spendIssuerCandidate()) return this.#refuseExhausted(path, last);
      if (isOnPath(issuer, path)) continue;
      found = true;
      const longer = [...path, issuer];
      // an anchor must still fit behind it
      if (longer.length + 1 > limits.chainLength) {
        this.#refuse(longer, undefined, issuer, {
          code: "chain_too_long",
          specification: "limits.ts",
          message: `a chain has at most ${limits.chainLength} certificates, and this one goes on`,
        });
        continue;
      }
      const violations = [...violationsOfAny(issuer, rules), ...violationsOfIssuer(issuer, path)];
      if (!this.#isAllowed(violations, longer, issuer, undefined)) continue;
      const outcome = yield* this.#extend(longer, issuer);
      if (outcome !== undefined || budget.exhausted !== undefined) return outcome;
    }
    if (!found) this.#refuseEnd(path, last);
    this.#inputs.reached({ certificate: last, depth: path.length - 1, isEnd: !found });
    return undefined;
  }

  #isAllowed(
    violations: Iterable<Violation>,
    path: readonly Certificate[],
    certificate: Certificate | undefined,
    anchor: TrustAnchor | undefined,
  ): boolean {
    let allowed = true;
    for (const violation of violations) {
      allowed = false;
      this.#refuse(path, anchor, certificate, violation);
    }
    return allowed;
  }

  /** RFC 5280 §6.1.3 (a)(1), from the anchor down. */
  *#areSignaturesGood(path: CandidatePath): Steps<boolean> {
    for (let index = path.certificates.length - 1; index >= 0; index -= 1) {
      const subject = path.certificates[index];
      if (subject === undefined) return false;
      const issuer = issuerAt(path, index);
      const result = yield* this.#inputs.signatures.ofCertificate(subject, issuer.subjectPublicKeyInfo);
      if (result.verdict === "good") continue;
      if (this.#inputs.budget.exhausted !== undefined) {
        this.#refuseExhausted(path.certificates, subject);
        return false;
      }
      const names = `the certificate of ${describeName(subject.subject)}, by ${describeName(issuer.name)}`;
      this.#refuse(path.certificates, path.anchor, subject, {
        code: result.verdict === "bad" ? "bad_signature" : "unsupported_algorithm",
        specification: "RFC 5280 §6.1.3 (a)(1)",
        message:
          result.verdict === "bad"
            ? `the signature of ${names}, is wrong`
            : `the signature of ${names}, can't be checked: ${result.message}`,
      });
      return false;
    }
    return true;
  }

  *#finish(path: CandidatePath): Steps<T | undefined> {
    const { budget, rules } = this.#inputs;
    const refuse = (violation: Violation, certificate: Certificate): void => {
      this.#refuse(path.certificates, path.anchor, certificate, violation);
    };
    const policies = checkNamesAndPolicies(path, rules, budget, refuse);
    const outcome = policies === undefined ? undefined : yield* this.#accept({ ...path, policies }, refuse);
    if (outcome === undefined && budget.exhausted !== undefined) {
      this.#refuseExhausted(path.certificates, path.certificates.at(-1));
    }
    return outcome;
  }

  #refuseExhausted(path: readonly Certificate[], certificate: Certificate | undefined): undefined {
    this.#refuse(path, undefined, certificate, {
      code: "budget_exhausted",
      specification: "limits.ts",
      message: `no path to a trust anchor was found before ${this.#inputs.budget.exhausted}`,
    });
  }

  #refuseEnd(path: readonly Certificate[], last: Certificate): void {
    const violation: Violation = last.selfIssued
      ? {
          code: "self_signed_untrusted",
          specification: "RFC 5280 §6.1.1 (d)",
          message: `the certificate of ${describeName(last.subject)} is self-signed and not a trust anchor`,
        }
      : {
          code: "unknown_issuer",
          specification: "RFC 5280 §6.1.3 (a)(4)",
          message: `the issuer of ${describeName(last.subject)}, ${describeName(last.issuer)}, is not known`,
        };
    this.#refuse(path, undefined, last, violation);
  }

  #refuse(
    path: readonly Certificate[],
    anchor: TrustAnchor | undefined,
    certificate: Certificate | undefined,
    violation: Violation,
  ): void {
    this.#inputs.refuse({ ...violation, certificate, path, anchor });
  }
}

/** RFC 4158 §2.4.2: the same name with the same key again leads nowhere that wasn't reached before. */
function isOnPath(certificate: Certificate, path: readonly Certificate[]): boolean {
  return path.some(
    (other) =>
      other === certificate ||
      (equalBytes(other.subjectPublicKeyInfo.der, certificate.subjectPublicKeyInfo.der) &&
        other.subject.equals(certificate.subject)),
  );
}
