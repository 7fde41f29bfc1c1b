import type { CryptoProvider, Steps } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "./certificate.ts";
import type { VerificationLimits } from "./limits.ts";
import { describeName, type Name } from "./name.ts";
import type { Refusal } from "./refusal.ts";
import { type PathPolicy, type Violation, violationsOfAny, violationsOfForm, violationsOfIssuer } from "./rules.ts";
import { type SignatureVerdict, verifySignature } from "./signature.ts";
import type { TrustAnchors } from "./trust-anchors.ts";

/** What a path is sought among, and by which rules. */
export interface PathInputs {
  readonly provider: CryptoProvider;
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly anchors: TrustAnchors;
  readonly policy: PathPolicy;
  readonly limits: VerificationLimits;
  readonly refuse: (refusal: Refusal) => void;
}

/**
 * Seeks a path from the leaf to an anchor, depth first, through intermediates in any order, with cross-signed CAs,
 * loops and CAs of one name among them (RFC 4158).
 *
 * The rules that cost nothing are checked at each step. Signatures are checked once an anchor is reached, from the
 * anchor downwards: whoever sends a thousand CAs that no anchor signed makes us check no signature but the first.
 * Whatever is tried counts against a budget, for the number of paths grows exponentially with that of cross-signatures.
 */
export class PathSearch {
  readonly #inputs: PathInputs;
  readonly #bySubject = new Map<string, Certificate[]>();
  readonly #verdicts = new Map<Certificate, Map<Certificate, SignatureVerdict>>();
  #signatureChecks = 0;
  #issuerCandidates = 0;
  #exhausted = false;

  constructor(inputs: PathInputs) {
    this.#inputs = inputs;
    for (const certificate of inputs.intermediates) {
      // an anchor that comes along with the intermediates has its say as an anchor
      if (inputs.anchors.has(certificate)) continue;
      const sameName = this.#bySubject.get(certificate.subject.canonical);
      if (sameName === undefined) this.#bySubject.set(certificate.subject.canonical, [certificate]);
      else sameName.push(certificate);
    }
  }

  /** The first path that keeps all rules, the leaf first and the anchor last. */
  *find(): Steps<readonly Certificate[] | undefined> {
    const { leaf, anchors } = this.#inputs;
    // A self-signed certificate that is itself an anchor: there is nothing above it to check.
    if (leaf.selfIssued && anchors.has(leaf)) return [leaf];
    return yield* this.#extend([leaf], leaf);
  }

  /** Extends a path by an issuer of its last certificate; recursion ends at the limit of a chain's length. */
  *#extend(path: readonly Certificate[], last: Certificate): Steps<readonly Certificate[] | undefined> {
    const { anchors, limits } = this.#inputs;
    let found = false;
    for (const anchor of byKeyIdentifier(anchors.named(last.issuer), last)) {
      if (!this.#spendCandidate(path, last)) return undefined;
      found = true;
      const whole = [...path, anchor];
      if (!this.#isAllowed(anchor, path, true)) continue;
      if (yield* this.#areSignaturesGood(whole)) return whole;
      if (this.#exhausted) return undefined;
    }
    for (const issuer of byKeyIdentifier(this.#named(last.issuer), last)) {
      if (!this.#spendCandidate(path, last)) return undefined;
      if (isOnPath(issuer, path)) continue;
      found = true;
      // an anchor must still fit behind it
      if (path.length + 2 > limits.chainLength) {
        this.#refuse([...path, issuer], issuer, {
          code: "chain_too_long",
          specification: "limits.ts",
          message: `a chain has at most ${limits.chainLength} certificates, and this one goes on`,
        });
        continue;
      }
      if (!this.#isAllowed(issuer, path, false)) continue;
      const whole = yield* this.#extend([...path, issuer], issuer);
      if (whole !== undefined || this.#exhausted) return whole;
    }
    if (!found) this.#refuseEnd(path, last);
    return undefined;
  }

  #named(subject: Name): readonly Certificate[] {
    return this.#bySubject.get(subject.canonical) ?? [];
  }

  #isAllowed(issuer: Certificate, path: readonly Certificate[], isAnchor: boolean): boolean {
    const { policy } = this.#inputs;
    let allowed = true;
    const check = (violations: Iterable<Violation>): void => {
      for (const violation of violations) {
        allowed = false;
        this.#refuse([...path, issuer], issuer, violation);
      }
    };
    // RFC 5280 §6.1.1 (d): an anchor's dates don't count; what its certificate forbids does
    check(isAnchor ? violationsOfForm(issuer, policy) : violationsOfAny(issuer, policy));
    check(violationsOfIssuer(issuer, path, isAnchor));
    return allowed;
  }

  /** RFC 5280 §6.1.3 (a)(1), from the anchor down. */
  *#areSignaturesGood(path: readonly Certificate[]): Steps<boolean> {
    for (let i = path.length - 2; i >= 0; i -= 1) {
      const subject = path[i];
      const issuer = path[i + 1];
      if (subject === undefined || issuer === undefined) return false;
      let verdict = this.#verdicts.get(subject)?.get(issuer);
      if (verdict === undefined) {
        if (this.#signatureChecks >= this.#inputs.limits.signatureChecks) {
          return this.#exhaust(path, subject, `${this.#inputs.limits.signatureChecks} signatures were checked`);
        }
        this.#signatureChecks += 1;
        verdict = yield* verifySignature({
          provider: this.#inputs.provider,
          signer: issuer.subjectPublicKeyInfo,
          algorithm: subject.signatureAlgorithm,
          data: subject.tbs,
          signature: subject.signature,
        });
        const known = this.#verdicts.get(subject) ?? new Map<Certificate, SignatureVerdict>();
        this.#verdicts.set(subject, known.set(issuer, verdict));
      }
      if (verdict.verdict === "good") continue;
      const names = `the certificate of ${describeName(subject.subject)}, by ${describeName(issuer.subject)}`;
      this.#refuse(path.slice(0, i + 2), subject, {
        code: verdict.verdict === "bad" ? "bad_signature" : "unsupported_algorithm",
        specification: "RFC 5280 §6.1.3 (a)(1)",
        message:
          verdict.verdict === "bad"
            ? `the signature of ${names}, is wrong`
            : `the signature of ${names}, can't be checked: ${verdict.message}`,
      });
      return false;
    }
    return true;
  }

  #spendCandidate(path: readonly Certificate[], last: Certificate): boolean {
    this.#issuerCandidates += 1;
    const { issuerCandidates } = this.#inputs.limits;
    return (
      this.#issuerCandidates <= issuerCandidates || this.#exhaust(path, last, `${issuerCandidates} issuers were tried`)
    );
  }

  #exhaust(path: readonly Certificate[], certificate: Certificate, what: string): false {
    this.#exhausted = true;
    this.#refuse(path, certificate, {
      code: "budget_exhausted",
      specification: "limits.ts",
      message: `no path to a trust anchor was found before ${what}`,
    });
    return false;
  }

  #refuseEnd(path: readonly Certificate[], last: Certificate): void {
    this.#refuse(
      path,
      last,
      last.selfIssued
        ? {
            code: "self_signed_untrusted",
            specification: "RFC 5280 §6.1.1 (d)",
            message: `the certificate of ${describeName(last.subject)} is self-signed and not a trust anchor`,
          }
        : {
            code: "unknown_issuer",
            specification: "RFC 5280 §6.1.3 (a)(4)",
            message: `the issuer of ${describeName(last.subject)}, ${describeName(last.issuer)}, is not known`,
          },
    );
  }

  #refuse(path: readonly Certificate[], certificate: Certificate, violation: Violation): void {
    this.#inputs.refuse({ ...violation, certificate, path });
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

/** RFC 4158 §3.5.12: the key that the certificate says signed it first; it is a hint, so the others come after. */
function* byKeyIdentifier(issuers: readonly Certificate[], certificate: Certificate): Generator<Certificate> {
  const hint = certificate.authorityKeyIdentifier?.keyIdentifier;
  if (hint === undefined || issuers.length < 2) {
    yield* issuers;
    return;
  }
  const others: Certificate[] = [];
  for (const issuer of issuers) {
    if (issuer.subjectKeyIdentifier !== undefined && equalBytes(issuer.subjectKeyIdentifier, hint)) yield issuer;
    else others.push(issuer);
  }
  yield* others;
}
