import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import { readable } from "../readable.ts";
import type { TrustAnchor } from "./trust-anchor.ts";

/** Which rule a path, or a certificate in it, doesn't keep: the most conclusive first. */
export const refusalCodes = [
  /** The work that a verification may take was used up: nothing is known of the paths that were not tried. */
  "budget_exhausted",
  /** There are no trust anchors, so there is nothing that a path could lead to. */
  "no_anchors",
  "revoked",
  "expired",
  "not_yet_valid",
  /** The leaf doesn't name the identity that was asked for. */
  "name_mismatch",
  "bad_signature",
  /** An issuer that isn't a CA. */
  "not_a_ca",
  "path_length_exceeded",
  /** A name that a CA above it may not certify. */
  "name_not_permitted",
  /** A policy is asked for, by a CA or by the caller, and none holds all along the path. */
  "no_valid_policy",
  /** An RSA key that is too short. */
  "weak_key",
  "extended_key_usage",
  "key_usage",
  /** A critical extension that isn't understood here. */
  "unsupported_critical_extension",
  /** A key or signature of an algorithm that is unknown, broken, or doesn't go with the issuer's key. */
  "unsupported_algorithm",
  /** The anchor isn't trusted for a leaf that was issued so late. */
  "distrusted_anchor",
  /** An OCSP response came along in TLS, and it isn't one that says that the certificate is good. */
  "bad_staple",
  /** A certificate that promises that an OCSP response comes along in TLS, and none came. */
  "missing_staple",
  /** Nothing current tells that it isn't revoked, and something was to. */
  "revocation_unknown",
  /** Fewer signed certificate timestamps than were asked for. */
  "too_few_scts",
  "chain_too_long",
  /** A path that ends at a certificate that names itself as its issuer and isn't a trust anchor. */
  "self_signed_untrusted",
  /** A path that ends at a certificate whose issuer isn't at hand. */
  "unknown_issuer",
] as const;

/** Why a path was refused, as a stable word. */
export type RefusalCode = (typeof refusalCodes)[number];

/** A rule that isn't kept. */
export interface Violation {
  readonly code: RefusalCode;
  /** A sentence that names the certificate and the values in question; what a peer chose in it is escaped. */
  readonly message: string;
  /** The rule: `RFC 5280 §6.1.3 (a)(2)`. */
  readonly specification: string;
}

/** Why a path was refused. */
export interface Refusal extends Violation {
  /** The certificate that doesn't keep it; none if it is about no certificate. */
  readonly certificate: Certificate | undefined;
  /** The path on which it stood, as far as it was built: the leaf first. */
  readonly path: readonly Certificate[];
  /** The anchor at its end, if it led to one. */
  readonly anchor: TrustAnchor | undefined;
}

/**
 * The reason to give when one is to be given: of those that stand nearest to what is wrong, the first. That an issuer
 * is unknown says least, since a path may have been abandoned for better reasons; that a signature isn't by the key of
 * someone who merely has the issuer's name says hardly more.
 */
export function mostSpecific(refusals: readonly Refusal[]): Refusal | undefined {
  let best: Refusal | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const refusal of refusals) {
    let rank: number = refusalCodes.indexOf(refusal.code);
    if (rank >= bestRank) continue;
    if (refusal.code === "bad_signature" && isOfNamesake(refusal, refusals)) rank = namesakeRank;
    if (rank < bestRank) [best, bestRank] = [refusal, rank];
  }
  return best;
}

/** Behind all that is wrong with a path of the true issuer, and before a path that has no end. */
const namesakeRank = refusalCodes.indexOf("chain_too_long") + 0.5;

/**
 * Whether a signature is wrong because it was checked with the key of another of the issuer's name (RFC 4158 §2.4.2): the
 * key identifiers say so, or a path through an issuer with another key was refused for another reason.
 */
function isOfNamesake(refusal: Refusal, refusals: readonly Refusal[]): boolean {
  const { certificate } = refusal;
  const key = issuerKey(refusal, certificate);
  if (certificate === undefined || key === undefined) return false;
  const hint = readable(() => certificate.authorityKeyIdentifier?.keyIdentifier);
  const identifier = readable(() => issuerOf(refusal, certificate)?.subjectKeyIdentifier);
  if (hint !== undefined && identifier !== undefined && !equalBytes(hint, identifier)) return true;
  return refusals.some((other) => {
    if (other.code === "bad_signature" && other.certificate === certificate) return false;
    const otherKey = issuerKey(other, certificate);
    return otherKey !== undefined && !equalBytes(otherKey, key);
  });
}

/** Who stands above a certificate on the path of a refusal, if it is on it and someone does. */
function issuerOf({ path, anchor }: Refusal, certificate: Certificate): Certificate | TrustAnchor | undefined {
  const index = path.indexOf(certificate);
  return index === -1 ? undefined : (path[index + 1] ?? anchor);
}

function issuerKey(refusal: Refusal, certificate: Certificate | undefined): Uint8Array | undefined {
  const issuer = certificate === undefined ? undefined : issuerOf(refusal, certificate);
  return issuer === undefined ? undefined : readable(() => issuer.subjectPublicKeyInfo.der);
}
