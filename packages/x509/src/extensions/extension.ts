import type { DerReader } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { derElement, derOctetString, derOid, derSequence, derTrue } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { describeOid } from "../oids.ts";

/**
 * An extension as it stands in a certificate.
 * ```
 * Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }
 * ```
 */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** The DER inside the octet string. */
  readonly value: Uint8Array;
}

/** No two of one kind. That there is at least one (RFC 5280 §4.1.2.9) is the issuer's duty: none say nothing. */
export function readExtensions(reader: DerReader): readonly Extension[] {
  const what = "the extensions";
  const list = reader.sequence(what);
  const extensions: Extension[] = [];
  const seen = new Set<string>();
  while (!list.done) {
    const parts = list.sequence("an extension");
    const oid = parts.oid("an extension's identifier");
    // RFC 5280 §4.2: not more than one instance of an extension
    if (seen.has(oid)) throw x509Error("invalid_certificate", `the extension ${describeOid(oid)} appears twice`);
    seen.add(oid);
    const critical = parts.nextTag === Tag.boolean && parts.boolean("an extension's critical field");
    const value = parts.octetString("an extension's value");
    parts.finish("an extension");
    extensions.push({ oid, critical, value });
  }
  return extensions;
}

export function encodeExtension({ oid, critical, value }: Extension): Uint8Array {
  return derElement(Tag.sequence, derOid(oid), ...(critical ? [derTrue()] : []), derOctetString(value));
}

export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  return derSequence(...extensions.map(encodeExtension));
}
