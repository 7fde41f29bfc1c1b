import type { Certificate } from "../certificate.ts";
import type { KeyUsage } from "../extensions/key-usage.ts";
import { describeName } from "../name.ts";
import { describeOid, Oid } from "../oids.ts";
import { modulusBits } from "../spki.ts";
import { type NotChecked, notChecked } from "./not-checked.ts";
import { describePurpose, type Purpose, purposeOid } from "./purpose.ts";
import type { RefusalCode, Violation } from "./refusal.ts";
import type { TrustAnchor } from "./trust-anchor.ts";

/** What every certificate of a path is held to. */
export interface PathRules {
  /** Milliseconds since 1970, a whole second. */
  readonly at: number;
  readonly purpose: Purpose;
  readonly minimumRsaBits: number;
}

/** Extensions that are acted upon here, so that they may be critical. */
const understood: ReadonlySet<string> = new Set([
  Oid.basicConstraints,
  Oid.keyUsage,
  Oid.extKeyUsage,
  Oid.subjectAltName,
]);

/**
 * Extensions that take something away from a path. RFC 5280 wants them critical (§4.2.1.10, §4.2.1.11); where they
 * aren't, passing over them would still accept what the issuer forbade.
 */
const restrictions: ReadonlySet<string> = new Set([Oid.nameConstraints, Oid.policyConstraints]);

/** RFC 5280 §6.1.3: what leaf and intermediates are held to alike. */
export function* violationsOfAny(certificate: Certificate, rules: PathRules): Generator<Violation> {
  yield* violationsOfDates(certificate, rules.at);
  yield* violationsOfForm(certificate, rules);
}

/** What a leaf alone is held to. */
export function* violationsOfLeaf(leaf: Certificate, keyUsage: KeyUsage | NotChecked): Generator<Violation> {
  if (leaf.subjectPublicKeyInfo.publicKey === undefined) {
    yield violation(
      "unsupported_algorithm",
      "RFC 5280 §4.1.2.7",
      leaf,
      `has a key of a kind that is not supported, ${describeOid(leaf.subjectPublicKeyInfo.algorithmOid)}`,
    );
  }
  if (keyUsage !== notChecked && leaf.keyUsage !== undefined && !leaf.keyUsage.has(keyUsage)) {
    yield violation("key_usage", "RFC 5280 §4.2.1.3", leaf, `has a key that is not for ${keyUsage}`);
  }
}

/** RFC 5280 §6.1.4 (k) to (n): whether a certificate may issue the last one of a path. */
export function* violationsOfIssuer(issuer: Certificate, path: readonly Certificate[]): Generator<Violation> {
  if (issuer.basicConstraints?.ca !== true) {
    yield violation("not_a_ca", "RFC 5280 §6.1.4 (k)", issuer, "is not a CA and can't issue certificates");
  }
  if (issuer.keyUsage !== undefined && !issuer.keyUsage.has("keyCertSign")) {
    yield violation("key_usage", "RFC 5280 §6.1.4 (n)", issuer, "has a key that is not for keyCertSign");
  }
  // RFC 5280 §4.2.1.9: self-issued certificates and the leaf don't count
  const pathLength = issuer.basicConstraints?.pathLength;
  if (pathLength === undefined) return;
  const following = path.slice(1).filter((certificate) => !certificate.selfIssued).length;
  if (following > pathLength) {
    yield violation(
      "path_length_exceeded",
      "RFC 5280 §6.1.4 (l), (m)",
      issuer,
      `lets at most ${pathLength} CAs follow, got ${following}`,
    );
  }
}

/**
 * Whether an anchor may issue the last certificate of a path. Its dates don't count (RFC 5280 §6.1.1 (d)); what its
 * certificate forbids, if it has one, does (RFC 5937).
 */
export function* violationsOfAnchor(
  anchor: TrustAnchor,
  path: readonly Certificate[],
  rules: PathRules,
): Generator<Violation> {
  const { certificate, distrustLeafIssuedAfter } = anchor;
  const issued = path[0]?.validity.notBefore;
  if (distrustLeafIssuedAfter !== undefined && issued !== undefined && issued > distrustLeafIssuedAfter) {
    yield {
      code: "distrusted_anchor",
      specification: "RFC 5280 §6.1.1 (d)",
      message: `${describeName(anchor.name)} is not trusted for certificates that it issued after ${distrustLeafIssuedAfter.toISOString()}, and this one is of ${issued.toISOString()}`,
    };
  }
  if (certificate === undefined) return;
  yield* violationsOfForm(certificate, rules);
  for (const found of violationsOfIssuer(certificate, path)) {
    // An old certificate of version 1 has nowhere to say that it is a CA: that it was given is what says so.
    if (found.code !== "not_a_ca" || certificate.version === 3) yield found;
  }
}

/** RFC 5280 §4.2, §6.1: the rules that hold for a trust anchor's certificate too, whose dates don't count. */
function* violationsOfForm(certificate: Certificate, rules: PathRules): Generator<Violation> {
  for (const { oid, critical } of certificate.extensions) {
    if (critical && !understood.has(oid)) {
      yield violation(
        "unsupported_critical_extension",
        "RFC 5280 §4.2",
        certificate,
        `has the critical extension ${describeOid(oid)}, which is not supported`,
      );
    } else if (restrictions.has(oid)) {
      yield violation(
        "unsupported_critical_extension",
        "RFC 5280 §6.1",
        certificate,
        `restricts paths by ${describeOid(oid)}, which is not supported`,
      );
    }
  }
  const { publicKey } = certificate.subjectPublicKeyInfo;
  if (publicKey?.type === "RSA" && modulusBits(publicKey.modulus) < rules.minimumRsaBits) {
    yield violation(
      "weak_key",
      "CA/Browser Forum BR §6.1.5",
      certificate,
      `has an RSA key of ${modulusBits(publicKey.modulus)} bits, fewer than ${rules.minimumRsaBits}`,
    );
  }
  // RFC 5280 §4.2.1.12 for the leaf; for CAs as everybody does: a purpose that an issuer lacks it can't give
  const purposes = certificate.extendedKeyUsage;
  const wanted = purposeOid(rules.purpose);
  if (wanted === undefined || purposes === undefined) return;
  if (!purposes.has(wanted) && !purposes.has(Oid.anyExtendedKeyUsage)) {
    yield violation(
      "extended_key_usage",
      "RFC 5280 §4.2.1.12",
      certificate,
      `is not for ${describePurpose(rules.purpose)}, but for ${[...purposes].slice(0, 5).map(describeOid).join(", ")}`,
    );
  }
}

function* violationsOfDates(certificate: Certificate, at: number): Generator<Violation> {
  const { notBefore, notAfter } = certificate.validity;
  // RFC 5280 §4.1.2.5: both ends belong to it
  if (at < notBefore.getTime()) {
    yield violation(
      "not_yet_valid",
      "RFC 5280 §6.1.3 (a)(2)",
      certificate,
      `is not valid before ${notBefore.toISOString()}, the time is ${new Date(at).toISOString()}`,
    );
  }
  if (at > notAfter.getTime()) {
    yield violation(
      "expired",
      "RFC 5280 §6.1.3 (a)(2)",
      certificate,
      `expired on ${notAfter.toISOString()}, the time is ${new Date(at).toISOString()}`,
    );
  }
}

function violation(code: RefusalCode, specification: string, certificate: Certificate, predicate: string): Violation {
  return { code, specification, message: `the certificate of ${describeName(certificate.subject)} ${predicate}` };
}
