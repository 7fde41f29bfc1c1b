import { type DerReader, decodeDer } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { derElement, derOid, derSequence, derSmallInteger } from "../der-writer.ts";
import { X509Error, x509Error } from "../error.ts";
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
  | { readonly type: "other"; readonly qualifierId: string; readonly value: Uint8Array }
  /**
   * One of the first two that can't be read: it is for people, and decides nothing. `value` is the whole element, `fault`
   * a sentence that says what is wrong.
   */
  | { readonly type: "unreadable"; readonly qualifierId: string; readonly value: Uint8Array; readonly fault: string };

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
  while (!list.done) {
    const parts = list.sequence(what);
    const qualifierId = parts.oid(what);
    const value = parts.element(what).der;
    parts.finish(what);
    qualifiers.push(decodeQualifier(qualifierId, value));
  }
  return qualifiers;
}

/** What a verdict rests on is which kinds there are; what they say, it doesn't. */
function decodeQualifier(qualifierId: string, value: Uint8Array): PolicyQualifier {
  try {
    if (qualifierId === Oid.idQtCps) return { type: "cps", uri: decodeDer(value, "a CPS pointer", readText) };
    if (qualifierId === Oid.idQtUnotice) return decodeDer(value, "a user notice", readUserNotice);
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return { type: "unreadable", qualifierId, value, fault: error.message };
  }
  return { type: "other", qualifierId, value };
}

/** `UserNotice ::= SEQUENCE { noticeRef NoticeReference OPTIONAL, explicitText DisplayText OPTIONAL }` */
function readUserNotice(reader: DerReader): PolicyQualifier {
  const what = "a user notice";
  const parts = reader.sequence(what);
  let noticeRef: { readonly organization: string; readonly noticeNumbers: readonly number[] } | undefined;
  if (parts.nextTag === Tag.sequence) {
    const reference = parts.sequence(what);
    const organization = readText(reference);
    const numbers = reference.sequence(what);
    const noticeNumbers: number[] = [];
    while (!numbers.done) noticeNumbers.push(numbers.smallInteger(0x7fffffff, what));
    reference.finish(what);
    noticeRef = { organization, noticeNumbers };
  }
  const explicitText = parts.done ? undefined : readText(parts);
  parts.finish(what);
  return { type: "userNotice", explicitText, noticeRef };
}

/**
 * A text to be shown. Its type is one of `DisplayText` (RFC 5280 §4.2.1.4), or for a CPS pointer an IA5String; many use
 * another, and more than the 200 characters that it may have.
 */
function readText(reader: DerReader): string {
  const text = textOfString(reader.element("a text"));
  if (text === undefined) throw x509Error("invalid_der", "a policy's qualifier has a text that is malformed");
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
    case "unreadable":
      return derSequence(derOid(qualifier.qualifierId), qualifier.value);
  }
}
