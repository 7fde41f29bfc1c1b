import type { SignatureAlgorithm } from "@tlskit/crypto";
import type { Certificate, Validity } from "../certificate.ts";
import type { KeyUsage } from "../extensions/key-usage.ts";
import { describeName } from "../name.ts";
import { describeOid, Oid } from "../oids.ts";
import { readable } from "../readable.ts";
import { modulusBits, type SubjectPublicKeyInfo } from "../spki.ts";
import { type NotChecked, notChecked } from "./not-checked.ts";
import type { PolicyInputs } from "./policies.ts";
import { describePurpose, type Purpose, purposeOid } from "./purpose.ts";
import type { RefusalCode, Violation } from "./refusal.ts";
import type { TrustAnchor } from "./trust-anchor.ts";

/** What every certificate of a path is held to. */
export interface CertificateRules {
  /** Milliseconds since 1970, a whole second. */
  readonly at: number;
  readonly purpose: Purpose;
  readonly minimumRsaBits: number;
  /** Object identifiers of critical extensions that the caller acts upon. */
  readonly handledExtensions: readonly string[];
}

/** What a path is held to. */
export interface PathRules extends CertificateRules {
  /** What certificates may be signed by: anything that can be verified unless given. */
  readonly signatureAlgorithms?: readonly SignatureAlgorithm[] | undefined;
  readonly policies: PolicyInputs;
  /** Whether the subject's common name of the leaf is taken for a host name. */
  readonly commonNameIsHost: boolean;
}

/** Extensions that are acted upon in every verification, so that they may be critical. */
const understood: ReadonlySet<string> = new Set([
  Oid.basicConstraints,
  Oid.keyUsage,
  Oid.extKeyUsage,
  Oid.subjectAltName,
  Oid.nameConstraints,
  Oid.certificatePolicies,
  Oid.policyMappings,
  Oid.policyConstraints,
  Oid.inhibitAnyPolicy,
]);

/** RFC 5280 §6.1.3: what leaf and intermediates are held to alike. */
export function* violationsOfAny(certificate: Certificate, rules: CertificateRules): Generator<Violation> {
  yield* violationsOfDates(subjectOf(certificate), certificate.validity, rules.at);
  yield* violationsOfForm(certificate, rules);
}

/** What a leaf alone is held to. */
export function* violationsOfLeaf(leaf: Certificate, keyUsage: KeyUsage | NotChecked): Generator<Violation> {
  if (leaf.subjectPublicKeyInfo.publicKey === undefined) {
    yield violation(
      "unsupported_algorithm",
      "RFC 5280 §4.1.2.7",
      leaf,
      `has ${leaf.subjectPublicKeyInfo.unsupported}, which is not supported`,
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
  yield* violationsOfPathLength(subjectOf(issuer), issuer.basicConstraints?.pathLength, path);
}

/** RFC 5280 §4.2.1.9: self-issued certificates and the leaf don't count. */
function* violationsOfPathLength(
  subject: string,
  pathLength: number | undefined,
  path: readonly Certificate[],
): Generator<Violation> {
  if (pathLength === undefined) return;
  const following = path.slice(1).filter((certificate) => !certificate.selfIssued).length;
  if (following > pathLength) {
    yield {
      code: "path_length_exceeded",
      specification: "RFC 5280 §6.1.4 (l), (m)",
      message: `${subject} lets at most ${pathLength} CAs follow, got ${following}`,
    };
  }
}

/** What an anchor was restricted to, whether it issued the last certificate of a path or is itself the leaf. */
export function* violationsOfRestrictions(
  anchor: TrustAnchor,
  path: readonly Certificate[],
  rules: CertificateRules,
): Generator<Violation> {
  const { distrustLeafIssuedAfter, validity, name } = anchor;
  const subject = anchorSubject(anchor);
  if (validity !== undefined) yield* violationsOfDates(subject, validity, rules.at);
  yield* violationsOfPathLength(subject, anchor.pathLength, path);
  const issued = path[0]?.validity.notBefore;
  if (distrustLeafIssuedAfter !== undefined && issued !== undefined && issued > distrustLeafIssuedAfter) {
    yield {
      code: "distrusted_anchor",
      specification: "RFC 5280 §6.1.1 (d)",
      message: `${describeName(name)} is not trusted for certificates that it issued after ${distrustLeafIssuedAfter.toISOString()}, and this one is of ${issued.toISOString()}`,
    };
  }
}

/**
 * Whether an anchor may issue the last certificate of a path. Its dates don't count (RFC 5280 §6.1.1 (d)); what its
 * certificate forbids, if it has one, does (RFC 5937).
 */
export function* violationsOfAnchor(
  anchor: TrustAnchor,
  path: readonly Certificate[],
  rules: CertificateRules,
): Generator<Violation> {
  yield* violationsOfRestrictions(anchor, path, rules);
  const { certificate } = anchor;
  if (certificate === undefined)
    return yield* violationsOfKey(anchorSubject(anchor), anchor.subjectPublicKeyInfo, rules);
  yield* violationsOfForm(certificate, rules);
  for (const found of violationsOfIssuer(certificate, path)) {
    // An old certificate of version 1 has nowhere to say that it is a CA: that it was given is what says so.
    if (found.code !== "not_a_ca" || certificate.version === 3) yield found;
  }
}

/** RFC 5280 §4.2, §6.1: the rules that hold for a trust anchor's certificate too, whose dates don't count. */
function* violationsOfForm(certificate: Certificate, rules: CertificateRules): Generator<Violation> {
  for (const { oid, critical } of certificate.extensions) {
    if (!critical) continue;
    if (!readsLater(certificate, oid)) {
      yield violation(
        "unsupported_critical_extension",
        "RFC 5280 §4.2",
        certificate,
        `has the critical extension ${describeOid(oid)}, which can't be read`,
      );
    } else if (!understood.has(oid) && !rules.handledExtensions.includes(oid)) {
      yield violation(
        "unsupported_critical_extension",
        "RFC 5280 §4.2",
        certificate,
        `has the critical extension ${describeOid(oid)}, which is not supported`,
      );
    }
  }
  // RFC 5280 §4.2.1.4: what is critical with a qualifier that isn't known can't be interpreted
  const qualifiers = certificate.certificatePolicies?.flatMap((policy) => policy.qualifiers) ?? [];
  if (
    qualifiers.some(({ type }) => type === "other") &&
    certificate.extension(Oid.certificatePolicies)?.critical === true
  ) {
    yield violation(
      "unsupported_critical_extension",
      "RFC 5280 §4.2.1.4",
      certificate,
      "has critical policies with a qualifier that is not known",
    );
  }
  yield* violationsOfKey(subjectOf(certificate), certificate.subjectPublicKeyInfo, rules);
  // RFC 5280 §4.2.1.12 speaks of the leaf alone. CAs are held to it too, as by all other stacks: one that lacks a purpose
  // can't issue certificates for it.
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

/** Extensions that are decoded when they are asked for: a critical one has to be readable (RFC 5280 §4.2). */
const decodedLater = new Map<string, (certificate: Certificate) => unknown>([
  [Oid.issuerAltName, (certificate) => certificate.issuerAlternativeName],
  [Oid.subjectKeyIdentifier, (certificate) => certificate.subjectKeyIdentifier],
  [Oid.authorityKeyIdentifier, (certificate) => certificate.authorityKeyIdentifier],
  [Oid.cRLDistributionPoints, (certificate) => certificate.cRLDistributionPoints],
  [Oid.freshestCRL, (certificate) => certificate.freshestCRL],
  [Oid.authorityInfoAccess, (certificate) => certificate.authorityInfoAccess],
  [Oid.subjectInfoAccess, (certificate) => certificate.subjectInfoAccess],
  [Oid.signedCertificateTimestampList, (certificate) => certificate.signedCertificateTimestamps],
  [Oid.tlsFeature, (certificate) => certificate.tlsFeature],
]);

/** Whether an extension can be read, if it is one of those that are decoded later. */
function readsLater(certificate: Certificate, oid: string): boolean {
  const read = decodedLater.get(oid);
  return read === undefined || readable(() => ({ value: read(certificate) })) !== undefined;
}

function* violationsOfKey(
  subject: string,
  { publicKey }: SubjectPublicKeyInfo,
  { minimumRsaBits }: CertificateRules,
): Generator<Violation> {
  if (publicKey?.type !== "RSA") return;
  const bits = modulusBits(publicKey.modulus);
  if (bits < minimumRsaBits) {
    yield {
      code: "weak_key",
      specification: "CA/Browser Forum BR §6.1.5",
      message: `${subject} has an RSA key of ${bits} bits, fewer than ${minimumRsaBits}`,
    };
  }
}

function* violationsOfDates(subject: string, { notBefore, notAfter }: Validity, at: number): Generator<Violation> {
  const specification = "RFC 5280 §6.1.3 (a)(2)";
  const time = new Date(at).toISOString();
  // RFC 5280 §4.1.2.5: both ends belong to it
  if (at < notBefore.getTime()) {
    const message = `${subject} is not valid before ${notBefore.toISOString()}, the time is ${time}`;
    yield { code: "not_yet_valid", specification, message };
  }
  if (at > notAfter.getTime()) {
    yield {
      code: "expired",
      specification,
      message: `${subject} expired on ${notAfter.toISOString()}, the time is ${time}`,
    };
  }
}

function violation(code: RefusalCode, specification: string, certificate: Certificate, predicate: string): Violation {
  return { code, specification, message: `${subjectOf(certificate)} ${predicate}` };
}

function subjectOf(certificate: Certificate): string {
  return `the certificate of ${describeName(certificate.subject)}`;
}

function anchorSubject({ name }: TrustAnchor): string {
  return `the trust anchor ${describeName(name)}`;
}
