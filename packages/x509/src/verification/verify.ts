import { run, runSync, type Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { x509Error } from "../error.ts";
import { commonNameIs, describeMismatch, namesHost, type ReferenceIdentity, referenceIdentity } from "../identity.ts";
import { defaultVerificationLimits, type VerificationLimits } from "../limits.ts";
import { describeName } from "../name.ts";
import { Budget } from "./budget.ts";
import { violationsOfAny, violationsOfLeaf } from "./certificate-rules.ts";
import { findPath } from "./find-path.ts";
import { rulesOf, type VerificationInputs } from "./inputs.ts";
import { IssuerPool } from "./issuer-pool.ts";
import { notChecked } from "./not-checked.ts";
import { askNobody, othersOf } from "./others.ts";
import { purposeKeyUsage } from "./purpose.ts";
import { mostSpecific, type Refusal, type Violation } from "./refusal.ts";
import { SignatureChecks } from "./signature-checks.ts";
import { type VerifiedChain, verifiedChain } from "./verified-chain.ts";

/** What a verification found: the chain that was verified, or why none was. */
export type VerificationResult =
  | {
      readonly ok: true;
      readonly chain: VerifiedChain;
      /** Why the paths that were tried before it don't do: mostly nothing, and of no weight. */
      readonly refusals: readonly Refusal[];
    }
  | {
      readonly ok: false;
      /** The most specific of the refusals. */
      readonly reason: Refusal;
      /**
       * Of the leaf, then of each path in the order in which they were tried: all of them, or as many as
       * `limits.refusals` says, the reason always among them.
       */
      readonly refusals: readonly Refusal[];
    };

/**
 * Verifies a leaf: seeks a path from it to a trust anchor by RFC 5280 §6, and holds it to its purpose and to the
 * host that is asked for (RFC 9525). As steps, to be run with any provider; {@link verifyCertificateSync} and
 * {@link verifyCertificateAsync} run them.
 * @throws {X509Error} `invalid_identity`, `invalid_argument` for what the caller gave; never for a certificate
 */
export function* verifyCertificate(inputs: VerificationInputs): Steps<VerificationResult> {
  const { provider, leaf, intermediates, anchors, purpose, hostname } = inputs;
  const limits = { ...defaultVerificationLimits, ...inputs.limits };
  const rules = rulesOf(inputs);
  // first of all, so that the caller is always told of a host that can't be one
  const identity = hostname === notChecked ? undefined : referenceIdentity(hostname);
  if (anchors.size === 0) return refused([noAnchors()], limits);

  const leafRefusals: Refusal[] = [];
  const refuseLeaf = (violation: Violation): void => {
    leafRefusals.push({ ...violation, certificate: leaf, path: [leaf], anchor: undefined });
  };
  const keyUsage = inputs.leafKeyUsage ?? purposeKeyUsage(purpose) ?? notChecked;
  for (const violation of violationsOfAny(leaf, rules)) refuseLeaf(violation);
  for (const violation of violationsOfLeaf(leaf, keyUsage)) refuseLeaf(violation);
  if (
    identity !== undefined &&
    !namesHost(leaf, identity) &&
    !(rules.commonNameIsHost && commonNameIs(leaf, identity))
  ) {
    refuseLeaf(nameMismatch(leaf, identity));
  }

  // Paths are sought for a leaf that is refused too: all that is wrong is told at once.
  const budget = new Budget(limits);
  const signatures = new SignatureChecks(provider, budget, rules.signatureAlgorithms, inputs.verifiedSignatures);
  const pool = new IssuerPool(intermediates, anchors);
  const search = { leaf, pool, anchors, rules, limits, budget, signatures };
  // what asks others is spared for a leaf that is refused anyway
  const isLeafRefused = leafRefusals.length > 0;
  const askOthers = isLeafRefused ? askNobody : othersOf(inputs, search);
  const source = isLeafRefused ? undefined : inputs.missingIntermediates;
  const { accepted, refusals: pathRefusals } = yield* findPath(search, askOthers, source);
  if (accepted === undefined) return refused([...leafRefusals, ...pathRefusals], limits);
  if (isLeafRefused) return refused(leafRefusals, limits);
  const chain = verifiedChain({ ...accepted, hostname, purpose, at: inputs.at });
  return { ok: true, chain, refusals: pathRefusals.slice(0, limits.refusals) };
}

/**
 * {@link verifyCertificate}, at once.
 * @throws {CryptoError} `would_wait` with a provider that answers later
 */
export function verifyCertificateSync(inputs: VerificationInputs): VerificationResult {
  return runSync(verifyCertificate(inputs));
}

/** {@link verifyCertificate}, with any provider. */
export async function verifyCertificateAsync(inputs: VerificationInputs): Promise<VerificationResult> {
  return await run(verifyCertificate(inputs));
}

function refused(refusals: readonly Refusal[], limits: VerificationLimits): VerificationResult {
  const reason = mostSpecific(refusals);
  // A search that finds nothing says why; were it not to, that would be no reason to accept anything.
  if (reason === undefined) throw x509Error("invalid_argument", "a path search ended without a verdict");
  const told = refusals.slice(0, limits.refusals);
  if (told.length > 0 && !told.includes(reason)) told[told.length - 1] = reason;
  return { ok: false, reason, refusals: told };
}

function noAnchors(): Refusal {
  return {
    code: "no_anchors",
    specification: "RFC 5280 §6.1.1 (d)",
    message: "there are no trust anchors, so nothing can be verified",
    certificate: undefined,
    path: [],
    anchor: undefined,
  };
}

/** RFC 9325 §3.7#certificate-name */
function nameMismatch(leaf: Certificate, identity: ReferenceIdentity): Violation {
  return {
    code: "name_mismatch",
    specification: "RFC 9525 §6",
    message: `the certificate of ${describeName(leaf.subject)} is ${describeMismatch(leaf, identity)}`,
  };
}
