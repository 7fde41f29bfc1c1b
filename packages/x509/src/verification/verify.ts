import { type CryptoProvider, run, runSync, type Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { x509Error } from "../error.ts";
import type { KeyUsage } from "../extensions/key-usage.ts";
import {
  commonNameIs,
  describeIdentities,
  hasHosts,
  namesHost,
  type ReferenceIdentity,
  referenceIdentity,
} from "../identity.ts";
import { defaultVerificationLimits, type VerificationLimits } from "../limits.ts";
import { describeName } from "../name.ts";
import { Budget } from "./budget.ts";
import { IssuerPool } from "./issuer-pool.ts";
import { type NotChecked, notChecked } from "./not-checked.ts";
import { askNobody, othersOf } from "./others.ts";
import { type PathInputs, PathSearch } from "./path-search.ts";
import type { PolicyInputs } from "./policies.ts";
import { type Purpose, purposeKeyUsage } from "./purpose.ts";
import { mostSpecific, type Refusal, type Violation } from "./refusal.ts";
import type { RevocationChecker } from "./revocation.ts";
import { type PathRules, violationsOfAny, violationsOfLeaf } from "./rules.ts";
import { SignatureChecks } from "./signature-checks.ts";
import type { TransparencyChecker } from "./transparency.ts";
import type { TrustAnchors } from "./trust-anchors.ts";
import { type VerifiedChain, verifiedChain } from "./verified-chain.ts";

/** What is verified, and what for. */
export interface VerificationInputs {
  /** Checks the signatures. */
  readonly provider: CryptoProvider;
  /** The certificate in question. */
  readonly leaf: Certificate;
  /** What may lie between it and an anchor: in any order, with anything else among them. */
  readonly intermediates: readonly Certificate[];
  readonly anchors: TrustAnchors;
  /** The time for which it is to be good: usually now. */
  readonly at: Date;
  readonly purpose: Purpose;
  /**
   * Whom the leaf must name: a host name (of A-labels) or an IP address, also in brackets. {@link notChecked} answers a
   * question about the chain alone, never whom one talks to.
   */
  readonly hostname: string | NotChecked;
  /** Who finds out whether a certificate was revoked, or {@link notChecked}. */
  readonly revocation: RevocationChecker | NotChecked;
  /** Who verifies signed certificate timestamps: nobody unless told. */
  readonly transparency?: TransparencyChecker | undefined;
  /** Which certificate policies are acceptable, and how strictly: every one, and none is asked for, unless told. */
  readonly policies?: PolicyInputs | undefined;
  /**
   * What the leaf's key usage, if it has one, must allow. Unless told, `digitalSignature` for servers, clients and
   * whoever else signs: TLS 1.3 and every signing exchange of TLS 1.2 need it. With the purposes `any`,
   * `emailProtection` and those without a name, nothing.
   */
  readonly leafKeyUsage?: KeyUsage | NotChecked | undefined;
  /**
   * Object identifiers of extensions that the caller itself acts upon, on every certificate of the path, so that they may
   * be critical: none unless told. A certificate with any other critical extension that isn't understood is refused.
   */
  readonly handledExtensions?: readonly string[] | undefined;
  readonly limits?: Partial<VerificationLimits> | undefined;
  /** Bits that an RSA modulus must have, 2048 unless told. Fewer can be factored, by ever more people. */
  readonly dangerousMinimumRsaBits?: number | undefined;
  /**
   * Whether a leaf without any dNSName or iPAddress is taken to name the host that its subject's common name spells.
   * Common names were never held to be host names by those who certify them: RFC 9525 §2 forbids it.
   */
  readonly dangerousCommonNameFallback?: boolean | undefined;
}

/** What a verification found: the chain that was verified, or why none was. */
export type VerificationResult =
  | { readonly ok: true; readonly chain: VerifiedChain }
  | {
      readonly ok: false;
      /** The most specific of the refusals. */
      readonly reason: Refusal;
      /** All of them: of the leaf, then of each path in the order in which they were tried. */
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
  const commonNameIsHost = inputs.dangerousCommonNameFallback === true && !hasHosts(leaf);
  const rules: PathRules = {
    at: wholeSecond(inputs.at),
    purpose,
    minimumRsaBits: inputs.dangerousMinimumRsaBits ?? 2048,
    policies: inputs.policies ?? {},
    handledExtensions: [
      ...(inputs.handledExtensions ?? []),
      ...(inputs.revocation === notChecked ? [] : inputs.revocation.handledExtensions),
    ],
    commonNameIsHost,
  };
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
  if (identity !== undefined && !namesHost(leaf, identity) && !(commonNameIsHost && commonNameIs(leaf, identity))) {
    refuseLeaf(nameMismatch(leaf, identity));
  }

  // Paths are sought for a leaf that is refused too: all that is wrong is told at once.
  const pathRefusals: Refusal[] = [];
  const refuse = (refusal: Refusal): void => {
    pathRefusals.push(refusal);
  };
  const budget = new Budget(limits);
  const signatures = new SignatureChecks(provider, budget);
  const pool = new IssuerPool(intermediates, anchors);
  const search: PathInputs = { leaf, pool, anchors, rules, limits, budget, signatures, refuse };
  // what asks others is spared for a leaf that is refused anyway
  const askOthers = leafRefusals.length > 0 ? askNobody : othersOf(inputs, search);
  const accepted = yield* new PathSearch(search, askOthers).find();
  // why other paths failed is of no interest once one was found
  if (accepted === undefined) return refused([...leafRefusals, ...pathRefusals], limits);
  if (leafRefusals.length > 0) return refused(leafRefusals, limits);
  return { ok: true, chain: verifiedChain({ ...accepted, hostname, purpose, at: inputs.at }) };
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

/** Certificates count in whole seconds, of which the last one counts whole. */
function wholeSecond(at: Date): number {
  const milliseconds = at.getTime();
  if (Number.isNaN(milliseconds)) throw x509Error("invalid_argument", "the time to verify for is not a time");
  return Math.floor(milliseconds / 1000) * 1000;
}

function refused(refusals: readonly Refusal[], limits: VerificationLimits): VerificationResult {
  const reason = mostSpecific(refusals);
  // A search that finds nothing says why; were it not to, that would be no reason to accept anything.
  if (reason === undefined) throw x509Error("invalid_argument", "a path search ended without a verdict");
  return { ok: false, reason, refusals: refusals.slice(0, limits.refusals) };
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

function nameMismatch(leaf: Certificate, identity: ReferenceIdentity): Violation {
  const wanted = "dnsName" in identity ? identity.dnsName : identity.ipAddress;
  return {
    code: "name_mismatch",
    specification: "RFC 9525 §6",
    message: `the certificate of ${describeName(leaf.subject)} is not for ${wanted}, but for ${describeIdentities(leaf)}`,
  };
}
