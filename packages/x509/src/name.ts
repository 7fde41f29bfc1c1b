import { equalBytes, toHex } from "@tlskit/wire";
import { DerReader, decodeDer } from "./der-reader.ts";
import { Tag } from "./der-tag.ts";
import { derElement } from "./der-writer.ts";
import { maximumNameCharactersShown } from "./limits.ts";
import { Oid } from "./oids.ts";
import { textOfString } from "./string-types.ts";
import { encodeUtf8 } from "./unicode.ts";

/** One attribute of a name, such as a common name. */
export interface NameAttribute {
  readonly oid: string;
  /** The identifier octet of the value's type. */
  readonly tag: number;
  /** The value's contents. */
  readonly content: Uint8Array;
  /** The value as text, if it is a string whose octets have but one. */
  readonly text: string | undefined;
}

/** One relative distinguished name: its attributes, and its SET. */
export interface RelativeName {
  readonly der: Uint8Array;
  readonly attributes: readonly NameAttribute[];
}

/** RFC 4514 §3 and RFC 4519: short names to show. */
export const shortNames: ReadonlyMap<string, string> = new Map<string, string>([
  [Oid.commonName, "CN"],
  [Oid.surname, "SN"],
  [Oid.serialNumber, "serialNumber"],
  [Oid.countryName, "C"],
  [Oid.localityName, "L"],
  [Oid.stateOrProvinceName, "ST"],
  [Oid.streetAddress, "STREET"],
  [Oid.organizationName, "O"],
  [Oid.organizationalUnitName, "OU"],
  [Oid.title, "title"],
  [Oid.givenName, "GN"],
  [Oid.organizationIdentifier, "organizationIdentifier"],
  [Oid.userId, "UID"],
  [Oid.domainComponent, "DC"],
  [Oid.emailAddress, "emailAddress"],
]);

/**
 * A distinguished name (RFC 5280 §4.1.2.4).
 * ```
 * Name ::= CHOICE { rdnSequence  SEQUENCE OF RelativeDistinguishedName }
 * RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
 * AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
 * ```
 */
export class Name {
  /** Its bytes. */
  readonly der: Uint8Array;
  readonly isEmpty: boolean;
  #relativeNames: readonly (readonly NameAttribute[])[] | undefined;
  #canonicalRelativeNames: readonly string[] | undefined;
  #canonical: string | undefined;
  #text: string | undefined;

  private constructor(der: Uint8Array, isEmpty: boolean) {
    this.der = der;
    this.isEmpty = isEmpty;
  }

  static fromDer(der: Uint8Array): Name {
    return decodeDer(der, "the name", readName);
  }

  /** @internal Reads a name where one comes in something larger, checking its structure. */
  static read(reader: DerReader, what: string): Name {
    const der = reader.whole(Tag.sequence, what);
    const relativeNames = new DerReader(der).sequence(what);
    const name = new Name(der, relativeNames.done);
    while (!relativeNames.done) checkRelativeName(relativeNames.open(Tag.set, what), what);
    return name;
  }

  /** RFC 5280 §4.2.1.10: whether it begins as another name, of a subtree, does; it may be that name. */
  isWithin(subtree: Name): boolean {
    const base = subtree.canonicalRelativeNames;
    const own = this.canonicalRelativeNames;
    return base.length <= own.length && base.every((relativeName, index) => relativeName === own[index]);
  }

  /** Its attributes: relative names in order, each of one attribute or, rarely, several. */
  get relativeNames(): readonly (readonly NameAttribute[])[] {
    this.#relativeNames ??= parseRelativeNames(this.der);
    return this.#relativeNames;
  }

  /** The text of the first attribute of this type, such as `Oid.commonName`. */
  find(oid: string): string | undefined {
    for (const attributes of this.relativeNames) {
      for (const attribute of attributes) if (attribute.oid === oid) return attribute.text;
    }
    return undefined;
  }

  /**
   * RFC 5280 §7.1: whether it is the same name, regardless of string types, of the case of ASCII letters, and of
   * spaces at the ends and how many there are in between. Values of other types are compared by their bytes.
   */
  equals(other: Name): boolean {
    return equalBytes(this.der, other.der) || this.canonical === other.canonical;
  }

  /** A text that is the same for names that are equal, and only for those: to index them by. */
  get canonical(): string {
    this.#canonical ??= this.canonicalRelativeNames.join(",");
    return this.#canonical;
  }

  /** @internal */
  get canonicalRelativeNames(): readonly string[] {
    this.#canonicalRelativeNames ??= this.relativeNames.map((attributes) =>
      attributes.map(canonicalAttribute).toSorted().join("+"),
    );
    return this.#canonicalRelativeNames;
  }

  /**
   * RFC 4514, for people: `CN=example.org,O=Example`. Characters that could deceive on a screen or drive a terminal are
   * escaped.
   */
  toString(): string {
    this.#text ??= this.relativeNames
      .toReversed()
      .map((attributes) => attributes.map(attributeText).join("+"))
      .join(",");
    return this.#text;
  }
}

/** A name in a sentence: never empty, never endless. */
export function describeName(name: Name): string {
  if (name.isEmpty) return "(no name)";
  const text = name.toString();
  return text.length > maximumNameCharactersShown ? `${text.slice(0, maximumNameCharactersShown)}…` : text;
}

function readName(reader: DerReader): Name {
  return Name.read(reader, "the name");
}

function checkRelativeName(attributes: DerReader, what: string): void {
  // X.690 §11.6 has whoever writes sort them; their order means nothing, and isn't heeded when names are compared
  do {
    const parts = attributes.sequence(what);
    parts.oid(what);
    parts.element(what);
    parts.finish(what);
  } while (!attributes.done);
}

/** Reads one relative name where it comes in something larger, behind a tag of its own. */
export function readRelativeName(reader: DerReader, what: string, tag: number): RelativeName {
  const der = derElement(Tag.set, reader.content(tag, what));
  checkRelativeName(new DerReader(der).open(Tag.set, what), what);
  return { der, attributes: parseRelativeName(new DerReader(der).open(Tag.set, what)) };
}

function parseRelativeNames(der: Uint8Array): readonly (readonly NameAttribute[])[] {
  const relativeNames: (readonly NameAttribute[])[] = [];
  const reader = new DerReader(der).sequence("the name");
  while (!reader.done) relativeNames.push(parseRelativeName(reader.open(Tag.set, "the name")));
  return relativeNames;
}

function parseRelativeName(set: DerReader): readonly NameAttribute[] {
  const attributes: NameAttribute[] = [];
  while (!set.done) {
    const parts = set.sequence("the name");
    const oid = parts.oid("the name");
    const value = parts.element("the name");
    attributes.push({ oid, tag: value.tag, content: value.content, text: textOfString(value) });
  }
  return attributes;
}

/** Lengths stand in front, so that no value can pass for the boundary between two. */
function canonicalAttribute({ oid, tag, content, text }: NameAttribute): string {
  if (text === undefined) return `${oid}#${tag}:${toHex(content)}`;
  const folded = withoutIdleSpaces(withoutCapitals(text));
  return `${oid}=${folded.length}:${folded}`;
}

/** Those of ASCII alone. */
function withoutCapitals(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text.toLowerCase();
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function withoutIdleSpaces(text: string): string {
  if (!text.startsWith(" ") && !text.endsWith(" ") && !text.includes("  ")) return text;
  return text.replaceAll(/ +/g, " ").replace(/^ /, "").replace(/ $/, "");
}

function attributeText({ oid, tag, content, text }: NameAttribute): string {
  const type = shortNames.get(oid) ?? oid;
  // RFC 4514 §2.4: what has no text is shown as its encoding
  if (text === undefined) return `${type}=#${toHex(derElement(tag, content))}`;
  return `${type}=${escapeText(text)}`;
}

/** Controls, and what changes the direction of text or can't be seen. */
const deceptive = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

function escapeText(text: string): string {
  const characters = [...text];
  return characters
    .map((character, index) => {
      if (deceptive.test(character)) {
        return [...encodeUtf8(character)]
          .map((octet) => `\\${octet.toString(16).padStart(2, "0").toUpperCase()}`)
          .join("");
      }
      const atEnd = index === 0 || index === characters.length - 1;
      if ('"+,;<>\\'.includes(character) || (character === " " && atEnd) || (character === "#" && index === 0)) {
        return `\\${character}`;
      }
      return character;
    })
    .join("");
}
