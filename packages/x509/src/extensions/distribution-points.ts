import { type DerReader, decodeDer, namedBits } from "../der-reader.ts";
import { contextConstructed, contextPrimitive, Tag } from "../der-tag.ts";
import { derElement, derExplicit, derNamedBits, derSequence } from "../der-writer.ts";
import { encodeGeneralNames, type GeneralNames, readGeneralNames } from "../general-name.ts";
import { type RelativeName, readRelativeName } from "../name.ts";

/** RFC 5280 §4.2.1.13, in the order of their bits. */
const reasons = [
  "unused",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "privilegeWithdrawn",
  "aACompromise",
] as const;

/** Why certificates of a CRL may have been revoked (RFC 5280 §4.2.1.13). */
export type ReasonFlag = (typeof reasons)[number];

/** Where a CRL is to be had (RFC 5280 §4.2.1.13). */
export type DistributionPointName =
  | { readonly type: "fullName"; readonly names: GeneralNames }
  /** To be put behind the name of whoever issues the CRL: {@link Name.append}. */
  | { readonly type: "nameRelativeToCRLIssuer"; readonly relativeName: RelativeName };

/** RFC 5280 §4.2.1.13: a place for CRLs, for which reasons, and issued by whom. */
export interface DistributionPoint {
  readonly distributionPoint: DistributionPointName | undefined;
  /** Nothing if it is for all reasons. */
  readonly reasons: ReadonlySet<ReasonFlag> | undefined;
  /** Nothing if the certificate's own issuer issues the CRL. */
  readonly cRLIssuer: GeneralNames | undefined;
}

/**
 * The value of cRLDistributionPoints and of freshestCRL.
 * ```
 * CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint
 * DistributionPoint ::= SEQUENCE {
 *   distributionPoint [0] DistributionPointName OPTIONAL, reasons [1] ReasonFlags OPTIONAL, cRLIssuer [2] GeneralNames OPTIONAL }
 * ```
 */
export function decodeDistributionPoints(value: Uint8Array, what: string): readonly DistributionPoint[] {
  return decodeDer(value, what, (reader) => {
    const list = reader.sequence(what);
    const points: DistributionPoint[] = [];
    while (!list.done) {
      const parts = list.sequence(what);
      const distributionPoint = readDistributionPointName(parts, what);
      const flags = readReasonFlags(parts, 1, what);
      const cRLIssuer =
        parts.nextTag === contextConstructed(2) ? readGeneralNames(parts, what, contextConstructed(2)) : undefined;
      parts.finish(what);
      points.push({ distributionPoint, reasons: flags, cRLIssuer });
    }
    return points;
  });
}

/**
 * Reads `[0] DistributionPointName OPTIONAL`, here and in a CRL's issuingDistributionPoint.
 * ```
 * DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }
 * ```
 */
export function readDistributionPointName(reader: DerReader, what: string): DistributionPointName | undefined {
  // a CHOICE is tagged explicitly (X.680 §31.2.7)
  return reader.explicit(0, what, (choice): DistributionPointName => {
    if (choice.nextTag === contextConstructed(1)) {
      return { type: "nameRelativeToCRLIssuer", relativeName: readRelativeName(choice, what, contextConstructed(1)) };
    }
    return { type: "fullName", names: readGeneralNames(choice, what, contextConstructed(0)) };
  });
}

/** Reads `[number] ReasonFlags OPTIONAL`: also in a CRL's issuingDistributionPoint, as `onlySomeReasons`. */
export function readReasonFlags(reader: DerReader, number: number, what: string): ReadonlySet<ReasonFlag> | undefined {
  const tag = contextPrimitive(number);
  if (reader.nextTag !== tag) return undefined;
  const flags = new Set<ReasonFlag>();
  for (const bit of namedBits(reader.content(tag, what), what)) {
    // one that isn't defined is a reason for nothing that is asked about
    const reason = reasons[bit];
    if (reason !== undefined) flags.add(reason);
  }
  return flags;
}

export function encodeDistributionPoints(points: Iterable<DistributionPoint>): Uint8Array {
  return derSequence(
    ...Array.from(points, ({ distributionPoint, reasons: flags, cRLIssuer }) =>
      derSequence(
        ...(distributionPoint === undefined ? [] : [encodeDistributionPointName(distributionPoint)]),
        ...(flags === undefined ? [] : [encodeReasonFlags(flags, 1)]),
        ...(cRLIssuer === undefined ? [] : [encodeGeneralNames(cRLIssuer.all, contextConstructed(2))]),
      ),
    ),
  );
}

/** `[0] DistributionPointName` */
export function encodeDistributionPointName(name: DistributionPointName): Uint8Array {
  return derExplicit(
    0,
    name.type === "fullName"
      ? encodeGeneralNames(name.names.all, contextConstructed(0))
      : derElement(contextConstructed(1), relativeNameContent(name.relativeName)),
  );
}

/** `[number] ReasonFlags` */
export function encodeReasonFlags(flags: Iterable<ReasonFlag>, number: number): Uint8Array {
  const bits = derNamedBits(Array.from(flags, (flag) => reasons.indexOf(flag)));
  return derElement(
    contextPrimitive(number),
    decodeDer(bits, "the reasons", (reader) => reader.content(Tag.bitString, "the reasons")),
  );
}

function relativeNameContent({ der }: RelativeName): Uint8Array {
  return decodeDer(der, "the name", (reader) => reader.content(Tag.set, "the name"));
}
