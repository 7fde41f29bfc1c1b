import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import type { CertificateRevocationList } from "../crl/crl.ts";
import type { DistributionPoint } from "../extensions/distribution-points.ts";
import { type GeneralName, GeneralNames } from "../general-name.ts";
import type { Name } from "../name.ts";
import { Oid } from "../oids.ts";
import { readable } from "../readable.ts";
import { keyOf, keysOf } from "./distribution-point-names.ts";
import { allReasons, intersection, type ReasonsMask } from "./reasons.ts";

/**
 * The distribution point that is assumed for CRLs that no distribution point names (RFC 5280 §6.3.3, at its end): that
 * of the certificate's issuer, under any of its names.
 */
export function impliedDistributionPoint(certificate: Certificate): DistributionPoint {
  const own: GeneralName = { type: "directoryName", value: certificate.issuer };
  const names = new GeneralNames([own, ...(readable(() => certificate.issuerAlternativeName)?.all ?? [])]);
  return { distributionPoint: { type: "fullName", names }, reasons: undefined, cRLIssuer: undefined };
}

/** The keys of the names in a CRL's issuing distribution point, if it has any. */
export function issuingKeys(crl: CertificateRevocationList): ReadonlySet<string> | undefined {
  const name = crl.issuingDistributionPoint?.distributionPoint;
  return name === undefined ? undefined : new Set(keysOf(name, crl.issuer));
}

/**
 * RFC 5280 §6.3.3 (b): why a certificate isn't in the scope of a CRL that is issued by whom the distribution point
 * says, as a clause; nothing if it is.
 * @param issuing {@link issuingKeys}
 */
export function scopeProblem(
  crl: CertificateRevocationList,
  issuing: ReadonlySet<string> | undefined,
  point: DistributionPoint,
  certificate: Certificate,
): string | undefined {
  const scope = crl.issuingDistributionPoint;
  // (b)(1)
  if (point.cRLIssuer !== undefined && scope?.indirectCRL !== true) return "is not an indirect one";
  if (scope === undefined) return undefined;
  // (b)(2)(i)
  if (issuing !== undefined && !namesOf(point, certificate.issuer).some((key) => issuing.has(key))) {
    return "is for another distribution point";
  }
  const isCa = certificate.basicConstraints?.ca === true;
  switch (scope.onlyContains) {
    // (b)(2)(ii)
    case "userCerts":
      return isCa ? "is not about CAs" : undefined;
    // (b)(2)(iii)
    case "cACerts":
      return isCa ? undefined : "is about CAs alone";
    // (b)(2)(iv)
    case "attributeCerts":
      return "is about attribute certificates";
    case undefined:
      return undefined;
  }
}

/** RFC 5280 §6.3.3 (d): for which reasons a CRL tells about a certificate. */
export function interimReasons(crl: CertificateRevocationList, point: DistributionPoint): ReasonsMask {
  const some = crl.issuingDistributionPoint?.onlySomeReasons;
  const reasons = point.reasons ?? allReasons;
  return intersection(allReasons, some === undefined ? reasons : intersection(reasons, some));
}

/**
 * RFC 5280 §5.2.4, §6.3.3 (c): whether a delta CRL tells what changed since a complete one: of one issuer, one scope and
 * one key, and no gap between the two.
 */
export function isDeltaOf(delta: CertificateRevocationList, complete: CertificateRevocationList): boolean {
  const { baseCRLNumber } = delta;
  // a number that can't be read is that of no CRL
  const [cRLNumber, completeNumber] = [readable(() => delta.cRLNumber), readable(() => complete.cRLNumber)];
  if (baseCRLNumber === undefined || cRLNumber === undefined || completeNumber === undefined) return false;
  return (
    delta.issuer.equals(complete.issuer) &&
    sameExtension(delta, complete, Oid.issuingDistributionPoint) &&
    sameExtension(delta, complete, Oid.authorityKeyIdentifier) &&
    completeNumber >= baseCRLNumber &&
    completeNumber < cRLNumber
  );
}

function sameExtension(one: CertificateRevocationList, other: CertificateRevocationList, oid: string): boolean {
  const [a, b] = [one.extension(oid), other.extension(oid)];
  return a === undefined || b === undefined ? a === b : equalBytes(a.value, b.value);
}

/** The names under which a distribution point is known: of itself or, if it has none, of the CRL's issuer. */
function namesOf({ distributionPoint, cRLIssuer }: DistributionPoint, certificateIssuer: Name): readonly string[] {
  if (distributionPoint === undefined) return cRLIssuer?.all.map(keyOf) ?? [];
  // RFC 5280 §4.2.1.13: relative to the CRL's issuer, which is the certificate's unless it is said
  return keysOf(distributionPoint, cRLIssuer?.directoryNames[0] ?? certificateIssuer);
}
