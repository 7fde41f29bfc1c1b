import type { Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import type { CertificateRevocationList } from "../crl/crl.ts";
import type { DistributionPoint } from "../extensions/distribution-points.ts";
import { describeName } from "../name.ts";
import { describeOid } from "../oids.ts";
import { readable } from "../readable.ts";
import type { SubjectPublicKeyInfo } from "../spki.ts";
import type { RevocationEvidence, RevocationStatus } from "../verification/revocation.ts";
import type { CrlPool } from "./crl-pool.ts";
import { impliedDistributionPoint, interimReasons, scopeProblem } from "./crl-scope.ts";
import type { CrlSigners } from "./crl-signers.ts";
import { staleness } from "./freshness.ts";
import type { RevocationLimits } from "./policy.ts";
import { allReasons, isWithin, noReasons, union } from "./reasons.ts";
import type { Target } from "./target.ts";

type CrlPair = Extract<RevocationEvidence, { source: "crl" }>["crls"][number];

/** What is the same for all CRLs of a verification. */
export interface CrlInputs {
  readonly pool: CrlPool;
  readonly signers: CrlSigners;
  /** Milliseconds since 1970, a whole second. */
  readonly at: number;
  readonly maximumAge: number | undefined;
  readonly limits: RevocationLimits;
}

/**
 * Finds out by the CRLs at hand whether a certificate was revoked: RFC 5280 §6.3.3, with use-deltas. The letters are
 * those of its steps; (a), getting CRLs, is for who calls this.
 */
export function* statusByCrls(inputs: CrlInputs, target: Target): Steps<RevocationStatus> {
  if (inputs.pool.isEmpty) return { status: "unknown", tried: [] };
  const { certificate } = target;
  const tried = new Set<string>();
  const used: CrlPair[] = [];
  let reasons = noReasons;
  let spent = 0;
  for (const { point, complete } of candidates(inputs, certificate)) {
    // (d), (e)
    const interim = interimReasons(complete, point);
    if (isWithin(interim, reasons)) continue;
    const name = `the CRL of ${describeName(complete.issuer)}`;
    // (b)
    const problem = scopeProblem(complete, inputs.pool.issuingKeysOf(complete), point, certificate);
    if (problem !== undefined) {
      tried.add(`${name} ${problem}`);
      continue;
    }
    spent += 1;
    if (spent > inputs.limits.crls) {
      tried.add(`at most ${inputs.limits.crls} CRLs are looked at, and there are more`);
      break;
    }
    const pair = yield* believe(inputs, complete, target);
    if (typeof pair === "string") {
      tried.add(`${name} ${pair}`);
      continue;
    }
    used.push(pair);
    // (i), (j): what the delta CRL says of a certificate comes before what the complete one says
    const entry = pair.delta?.find(certificate) ?? pair.complete.find(certificate);
    // (k)
    if (entry !== undefined && entry.reason !== "removeFromCRL") {
      const { revocationDate: revokedAt, reason } = entry;
      return { status: "revoked", evidence: { source: "crl", crls: [pair] }, revokedAt, reason };
    }
    // (l)
    reasons = union(reasons, interim);
    if (isWithin(allReasons, reasons)) return { status: "good", evidence: { source: "crl", crls: used } };
  }
  if (reasons.size > 0) tried.add(`the CRLs are for some reasons only: ${[...reasons].join(", ")}`);
  return { status: "unknown", tried: [...tried] };
}

/** Each distribution point with each CRL of its issuer (b)(1), those that no distribution point names at last. */
function* candidates(
  { pool, limits }: CrlInputs,
  certificate: Certificate,
): Generator<{ readonly point: DistributionPoint; readonly complete: CertificateRevocationList }> {
  const points = readable(() => certificate.cRLDistributionPoints)?.slice(0, limits.distributionPoints) ?? [];
  for (const point of [...points, impliedDistributionPoint(certificate)]) {
    for (const issuer of point.cRLIssuer?.directoryNames ?? [certificate.issuer]) {
      for (const complete of pool.completeOf(issuer)) yield { point, complete };
    }
  }
}

/** A CRL, verified and current, with its delta CRL; or why not, as a clause. */
function* believe(
  { pool, signers, at, maximumAge }: CrlInputs,
  complete: CertificateRevocationList,
  target: Target,
): Steps<CrlPair | string> {
  const problem = extensionProblem(complete);
  if (problem !== undefined) return problem;
  // (a): a complete CRL that is out of date will do with a delta CRL that isn't
  const stale = staleness(complete, at, maximumAge);
  const deltas = pool
    .deltasOf(complete)
    .filter((crl) => extensionProblem(crl) === undefined && staleness(crl, at, maximumAge) === undefined);
  if (stale !== undefined && (deltas.length === 0 || complete.thisUpdate.getTime() > at)) return stale;
  // (f), (g)
  const signer = yield* signers.signerOf(complete, target);
  if ("problem" in signer) return signer.problem;
  const delta = yield* verifiedDelta(signers, deltas, signer.key);
  if (stale !== undefined && delta === undefined) return stale;
  return { complete, delta };
}

/** (h): the newest delta CRL that is signed by the same key. */
function* verifiedDelta(
  signers: CrlSigners,
  deltas: readonly CertificateRevocationList[],
  key: SubjectPublicKeyInfo,
): Steps<CertificateRevocationList | undefined> {
  for (const delta of deltas) {
    const { verdict } = yield* signers.verify(delta, key);
    if (verdict === "good") return delta;
  }
  return undefined;
}

/** RFC 5280 §5.2, §5.3: a critical extension that isn't understood, of the CRL or of any of its entries. */
function extensionProblem({ unsupportedCriticalExtension: oid }: CertificateRevocationList): string | undefined {
  return oid === undefined ? undefined : `has the critical extension ${describeOid(oid)}, which is not supported`;
}
