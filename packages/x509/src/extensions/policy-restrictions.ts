import { canonicalInteger, countOf, type DerReader, decodeDer } from "../der-reader.ts";
import { contextPrimitive, Tag } from "../der-tag.ts";
import { derElement, derOid, derSequence, derSmallInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";

/** RFC 5280 §4.2.1.5: a policy of the issuer's domain, and one of the subject's that is as good. */
export interface PolicyMapping {
  readonly issuerDomainPolicy: string;
  readonly subjectDomainPolicy: string;
}

/** RFC 5280 §4.2.1.11: after how many more certificates something holds; nothing if it needn't ever. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
}

/** `PolicyMappings ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { issuerDomainPolicy CertPolicyId, subjectDomainPolicy CertPolicyId }` */
export function decodePolicyMappings(value: Uint8Array): readonly PolicyMapping[] {
  const what = "the policy mappings";
  return decodeDer(value, what, (reader) => {
    const list = reader.sequence(what);
    const mappings: PolicyMapping[] = [];
    while (!list.done) {
      const parts = list.sequence(what);
      mappings.push({ issuerDomainPolicy: parts.oid(what), subjectDomainPolicy: parts.oid(what) });
      parts.finish(what);
    }
    return mappings;
  });
}

/** `PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0] SkipCerts OPTIONAL, inhibitPolicyMapping [1] SkipCerts OPTIONAL }` */
export function decodePolicyConstraints(value: Uint8Array): PolicyConstraints {
  const what = "the policy constraints";
  return decodeDer(value, what, (reader) => {
    const parts = reader.sequence(what);
    const requireExplicitPolicy = readSkipCerts(parts, 0, what);
    const inhibitPolicyMapping = readSkipCerts(parts, 1, what);
    parts.finish(what);
    // RFC 5280 §4.2.1.11: not an empty sequence
    if (requireExplicitPolicy === undefined && inhibitPolicyMapping === undefined) {
      throw x509Error("invalid_certificate", `${what} constrain nothing`);
    }
    return { requireExplicitPolicy, inhibitPolicyMapping };
  });
}

/** RFC 5280 §4.2.1.14: after how many more certificates anyPolicy stands for no others. `InhibitAnyPolicy ::= SkipCerts` */
export function decodeInhibitAnyPolicy(value: Uint8Array): number {
  const what = "the inhibition of anyPolicy";
  return decodeDer(value, what, (reader) => reader.count(what));
}

export function encodePolicyMappings(mappings: Iterable<PolicyMapping>): Uint8Array {
  return derSequence(
    ...Array.from(mappings, ({ issuerDomainPolicy, subjectDomainPolicy }) =>
      derSequence(derOid(issuerDomainPolicy), derOid(subjectDomainPolicy)),
    ),
  );
}

export function encodePolicyConstraints(constraints: PolicyConstraints): Uint8Array {
  const field = (number: number, skip: number | undefined): readonly Uint8Array[] =>
    skip === undefined ? [] : [derElement(contextPrimitive(number), smallIntegerContent(skip))];
  return derSequence(...field(0, constraints.requireExplicitPolicy), ...field(1, constraints.inhibitPolicyMapping));
}

export function encodeInhibitAnyPolicy(skip: number): Uint8Array {
  return derElement(Tag.integer, smallIntegerContent(skip));
}

function smallIntegerContent(value: number): Uint8Array {
  return decodeDer(derSmallInteger(value), "the number", (reader) => reader.content(Tag.integer, "the number"));
}

/** `[number] SkipCerts OPTIONAL`; `SkipCerts ::= INTEGER (0..MAX)` */
function readSkipCerts(reader: DerReader, number: number, what: string): number | undefined {
  const tag = contextPrimitive(number);
  return reader.nextTag === tag ? countOf(canonicalInteger(reader.content(tag, what), what), what) : undefined;
}
