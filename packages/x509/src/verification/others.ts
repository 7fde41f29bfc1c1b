import type { CryptoProvider, Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { x509Error } from "../error.ts";
import { type CandidatePath, issuerAt } from "./candidate-path.ts";
import { type PathRules, violationsOfAny } from "./certificate-rules.ts";
import { type NotChecked, notChecked } from "./not-checked.ts";
import { type Acceptance, PathSearch, type SearchedAmong, type ValidPath } from "./path-search.ts";
import type { Violation } from "./refusal.ts";
import type { RevocationChecker, RevocationMeans, RevocationSession, RevocationStatus } from "./revocation.ts";
import type { TransparencyChecker, VerifiedTimestamp } from "./transparency.ts";
import type { TrustAnchor } from "./trust-anchor.ts";
import { TrustAnchors } from "./trust-anchors.ts";

/** A path that keeps every rule, with what others say of it. */
export interface AcceptedPath extends ValidPath {
  readonly revocation: readonly RevocationStatus[] | NotChecked;
  readonly timestamps: readonly VerifiedTimestamp[] | NotChecked;
}

/** Who is asked about a path that keeps every rule of its own. */
export interface Others {
  readonly provider: CryptoProvider;
  readonly intermediates: readonly Certificate[];
  readonly at: Date;
  readonly revocation: RevocationChecker | NotChecked;
  readonly transparency?: TransparencyChecker | undefined;
}

/** Takes a path as it is. */
// biome-ignore lint/correctness/useYield: an acceptance may have to wait, this one doesn't
export function* askNobody(path: ValidPath): Steps<AcceptedPath> {
  return { ...path, revocation: notChecked, timestamps: notChecked };
}

/** Asks the checkers of transparency and of revocation, which may have to fetch something, in this order. */
export function othersOf(others: Others, search: SearchedAmong): Acceptance<AcceptedPath> {
  const { revocation } = others;
  const session = revocation === notChecked ? notChecked : revocation.begin(meansOf(others, search));
  return function* (path, refuse) {
    let allowed = true;
    const check = (violation: Violation | undefined, certificate: Certificate): void => {
      if (violation === undefined) return;
      allowed = false;
      refuse(violation, certificate);
    };
    const timestamps = yield* askTransparency(others, search, path, check);
    if (!allowed) return undefined;
    const statuses = yield* askRevocation(session, path, check);
    if (!allowed || search.budget.exhausted !== undefined) return undefined;
    return { ...path, revocation: statuses, timestamps };
  };
}

type Check = (violation: Violation | undefined, certificate: Certificate) => void;

function* askTransparency(
  { transparency, provider, at }: Others,
  { leaf, signatures }: SearchedAmong,
  path: CandidatePath,
  check: Check,
): Steps<readonly VerifiedTimestamp[] | NotChecked> {
  if (transparency === undefined) return notChecked;
  const verifySignature = signatures.of.bind(signatures);
  const found = yield* transparency.check({ provider, leaf, issuer: issuerAt(path, 0), at, verifySignature });
  check(found.violation, leaf);
  return found.timestamps;
}

function* askRevocation(
  session: RevocationSession | NotChecked,
  path: CandidatePath,
  check: Check,
): Steps<readonly RevocationStatus[] | NotChecked> {
  if (session === notChecked) return notChecked;
  const { certificates, anchor } = path;
  if (certificates.every((certificate) => anchor.certificate?.equals(certificate) === true)) {
    return certificates.map(() => ({ status: "not_checked", message: "it is itself the trust anchor" }));
  }
  const findings = yield* session.check(path);
  // what isn't answered for is not good
  if (findings.length !== certificates.length) {
    throw x509Error("invalid_argument", "a revocation checker answers for each certificate of a path");
  }
  for (const [index, certificate] of certificates.entries()) check(findings[index]?.violation, certificate);
  return findings.map(({ status }) => status);
}

/** What a checker of revocation may use of a verification. */
function meansOf({ provider, intermediates, at }: Others, search: SearchedAmong): RevocationMeans {
  const rules: PathRules = { ...search.rules, purpose: "any", policies: {}, commonNameIsHost: false };
  return {
    provider,
    at,
    intermediates,
    verifySignature: search.signatures.of.bind(search.signatures),
    violationsOf: (certificate) => violationsOfAny(certificate, rules),
    findPath: (signer, anchor) => findSigner({ ...search, rules }, signer, anchor),
  };
}

/** RFC 5280 §6.3.3 (f): the signer of a CRL is verified to the same anchor. */
function* findSigner(search: SearchedAmong, leaf: Certificate, anchor: TrustAnchor): Steps<CandidatePath | undefined> {
  for (const _ of violationsOfAny(leaf, search.rules)) return undefined;
  const anchors = TrustAnchors.of([anchor]);
  const own = { ...search, leaf, anchors, refuse: () => undefined, reached: () => undefined };
  return yield* new PathSearch(own, askNobody).find();
}
