import type { DerElement } from "./der-reader.ts";
import { Tag } from "./der-tag.ts";
import { decodeFixedWidth, decodeUtf8 } from "./unicode.ts";

/**
 * The text of a value of one of ASN.1's string types, if its octets have but one. ASCII has one in a PrintableString,
 * IA5String or VisibleString, also where the type leaves out some of it (X.680 §41.4): many write `&`, `@` and `_` into a
 * PrintableString. What the octets of a TeletexString stand for was never agreed upon, and what is malformed is anybody's
 * guess: they have none, and are compared by their octets.
 */
export function textOfString({ tag, content }: Pick<DerElement, "tag" | "content">): string | undefined {
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
      return content.every((octet) => octet < 0x80) ? decodeUtf8(content) : undefined;
    default:
      return undefined;
  }
}
