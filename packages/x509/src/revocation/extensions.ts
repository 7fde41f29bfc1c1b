import { derNull } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { type DistributionPoint, encodeDistributionPoints } from "../extensions/distribution-points.ts";
import type { Extension } from "../extensions/extension.ts";
import { Oid } from "../oids.ts";

/** RFC 5280 §4.2.1.15: where delta CRLs are to be had. */
export function freshestCrlExtension(points: readonly DistributionPoint[]): Extension {
  if (points.length === 0) throw x509Error("invalid_argument", "a list of distribution points has at least one entry");
  return { oid: Oid.freshestCRL, critical: false, value: encodeDistributionPoints(points) };
}

/** RFC 6960 §4.2.2.2.1: that nobody needs to ask whether an OCSP responder was revoked. For short-lived ones. */
export function ocspNoCheckExtension(): Extension {
  return { oid: Oid.ocspNoCheck, critical: false, value: derNull() };
}

/** RFC 9608 §2: that nobody will tell whether a certificate was revoked. For short-lived leaves. */
export function noRevAvailExtension(): Extension {
  return { oid: Oid.noRevAvail, critical: false, value: derNull() };
}
