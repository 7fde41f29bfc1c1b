import type { DerElement } from "./der-reader.ts";
import { Tag } from "./der-tag.ts";
import { decodeFixedWidth, decodeUtf8 } from "./unicode.ts";

/** X.680 §41.4: letters, digits, and these. */
const printable: ReadonlySet<number> = new Set(
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"].map((c) => c.charCodeAt(0)),
);

/**
 * Whether a value of one of ASN.1's string types keeps to its type's characters. What isn't a string is always
 * well-formed, and so is a TeletexString, of which nobody can tell.
 */
export function isWellFormedString({ tag, content }: Pick<DerElement, "tag" | "content">): boolean {
  switch (tag) {
    case Tag.printableString:
      for (const octet of content) if (!printable.has(octet)) return false;
      return true;
    case Tag.ia5String:
      for (const octet of content) if (octet >= 0x80) return false;
      return true;
    case Tag.visibleString:
      for (const octet of content) if (octet < 0x20 || octet >= 0x7f) return false;
      return true;
    case Tag.utf8String:
      return decodeUtf8(content) !== undefined;
    case Tag.bmpString:
      return decodeFixedWidth(content, 2) !== undefined;
    case Tag.universalString:
      return decodeFixedWidth(content, 4) !== undefined;
    default:
      return true;
  }
}

/** The text of a value of one of ASN.1's string types, if it is well-formed. What the octets
 * of a TeletexString stand for was never agreed upon: it has none. */
export function textOfString(element: Pick<DerElement, "tag" | "content">): string | undefined {
  const { tag, content } = element;
  switch (tag) {
    case Tag.utf8String:
      return decodeUtf8(content);
    case Tag.bmpString:
      return decodeFixedWidth(content, 2);
    case Tag.universalString:
      return decodeFixedWidth(content, 4);
    case Tag.printableString:
    case Tag.ia5String:
    case Tag.visibleString:
      return isWellFormedString(element) ? decodeUtf8(content) : undefined;
    default:
      return undefined;
  }
}
