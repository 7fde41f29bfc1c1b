import { X509Error } from "../error.ts";
import { decodeOid } from "../oid.ts";
import { textOfString } from "../string-types.ts";
import { oidName } from "../text/oid-names.ts";
import { timeAt } from "../time.ts";
import { type BerElement, Universal } from "./element.ts";
import { maximumBerDepth, maximumBerElements, maximumOctetsShown, maximumTextShown } from "./limits.ts";
import { readBer } from "./read-ber.ts";

/** One element of an encoding, for people. */
export interface Asn1Node {
  /** `SEQUENCE`, `OBJECT IDENTIFIER`; a tag by its number, `[0]`, `[APPLICATION 3]`, which only a specification gives a type. */
  readonly type: string;
  /**
   * The value, where it can be told without a specification: an object identifier with its name, a text in quotation marks,
   * a time, a number, octets in hexadecimal. What is long is cut. A text is as it was encoded, whatever characters it has:
   * who shows it sees to it that a terminal doesn't obey it.
   */
  readonly value: string | undefined;
  /** Where its identifier begins, in octets from the beginning of what was given. */
  readonly offset: number;
  /** Octets of its identifier and its length. */
  readonly headerLength: number;
  /** Octets of its contents. */
  readonly length: number;
  /** Whether its length is told by where it ends, in two octets more. */
  readonly indefinite: boolean;
  /** What it consists of; or, if `encapsulates`, the encoding that its octets are. */
  readonly nodes: readonly Asn1Node[];
  /** Whether it is a string of octets or bits, and these are an encoding in turn. */
  readonly encapsulates: boolean;
}

/** An encoding as a tree, as far as it can be read. */
export interface Asn1Tree {
  /** The elements, one behind the other: mostly one. */
  readonly nodes: readonly Asn1Node[];
  /** What can't be read, and where it is. */
  readonly fault: { readonly offset: number; readonly message: string } | undefined;
}

/**
 * DER or BER as a tree for people, whatever it is the encoding of: nothing is to be concluded from it. Strings whose
 * octets can be read as an encoding from their first to their last are shown as that. Malformed input is a tree up to the
 * fault, and the fault; nothing is thrown.
 */
export function asn1Tree(bytes: Uint8Array): Asn1Tree {
  const { elements, fault } = readBer(bytes);
  const nodes = new Describing(bytes, elements).nodes(elements, 1);
  return { nodes, fault: fault && { offset: fault.offset, message: fault.message } };
}

class Describing {
  readonly #bytes: Uint8Array;
  /** Elements that may still be taken out of strings. */
  #left: number;

  constructor(bytes: Uint8Array, elements: readonly BerElement[]) {
    this.#bytes = bytes;
    this.#left = maximumBerElements - countOf(elements);
  }

  nodes(elements: readonly BerElement[], depth: number): readonly Asn1Node[] {
    return elements.map((element) => this.#node(element, depth, false));
  }

  /** @param isPiece whether it is a piece of a string, which nobody cuts where an encoding begins */
  #node(element: BerElement, depth: number, isPiece: boolean): Asn1Node {
    const { position, indefinite, constructed } = element;
    const encapsulated = constructed || isPiece ? undefined : this.#encapsulated(element, depth);
    const isInPieces = constructed && (element.is(Universal.octetString) || element.is(Universal.bitString));
    return {
      type: typeOf(element),
      value: constructed || encapsulated !== undefined ? undefined : describedValue(element),
      offset: position.offset,
      headerLength: position.contentOffset - position.offset,
      length: position.contentEnd - position.contentOffset,
      indefinite,
      nodes: (encapsulated ?? element.elements).map((part) => this.#node(part, depth + 1, isInPieces)),
      encapsulates: encapsulated !== undefined,
    };
  }

  /** The one element that the octets of a string are, if they are that and nothing else. */
  #encapsulated(element: BerElement, depth: number): readonly BerElement[] | undefined {
    if (depth >= maximumBerDepth || this.#left <= 0) return undefined;
    const { contentOffset, contentEnd } = element.position;
    const isBitString = element.is(Universal.bitString);
    if (isBitString ? this.#bytes[contentOffset] !== 0 : !element.is(Universal.octetString)) return undefined;
    const { elements, fault } = readBer(this.#bytes, contentOffset + (isBitString ? 1 : 0), contentEnd);
    const [whole, more] = elements;
    if (fault !== undefined || whole?.tagClass !== "universal" || more !== undefined) return undefined;
    if (!isPlausible(whole)) return undefined;
    this.#left -= countOf(elements);
    return elements;
  }
}

/** Whether octets that can be read as an element are likely to be one: any twenty begin like one now and then. */
function isPlausible(element: BerElement): boolean {
  if (element.tagClass === "private" || element.tagClass === "application") return false;
  if (element.constructed) return element.elements.every(isPlausible);
  return element.tagClass !== "universal" || (typeNames[element.tagNumber] !== undefined && isWellFormed(element));
}

function countOf(elements: readonly BerElement[]): number {
  let count = elements.length;
  for (const element of elements) count += countOf(element.elements);
  return count;
}

function typeOf({ tagClass, tagNumber }: BerElement): string {
  if (tagClass === "context-specific") return `[${tagNumber}]`;
  return (tagClass === "universal" && typeNames[tagNumber]) || `[${tagClass.toUpperCase()} ${tagNumber}]`;
}

/** X.680's names of the universal types, by their tags. */
const typeNames: Readonly<Record<number, string>> = {
  [Universal.boolean]: "BOOLEAN",
  [Universal.integer]: "INTEGER",
  [Universal.bitString]: "BIT STRING",
  [Universal.octetString]: "OCTET STRING",
  [Universal.null]: "NULL",
  [Universal.objectIdentifier]: "OBJECT IDENTIFIER",
  [Universal.objectDescriptor]: "ObjectDescriptor",
  [Universal.external]: "EXTERNAL",
  [Universal.real]: "REAL",
  [Universal.enumerated]: "ENUMERATED",
  [Universal.embeddedPdv]: "EMBEDDED PDV",
  [Universal.utf8String]: "UTF8String",
  [Universal.relativeOid]: "RELATIVE-OID",
  [Universal.sequence]: "SEQUENCE",
  [Universal.set]: "SET",
  [Universal.numericString]: "NumericString",
  [Universal.printableString]: "PrintableString",
  [Universal.teletexString]: "TeletexString",
  [Universal.videotexString]: "VideotexString",
  [Universal.ia5String]: "IA5String",
  [Universal.utcTime]: "UTCTime",
  [Universal.generalizedTime]: "GeneralizedTime",
  [Universal.graphicString]: "GraphicString",
  [Universal.visibleString]: "VisibleString",
  [Universal.generalString]: "GeneralString",
  [Universal.universalString]: "UniversalString",
  [Universal.characterString]: "CHARACTER STRING",
  [Universal.bmpString]: "BMPString",
};

/** How a primitive value of a universal type is told; nothing for one that its type doesn't have. */
const values: Readonly<Record<number, (content: Uint8Array, element: BerElement) => string | undefined>> = {
  [Universal.boolean]: (content) => (content.length === 1 ? (content[0] === 0 ? "FALSE" : "TRUE") : undefined),
  [Universal.integer]: integer,
  [Universal.enumerated]: integer,
  [Universal.null]: (content) => (content.length === 0 ? "" : undefined),
  [Universal.objectIdentifier]: objectIdentifier,
  [Universal.bitString]: bitString,
  [Universal.utcTime]: (content) => time(content, 2),
  [Universal.generalizedTime]: (content) => time(content, 4),
  [Universal.utf8String]: text,
  [Universal.printableString]: text,
  [Universal.ia5String]: text,
  [Universal.visibleString]: text,
  [Universal.universalString]: text,
  [Universal.bmpString]: text,
  [Universal.numericString]: (content) => ascii(content),
};

function isWellFormed(element: BerElement): boolean {
  const describe = values[element.tagNumber];
  return describe === undefined || describe(element.content, element) !== undefined;
}

function describedValue(element: BerElement): string | undefined {
  const { content } = element;
  const describe = element.tagClass === "universal" ? values[element.tagNumber] : undefined;
  if (describe === undefined) return ascii(content) ?? octets(content);
  return (describe(content, element) ?? `malformed, ${octets(content) ?? "without contents"}`) || undefined;
}

function integer(content: Uint8Array): string | undefined {
  if (content.length === 0) return undefined;
  if (content.length > 8) return octets(content);
  let value = 0n;
  for (const octet of content) value = (value << 8n) | BigInt(octet);
  return `${BigInt.asIntN(8 * content.length, value)}`;
}

function objectIdentifier(content: Uint8Array): string | undefined {
  try {
    const oid = decodeOid(content);
    const name = oidName(oid);
    return name === undefined ? oid : `${name} (${oid})`;
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}

function bitString(content: Uint8Array): string | undefined {
  const [unused] = content;
  if (unused === undefined || unused > 7 || (unused > 0 && content.length === 1)) return undefined;
  const bits = octets(content.subarray(1)) ?? "no bits";
  return unused === 0 ? bits : `${bits}, the last ${unused} bits unused`;
}

/** As RFC 5280 §4.1.2.5 has times; another form is shown as it is. */
function time(content: Uint8Array, yearDigits: 2 | 4): string | undefined {
  const at = content.length === yearDigits + 11 ? timeAt(content, 0, yearDigits) : undefined;
  if (at === undefined) return ascii(content);
  return new Date(at).toISOString().replace("T", " ").replace(".000Z", " UTC");
}

function text(_content: Uint8Array, element: BerElement): string | undefined {
  const whole = textOfString({ tag: element.tagNumber, content: element.content });
  return whole === undefined ? undefined : quoted(whole);
}

/** Octets that are all printable characters of ASCII, as most names are, as text. */
function ascii(content: Uint8Array): string | undefined {
  if (content.length === 0 || content.some((octet) => octet < 0x20 || octet > 0x7e)) return undefined;
  const shown = content.subarray(0, maximumTextShown + 1);
  return quoted(String.fromCharCode(...shown));
}

function quoted(whole: string): string {
  const characters = [...whole.slice(0, 2 * maximumTextShown + 2)];
  if (characters.length <= maximumTextShown) return JSON.stringify(whole);
  return `${JSON.stringify(characters.slice(0, maximumTextShown).join(""))}…`;
}

function octets(content: Uint8Array): string | undefined {
  if (content.length === 0) return undefined;
  let hex = "";
  for (const octet of content.subarray(0, maximumOctetsShown)) hex += octet.toString(16).padStart(2, "0");
  return content.length > maximumOctetsShown ? `${hex}… (${content.length} octets)` : hex;
}
