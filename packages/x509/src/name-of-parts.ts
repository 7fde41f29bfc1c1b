import { decodeDer } from "./der-reader.ts";
import { Tag } from "./der-tag.ts";
import { derElement, derOid, derSequence, derSetOf } from "./der-writer.ts";
import { x509Error } from "./error.ts";
import { Name, type RelativeName, shortNames } from "./name.ts";
import { Oid } from "./oids.ts";
import { encodeUtf8 } from "./unicode.ts";

/** What a name is made of, to make one: in the order in which it is written. */
export interface NameParts {
  readonly countryName?: string;
  readonly stateOrProvinceName?: string;
  readonly localityName?: string;
  readonly organizationName?: string;
  readonly organizationalUnitName?: string;
  readonly commonName?: string;
}

/** A name of these parts. A country takes two letters, for whose sake it is a PrintableString; the others are UTF-8. */
export function nameOfParts(parts: NameParts): Name {
  const relativeNames: Uint8Array[] = [];
  const add = (oid: string, tag: number, value: string | undefined, maximum: number): void => {
    if (value === undefined) return;
    // RFC 5280 appendix A.1: upper bounds
    if (value.length === 0 || [...value].length > maximum) {
      throw x509Error(
        "invalid_argument",
        `${shortNames.get(oid)} takes 1 to ${maximum} characters, got ${JSON.stringify(value)}`,
      );
    }
    relativeNames.push(derSetOf(derSequence(derOid(oid), derElement(tag, encodeUtf8(value)))));
  };
  if (parts.countryName !== undefined && !/^[A-Za-z]{2}$/.test(parts.countryName)) {
    throw x509Error("invalid_argument", `a country is two letters, got ${JSON.stringify(parts.countryName)}`);
  }
  add(Oid.countryName, Tag.printableString, parts.countryName, 2);
  add(Oid.stateOrProvinceName, Tag.utf8String, parts.stateOrProvinceName, 128);
  add(Oid.localityName, Tag.utf8String, parts.localityName, 128);
  add(Oid.organizationName, Tag.utf8String, parts.organizationName, 64);
  add(Oid.organizationalUnitName, Tag.utf8String, parts.organizationalUnitName, 64);
  add(Oid.commonName, Tag.utf8String, parts.commonName, 64);
  return Name.fromDer(derSequence(...relativeNames));
}

/** The name that has one more relative name at its end. */
export function withRelativeName(name: Name, relativeName: RelativeName): Name {
  const content = decodeDer(name.der, "the name", (reader) => reader.content(Tag.sequence, "the name"));
  return Name.fromDer(derSequence(content, relativeName.der));
}
