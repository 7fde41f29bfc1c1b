import { type DerReader, decodeDer } from "../der-reader.ts";
import { contextPrimitive } from "../der-tag.ts";
import { derElement, derSequence } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import {
  type DistributionPointName,
  encodeDistributionPointName,
  encodeReasonFlags,
  type ReasonFlag,
  readDistributionPointName,
  readReasonFlags,
} from "../extensions/distribution-points.ts";

/** What certificates a CRL is about (RFC 5280 §5.2.5). */
export interface IssuingDistributionPoint {
  /** Where the CRL is to be had: certificates whose distribution points name one of these are in its scope. */
  readonly distributionPoint: DistributionPointName | undefined;
  /** Which certificates are in its scope, if not all. */
  readonly onlyContains: "userCerts" | "cACerts" | "attributeCerts" | undefined;
  /** For which reasons it lists certificates, if not for all. */
  readonly onlySomeReasons: ReadonlySet<ReasonFlag> | undefined;
  /** Whether it lists certificates of other issuers too. */
  readonly indirectCRL: boolean;
}

/**
 * ```
 * IssuingDistributionPoint ::= SEQUENCE {
 *   distributionPoint [0] DistributionPointName OPTIONAL, onlyContainsUserCerts [1] BOOLEAN DEFAULT FALSE,
 *   onlyContainsCACerts [2] BOOLEAN DEFAULT FALSE, onlySomeReasons [3] ReasonFlags OPTIONAL,
 *   indirectCRL [4] BOOLEAN DEFAULT FALSE, onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
 * ```
 */
export function decodeIssuingDistributionPoint(value: Uint8Array): IssuingDistributionPoint {
  const what = "the issuing distribution point";
  return decodeDer(value, what, (reader) => {
    const parts = reader.sequence(what);
    const distributionPoint = readDistributionPointName(parts, what);
    const userCerts = readFlag(parts, 1, what);
    const cACerts = readFlag(parts, 2, what);
    const onlySomeReasons = readReasonFlags(parts, 3, what);
    const indirectCRL = readFlag(parts, 4, what);
    const attributeCerts = readFlag(parts, 5, what);
    parts.finish(what);
    // RFC 5280 §5.2.5: at most one of them
    if (Number(userCerts) + Number(cACerts) + Number(attributeCerts) > 1) {
      throw x509Error("invalid_crl", `${what} excludes all certificates`);
    }
    const onlyContains = userCerts ? "userCerts" : cACerts ? "cACerts" : attributeCerts ? "attributeCerts" : undefined;
    return { distributionPoint, onlyContains, onlySomeReasons, indirectCRL };
  });
}

export function encodeIssuingDistributionPoint(point: IssuingDistributionPoint): Uint8Array {
  const { onlyContains } = point;
  const flag = (number: number, isSet: boolean): readonly Uint8Array[] =>
    isSet ? [derElement(contextPrimitive(number), Uint8Array.of(0xff))] : [];
  return derSequence(
    ...(point.distributionPoint === undefined ? [] : [encodeDistributionPointName(point.distributionPoint)]),
    ...flag(1, onlyContains === "userCerts"),
    ...flag(2, onlyContains === "cACerts"),
    ...(point.onlySomeReasons === undefined ? [] : [encodeReasonFlags(point.onlySomeReasons, 3)]),
    ...flag(4, point.indirectCRL),
    ...flag(5, onlyContains === "attributeCerts"),
  );
}

/** A BOOLEAN behind an implicit tag (X.690 §11.1: TRUE is 0xff). FALSE is the default. */
function readFlag(reader: DerReader, number: number, what: string): boolean {
  const tag = contextPrimitive(number);
  if (reader.nextTag !== tag) return false;
  const content = reader.content(tag, what);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) {
    throw x509Error("invalid_der", `${what} has a flag that is not a BOOLEAN as DER has it`);
  }
  return content[0] === 0xff;
}
