import type { DerReader } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { derElement, derOctetString, derOid, derSequence, derSetOf } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import type { Pkcs12Labels } from "./contents.ts";
import { Pkcs12Oid } from "./oids.ts";

/**
 * The attributes of a bag, if it has any; what isn't a name or a key identifier is passed over (RFC 7292 §4.2).
 * ```
 * bagAttributes SET OF PKCS12Attribute OPTIONAL
 * PKCS12Attribute ::= SEQUENCE { attrId OBJECT IDENTIFIER, attrValues SET OF AttributeValue }
 * ```
 */
export function readLabels(bag: DerReader): Pkcs12Labels {
  let friendlyName: string | undefined;
  let localKeyId: Uint8Array | undefined;
  if (bag.nextTag === Tag.set) {
    const attributes = bag.open(Tag.set, "the bag's attributes");
    while (!attributes.done) {
      const attribute = attributes.sequence("an attribute");
      const oid = attribute.oid("an attribute's identifier");
      const values = attribute.open(Tag.set, "an attribute's values");
      attribute.finish("an attribute");
      // RFC 2985 §5.5.1, §5.5.2: single values
      if (oid === Pkcs12Oid.friendlyName)
        friendlyName = decodeUtf16(values.content(Tag.bmpString, "the friendly name"));
      else if (oid === Pkcs12Oid.localKeyId) localKeyId = values.octetString("the local key identifier");
      else continue;
      values.finish("an attribute's values");
    }
  }
  return { friendlyName, localKeyId };
}

/** Nothing at all if there is nothing to say. */
export function encodeLabels({ friendlyName, localKeyId }: Pkcs12Labels): readonly Uint8Array[] {
  const attributes: Uint8Array[] = [];
  const add = (oid: string, value: Uint8Array): void => {
    attributes.push(derSequence(derOid(oid), derSetOf(value)));
  };
  if (friendlyName !== undefined) {
    add(Pkcs12Oid.friendlyName, derElement(Tag.bmpString, encodeUtf16(friendlyName)));
  }
  if (localKeyId !== undefined) add(Pkcs12Oid.localKeyId, derOctetString(localKeyId));
  return attributes.length === 0 ? [] : [derSetOf(...attributes)];
}

/** A BMPString as everybody writes it: in UTF-16, also where a character takes two of its units. */
export function encodeUtf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i += 1) {
    bytes[2 * i] = text.charCodeAt(i) >> 8;
    bytes[2 * i + 1] = text.charCodeAt(i) & 0xff;
  }
  return bytes;
}

function decodeUtf16(bytes: Uint8Array): string {
  if (bytes.length % 2 !== 0) throw x509Error("invalid_der", "the friendly name is not a BMPString");
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) text += String.fromCharCode(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  if (!text.isWellFormed()) throw x509Error("invalid_der", "the friendly name is not well-formed");
  return text;
}
