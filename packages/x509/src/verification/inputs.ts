import type { CryptoProvider, SignatureAlgorithm } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { x509Error } from "../error.ts";
import type { KeyUsage } from "../extensions/key-usage.ts";
import { hasHosts } from "../identity.ts";
import type { VerificationLimits } from "../limits.ts";
import { isOid } from "../oid.ts";
import type { PathRules } from "./certificate-rules.ts";
import type { IntermediateSource } from "./missing-intermediates.ts";
import { type NotChecked, notChecked } from "./not-checked.ts";
import type { PolicyInputs } from "./policies.ts";
import { isPurpose, type Purpose } from "./purpose.ts";
import type { RevocationChecker } from "./revocation.ts";
import { isVerifiedSignatures } from "./signature-memory.ts";
import type { TransparencyChecker } from "./transparency.ts";
import type { TrustAnchors } from "./trust-anchors.ts";
import type { VerifiedSignatures } from "./verified-signatures.ts";

/** What is verified, and what for. */
export interface VerificationInputs {
  /** Checks the signatures. */
  readonly provider: CryptoProvider;
  /** The certificate in question. */
  readonly leaf: Certificate;
  /** What may lie between it and an anchor: in any order, with anything else among them. */
  readonly intermediates: readonly Certificate[];
  /**
   * Who gets certificates that are missing among them, `fetchCaIssuers` for one: asked only when those at hand lead
   * nowhere and the leaf itself is not refused. Nobody unless told.
   */
  readonly missingIntermediates?: IntermediateSource | undefined;
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
  /**
   * What certificates may be signed by: whatever the provider can verify unless told, which is SHA-2 with RSA (both
   * paddings) and ECDSA, and EdDSA. There is no SHA-1 and no MD5 to allow.
   */
  readonly signatureAlgorithms?: readonly SignatureAlgorithm[] | undefined;
  /**
   * Signatures in certificates that earlier verifications found good, which aren't computed again: of certificates that
   * come again and again, such as those of the servers that a client connects to. Every one is computed unless given.
   */
  readonly verifiedSignatures?: VerifiedSignatures | undefined;
  readonly limits?: Partial<VerificationLimits> | undefined;
  /** Bits that an RSA modulus must have, 2048 unless told. Fewer can be factored, by ever more people. */
  readonly dangerousMinimumRsaBits?: number | undefined;
  /**
   * Whether a leaf without any dNSName or iPAddress is taken to name the host that its subject's common name spells.
   * Common names were never held to be host names by those who certify them: RFC 9525 §2 forbids it.
   */
  readonly dangerousCommonNameFallback?: boolean | undefined;
}

/**
 * The rules that the inputs ask for.
 * @throws {X509Error} `invalid_argument`, also for what the types forbid: in JavaScript a purpose that is misspelt, or a
 *   revocation that is left out, would else be a check left out
 */
export function rulesOf(inputs: VerificationInputs): PathRules {
  const { purpose, revocation, leaf, policies = {}, handledExtensions = [], signatureAlgorithms } = inputs;
  if (!isPurpose(purpose)) throw x509Error("invalid_argument", `not a purpose: ${JSON.stringify(purpose)}`);
  if (revocation !== notChecked && typeof revocation?.begin !== "function") {
    throw x509Error("invalid_argument", "revocation is what checks it, or the word notChecked");
  }
  const { verifiedSignatures } = inputs;
  if (verifiedSignatures !== undefined && !isVerifiedSignatures(verifiedSignatures)) {
    throw x509Error("invalid_argument", "verifiedSignatures is a VerifiedSignatures of this package");
  }
  for (const oid of [...(policies.userInitialPolicySet ?? []), ...handledExtensions]) {
    if (!isOid(oid)) throw x509Error("invalid_argument", `not an object identifier: ${JSON.stringify(oid)}`);
  }
  return {
    at: wholeSecond(inputs.at),
    purpose,
    minimumRsaBits: inputs.dangerousMinimumRsaBits ?? 2048,
    signatureAlgorithms,
    policies,
    handledExtensions: [...handledExtensions, ...(revocation === notChecked ? [] : revocation.handledExtensions)],
    commonNameIsHost: inputs.dangerousCommonNameFallback === true && !hasHosts(leaf),
  };
}

/** Certificates count in whole seconds, of which the last one counts whole. */
function wholeSecond(at: Date): number {
  const milliseconds = at.getTime();
  if (Number.isNaN(milliseconds)) throw x509Error("invalid_argument", "the time to verify for is not a time");
  return Math.floor(milliseconds / 1000) * 1000;
}
