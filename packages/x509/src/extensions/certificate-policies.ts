import { type DerReader, decodeDer } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { derElement, derOid, derSequence, derSmallInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { describeOid, Oid } from "../oids.ts";
import { textOfString } from "../string-types.ts";
import { encodeUtf8 } from "../unicode.ts";

/** RFC 5280 §4.2.1.4: what a policy comes with. */
export type PolicyQualifier =
  /** Where a CA's practice statement is to be had. */
  | { readonly type: "cps"; readonly uri: string }
  /** What is to be shown to whoever relies on the certificate. */
  | {
      readonly type: "userNotice";
      readonly explicitText: string | undefined;
      readonly noticeRef: { readonly organization: string; readonly noticeNumbers: readonly number[] } | undefined;
    }
  /** `value` is the whole element of the type that `qualifierId` defines. */
  | { readonly type: "other"; readonly qualifierId: string; readonly value: Uint8Array };

/** A policy under which a certificate was issued; in a CA's, one that those below it may name. */
export interface PolicyInformation {
  readonly policyIdentifier: string;
  readonly qualifiers: readonly PolicyQualifier[];
}

/**
 * ```
 * certificatePolicies ::= SEQUENCE SIZE (1..MAX) OF PolicyInformation
 * PolicyInformation ::= SEQUENCE { policyIdentifier CertPolicyId, policyQualifiers SEQUENCE SIZE (1..MAX) OF PolicyQualifierInfo OPTIONAL }
 * PolicyQualifierInfo ::= SEQUENCE { policyQualifierId PolicyQualifierId, qualifier ANY DEFINED BY policyQualifierId }
 * ```
 */
export function decodeCertificatePolicies(value: Uint8Array): readonly PolicyInformation[] {
  const what = "the certificate policies";
  return decodeDer(value, what, (reader) => {
    const list = reader.sequence(what);
    const policies = new Map<string, PolicyInformation>();
    do {
      const parts = list.sequence(what);
      const policyIdentifier = parts.oid(what);
      const qualifiers = parts.done ? [] : readQualifiers(parts.sequence(what), what);
      parts.finish(what);
      // RFC 5280 §4.2.1.4: anyPolicy takes no other qualifiers than the two
      if (policyIdentifier === Oid.anyPolicy && qualifiers.some(({ type }) => type === "other")) {
        throw x509Error("invalid_certificate", `${what} have anyPolicy with a qualifier that is not known`);
      }
      // RFC 5280 §4.2.1.4: no policy more than once
      if (policies.has(policyIdentifier)) {
        throw x509Error("invalid_certificate", `${what} have ${describeOid(policyIdentifier)} twice`);
      }
      policies.set(policyIdentifier, { policyIdentifier, qualifiers });
    } while (!list.done);
    return [...policies.values()];
  });
}

function readQualifiers(list: DerReader, what: string): readonly PolicyQualifier[] {
  const qualifiers: PolicyQualifier[] = [];
  do {
    const parts = list.sequence(what);
    const qualifierId = parts.oid(what);
    if (qualifierId === Oid.idQtCps) qualifiers.push({ type: "cps", uri: readText(parts, cpsTags, what) });
    else if (qualifierId === Oid.idQtUnotice) qualifiers.push(readUserNotice(parts.sequence(what), what));
    else qualifiers.push({ type: "other", qualifierId, value: parts.element(what).der });
    parts.finish(what);
  } while (!list.done);
  return qualifiers;
}

/** `UserNotice ::= SEQUENCE { noticeRef NoticeReference OPTIONAL, explicitText DisplayText OPTIONAL }` */
function readUserNotice(parts: DerReader, what: string): PolicyQualifier {
  let noticeRef: { readonly organization: string; readonly noticeNumbers: readonly number[] } | undefined;
  if (parts.nextTag === Tag.sequence) {
    const reference = parts.sequence(what);
    const organization = readText(reference, displayTextTags, what);
    const numbers = reference.sequence(what);
    const noticeNumbers: number[] = [];
    while (!numbers.done) noticeNumbers.push(numbers.smallInteger(0x7fffffff, what));
    reference.finish(what);
    noticeRef = { organization, noticeNumbers };
  }
  const explicitText = parts.done ? undefined : readText(parts, displayTextTags, what);
  parts.finish(what);
  return { type: "userNotice", explicitText, noticeRef };
}

const cpsTags: readonly number[] = [Tag.ia5String];
/** RFC 5280 §4.2.1.4: `DisplayText`. Its bound of 200 characters is widely passed over, and nothing hangs on it. */
const displayTextTags: readonly number[] = [Tag.ia5String, Tag.visibleString, Tag.bmpString, Tag.utf8String];

function readText(reader: DerReader, tags: readonly number[], what: string): string {
  const element = reader.element(what);
  const text = tags.includes(element.tag) ? textOfString(element) : undefined;
  if (text === undefined) throw x509Error("invalid_der", `${what} have a qualifier whose text is malformed`);
  return text;
}

/** Texts to be shown are written in UTF-8, as RFC 5280 §4.2.1.4 asks of new ones. */
export function encodeCertificatePolicies(policies: Iterable<PolicyInformation>): Uint8Array {
  return derSequence(
    ...Array.from(policies, ({ policyIdentifier, qualifiers }) =>
      derSequence(
        derOid(policyIdentifier),
        ...(qualifiers.length === 0 ? [] : [derSequence(...qualifiers.map(encodeQualifier))]),
      ),
    ),
  );
}

function encodeQualifier(qualifier: PolicyQualifier): Uint8Array {
  switch (qualifier.type) {
    case "cps":
      if (!/^[\0-\x7f]*$/.test(qualifier.uri)) {
        throw x509Error("invalid_argument", `a CPS pointer is ASCII, got ${JSON.stringify(qualifier.uri)}`);
      }
      return derSequence(derOid(Oid.idQtCps), derElement(Tag.ia5String, encodeUtf8(qualifier.uri)));
    case "userNotice": {
      const { noticeRef, explicitText } = qualifier;
      const reference =
        noticeRef === undefined
          ? []
          : [
              derSequence(
                derElement(Tag.utf8String, encodeUtf8(noticeRef.organization)),
                derSequence(...noticeRef.noticeNumbers.map(derSmallInteger)),
              ),
            ];
      const text = explicitText === undefined ? [] : [derElement(Tag.utf8String, encodeUtf8(explicitText))];
      return derSequence(derOid(Oid.idQtUnotice), derSequence(...reference, ...text));
    }
    case "other":
      return derSequence(derOid(qualifier.qualifierId), qualifier.value);
  }
}
