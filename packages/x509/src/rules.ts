import type { Certificate } from "./certificate.ts";
import type { KeyUsage } from "./extensions/key-usage.ts";
import { describeName } from "./name.ts";
import { describeOid, Oid } from "./oids.ts";
import type { RefusalCode } from "./refusal.ts";
import { modulusBits } from "./spki.ts";

/** What a leaf is to be used for. `any` leaves the extended key usage unread. */
export type Purpose = "serverAuth" | "clientAuth" | "any";

/** What every certificate of a path is held to. */
export interface PathPolicy {
  /** Milliseconds since 1970, a whole second. */
  readonly at: number;
  readonly purpose: Purpose;
  readonly minimumRsaBits: number;
}

/** A rule that isn't kept. */
export interface Violation {
  readonly code: RefusalCode;
  readonly message: string;
  readonly specification: string;
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
export function* violationsOfAny(certificate: Certificate, policy: PathPolicy): Generator<Violation> {
  yield* violationsOfDates(certificate, policy.at);
  yield* violationsOfForm(certificate, policy);
}

/** RFC 5280 §4.2, §6.1: the rules that hold for a trust anchor's certificate too, whose dates don't count. */
export function* violationsOfForm(certificate: Certificate, policy: PathPolicy): Generator<Violation> {
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
  if (publicKey?.type === "RSA" && modulusBits(publicKey.modulus) < policy.minimumRsaBits) {
    yield violation(
      "weak_key",
      "CA/Browser Forum BR §6.1.5",
      certificate,
      `has an RSA key of ${modulusBits(publicKey.modulus)} bits, fewer than ${policy.minimumRsaBits}`,
    );
  }
  // RFC 5280 §4.2.1.12 for the leaf; for CAs as everybody does: a purpose that an issuer lacks it can't give
  const purposes = certificate.extendedKeyUsage;
  if (
    policy.purpose !== "any" &&
    purposes !== undefined &&
    !purposes.has(Oid[policy.purpose]) &&
    !purposes.has(Oid.anyExtendedKeyUsage)
  ) {
    yield violation(
      "extended_key_usage",
      "RFC 5280 §4.2.1.12",
      certificate,
      `is not for ${policy.purpose}, but for ${[...purposes].slice(0, 5).map(describeOid).join(", ")}`,
    );
  }
}

/** What a leaf alone is held to. */
export function* violationsOfLeaf(leaf: Certificate, keyUsage: KeyUsage | "not_checked"): Generator<Violation> {
  if (leaf.subjectPublicKeyInfo.publicKey === undefined) {
    yield violation(
      "unsupported_algorithm",
      "RFC 5280 §4.1.2.7",
      leaf,
      `has a key of a kind that is not supported, ${describeOid(leaf.subjectPublicKeyInfo.algorithmOid)}`,
    );
  }
  if (keyUsage !== "not_checked" && leaf.keyUsage !== undefined && !leaf.keyUsage.has(keyUsage)) {
    yield violation("key_usage", "RFC 5280 §4.2.1.3", leaf, `has a key that is not for ${keyUsage}`);
  }
}

/**
 * RFC 5280 §6.1.4 (k) to (n): whether a certificate may issue the last one of a path.
 * @param isAnchor An old anchor of version 1 has nowhere to say that it is a CA: that it was given is what says so.
 */
export function* violationsOfIssuer(
  issuer: Certificate,
  path: readonly Certificate[],
  isAnchor: boolean,
): Generator<Violation> {
  const constraints = issuer.basicConstraints;
  if (constraints?.ca !== true && !(isAnchor && issuer.version !== 3)) {
    yield violation("not_a_ca", "RFC 5280 §6.1.4 (k)", issuer, "is not a CA and can't issue certificates");
  }
  if (issuer.keyUsage !== undefined && !issuer.keyUsage.has("keyCertSign")) {
    yield violation("key_usage", "RFC 5280 §6.1.4 (n)", issuer, "has a key that is not for keyCertSign");
  }
  // RFC 5280 §4.2.1.9: self-issued certificates and the leaf don't count
  const pathLength = constraints?.pathLength;
  if (pathLength !== undefined) {
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
}

function* violationsOfDates(certificate: Certificate, at: number): Generator<Violation> {
  const notBefore = certificate.validity.notBefore;
  const notAfter = certificate.validity.notAfter;
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
