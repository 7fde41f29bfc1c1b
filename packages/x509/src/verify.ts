import { type CryptoProvider, run, runSync, type Steps } from "@tlskit/crypto";
import type { Certificate } from "./certificate.ts";
import { x509Error } from "./error.ts";
import type { KeyUsage } from "./extensions/key-usage.ts";
import { certificateNames, describeIdentities, type ReferenceIdentity } from "./identity.ts";
import { defaultVerificationLimits, type VerificationLimits } from "./limits.ts";
import { describeName } from "./name.ts";
import { PathSearch } from "./path.ts";
import { mostSpecific, type Refusal } from "./refusal.ts";
import { type PathPolicy, type Purpose, violationsOfAny, violationsOfLeaf } from "./rules.ts";
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
  /** Whom the leaf must name. `"not_checked"` answers a question about the chain alone, never whom one talks to. */
  readonly identity: ReferenceIdentity | "not_checked";
  /**
   * What the leaf's key usage, if it has one, must allow: `digitalSignature` unless told, which TLS 1.3 and every
   * signing exchange of TLS 1.2 needs; with the purpose `any`, nothing.
   */
  readonly leafKeyUsage?: KeyUsage | "not_checked";
  readonly limits?: Partial<VerificationLimits>;
  /** Bits that an RSA modulus must have, 2048 unless told. Fewer can be factored, by ever more people. */
  readonly dangerousMinimumRsaBits?: number;
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
 * identity that is asked for (RFC 9525). As steps, to be run with any provider; {@link verifyCertificateSync} and
 * {@link verifyCertificateAsync} run them.
 *
 * Not checked: revocation. Refused, because it can't be checked yet: name constraints, policy constraints, and any
 * critical extension but basic constraints, key usage, extended key usage and subject alternative name.
 * @throws {X509Error} `invalid_identity`, `invalid_argument` for what the caller gave; never for a certificate
 */
export function* verifyCertificate(inputs: VerificationInputs): Steps<VerificationResult> {
  const { provider, leaf, intermediates, anchors, at, purpose, identity } = inputs;
  const limits = { ...defaultVerificationLimits, ...inputs.limits };
  const policy = pathPolicy(inputs);
  // first of all, so that the caller is always told of an identity that can't be one
  const isNamed = identity === "not_checked" || certificateNames(leaf, identity);
  if (anchors.size === 0) return refused([noAnchors()], limits);

  const leafRefusals: Refusal[] = [];
  const keyUsage = inputs.leafKeyUsage ?? (purpose === "any" ? "not_checked" : "digitalSignature");
  for (const violation of [...violationsOfAny(leaf, policy), ...violationsOfLeaf(leaf, keyUsage)]) {
    leafRefusals.push({ ...violation, certificate: leaf, path: [leaf] });
  }
  if (!isNamed) leafRefusals.push(nameMismatch(leaf, identity));

  // Paths are sought for a leaf that is refused too: all that is wrong is told at once.
  const pathRefusals: Refusal[] = [];
  const refuse = (refusal: Refusal): void => {
    pathRefusals.push(refusal);
  };
  const search = new PathSearch({ provider, leaf, intermediates, anchors, policy, limits, refuse });
  const certificates = yield* search.find();
  // why other paths failed is of no interest once one was found
  if (certificates === undefined) return refused([...leafRefusals, ...pathRefusals], limits);
  if (leafRefusals.length > 0) return refused(leafRefusals, limits);
  return { ok: true, chain: verifiedChain({ certificates, identity, purpose, at }) };
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

function pathPolicy(inputs: VerificationInputs): PathPolicy {
  const milliseconds = inputs.at.getTime();
  if (Number.isNaN(milliseconds)) throw x509Error("invalid_argument", "the time to verify for is not a time");
  return {
    // certificates count in whole seconds, of which the last one counts whole
    at: Math.floor(milliseconds / 1000) * 1000,
    purpose: inputs.purpose,
    minimumRsaBits: inputs.dangerousMinimumRsaBits ?? 2048,
  };
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
  };
}

function nameMismatch(leaf: Certificate, identity: ReferenceIdentity | "not_checked"): Refusal {
  const wanted = identity === "not_checked" ? "" : "dnsName" in identity ? identity.dnsName : identity.ipAddress;
  return {
    code: "name_mismatch",
    specification: "RFC 9525 §6",
    message: `the certificate of ${describeName(leaf.subject)} is not for ${wanted}, but for ${describeIdentities(leaf)}`,
    certificate: leaf,
    path: [leaf],
  };
}
