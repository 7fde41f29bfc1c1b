import { printable, toHex } from "@tlskit/wire";
import { DerReader, decodeDer } from "./der-reader.ts";
import { contextConstructed, contextPrimitive, describeTag, Tag } from "./der-tag.ts";
import { derElement, derOid } from "./der-writer.ts";
import { X509Error, x509Error } from "./error.ts";
import { formatIpAddress } from "./ip-address.ts";
import { maximumNameCharactersShown } from "./limits.ts";
import { describeName, Name } from "./name.ts";
import { decodeOid, encodeOid } from "./oid.ts";
import { encodeUtf8 } from "./unicode.ts";

/**
 * A name of any form (RFC 5280 §4.2.1.6), under the name that the RFC gives its form. Texts are as they were written:
 * ASCII, and otherwise to be seen as hostile.
 */
export type GeneralName =
  /** `value` is the whole element of the type that `typeId` defines. */
  | { readonly type: "otherName"; readonly typeId: string; readonly value: Uint8Array }
  | { readonly type: "rfc822Name"; readonly value: string }
  | { readonly type: "dNSName"; readonly value: string }
  /** Undecoded: the contents of the ORAddress. */
  | { readonly type: "x400Address"; readonly value: Uint8Array }
  | { readonly type: "directoryName"; readonly value: Name }
  /** Undecoded: the contents of the EDIPartyName. */
  | { readonly type: "ediPartyName"; readonly value: Uint8Array }
  | { readonly type: "uniformResourceIdentifier"; readonly value: string }
  /** Four or sixteen bytes; in the subtree of a name constraint twice as many, the second half being the mask. */
  | { readonly type: "iPAddress"; readonly value: Uint8Array }
  | { readonly type: "registeredID"; readonly value: string }
  /**
   * One whose contents can't be read. It is nobody's name, and any name constraint on its form refuses it; the names
   * beside it are none the worse for it. `value` is its contents, `fault` a sentence that says what is wrong.
   */
  | { readonly type: "unreadable"; readonly form: GeneralNameType; readonly value: Uint8Array; readonly fault: string };

/** The forms that a name can have. */
export type GeneralNameType =
  | "otherName"
  | "rfc822Name"
  | "dNSName"
  | "x400Address"
  | "directoryName"
  | "ediPartyName"
  | "uniformResourceIdentifier"
  | "iPAddress"
  | "registeredID";

const tags = {
  otherName: contextConstructed(0),
  rfc822Name: contextPrimitive(1),
  dNSName: contextPrimitive(2),
  x400Address: contextConstructed(3),
  directoryName: contextConstructed(4),
  ediPartyName: contextConstructed(5),
  uniformResourceIdentifier: contextPrimitive(6),
  iPAddress: contextPrimitive(7),
  registeredID: contextPrimitive(8),
} as const satisfies Record<GeneralNameType, number>;

const types = new Map<number, GeneralNameType>(
  // Object.entries forgets that its keys are those of the table
  Object.entries(tags).map(([type, tag]) => [tag, type as GeneralNameType]),
);

/** Octets of an iPAddress (RFC 5280 §4.2.1.6), and of one with its mask (§4.2.1.10). */
const addressLengths = { name: [4, 16], subtree: [8, 32] } as const;

/** Names of several forms in their order (RFC 5280 §4.2.1.6): at least one, unless the issuer broke its rule. */
export class GeneralNames {
  readonly all: readonly GeneralName[];

  constructor(all: readonly GeneralName[]) {
    this.all = all;
  }

  get dnsNames(): readonly string[] {
    return this.all.flatMap((name) => (name.type === "dNSName" ? [name.value] : []));
  }

  /** Four or sixteen bytes each. */
  get ipAddresses(): readonly Uint8Array[] {
    return this.all.flatMap((name) => (name.type === "iPAddress" ? [name.value] : []));
  }

  get rfc822Names(): readonly string[] {
    return this.all.flatMap((name) => (name.type === "rfc822Name" ? [name.value] : []));
  }

  get uniformResourceIdentifiers(): readonly string[] {
    return this.all.flatMap((name) => (name.type === "uniformResourceIdentifier" ? [name.value] : []));
  }

  get directoryNames(): readonly Name[] {
    return this.all.flatMap((name) => (name.type === "directoryName" ? [name.value] : []));
  }
}

/**
 * `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName`
 * @param tag SEQUENCE's own, or what stands in its place
 */
export function readGeneralNames(reader: DerReader, what: string, tag: number = Tag.sequence): GeneralNames {
  const list = reader.open(tag, what);
  const names: GeneralName[] = [];
  while (!list.done) names.push(readGeneralName(list, what));
  return new GeneralNames(names);
}

/** The value of a subject or issuer alternative name. */
export function decodeGeneralNames(value: Uint8Array, what: string): GeneralNames {
  return decodeDer(value, what, (reader) => readGeneralNames(reader, what));
}

/** A name of a form that there is; one whose contents are malformed is `unreadable`. */
export function readGeneralName(reader: DerReader, what: string): GeneralName {
  const { tag, content } = reader.element(what);
  const form = formOf(tag, what);
  try {
    return decodeForm(form, content, what, "name");
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return { type: "unreadable", form, value: content, fault: error.message };
  }
}

/** The base of a name constraint's subtree, where addresses have masks: one that can't be read is an error. */
export function readSubtreeBase(reader: DerReader, what: string): GeneralName {
  const { tag, content } = reader.element(what);
  return decodeForm(formOf(tag, what), content, what, "subtree");
}

function formOf(tag: number, what: string): GeneralNameType {
  const form = types.get(tag);
  if (form === undefined) throw x509Error("invalid_der", `${what} has a name of an unknown kind, ${describeTag(tag)}`);
  return form;
}

function decodeForm(
  type: GeneralNameType,
  content: Uint8Array,
  what: string,
  place: keyof typeof addressLengths,
): GeneralName {
  switch (type) {
    case "rfc822Name":
    case "dNSName":
    case "uniformResourceIdentifier":
      return { type, value: ia5Text(content, what) };
    case "directoryName": {
      // a CHOICE is tagged explicitly (X.680 §31.2.7)
      const inner = new DerReader(content);
      const value = Name.read(inner, what);
      inner.finish(what);
      return { type, value };
    }
    case "iPAddress": {
      const [ipv4, ipv6] = addressLengths[place];
      if (content.length !== ipv4 && content.length !== ipv6) {
        throw x509Error("invalid_certificate", `${what} has an IP address of ${content.length} octets`);
      }
      return { type, value: content };
    }
    case "registeredID":
      return { type, value: decodeOid(content) };
    case "otherName":
      return readOtherName(new DerReader(content), what);
    case "x400Address":
    case "ediPartyName":
      return { type, value: content };
  }
}

/** `OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY DEFINED BY type-id }` */
function readOtherName(parts: DerReader, what: string): GeneralName {
  const typeId = parts.oid(what);
  const value = parts.explicit(0, what, (inner) => inner.element(what).der);
  parts.finish(what);
  if (value === undefined) throw x509Error("invalid_der", `${what} has an otherName without a value`);
  return { type: "otherName", typeId, value };
}

/** @throws {X509Error} `invalid_argument` for text that isn't ASCII and for an address of another length */
export function encodeGeneralName(name: GeneralName): Uint8Array {
  const tag = tags[name.type === "unreadable" ? name.form : name.type];
  switch (name.type) {
    case "rfc822Name":
    case "dNSName":
    case "uniformResourceIdentifier":
      if (!/^[\0-\x7f]*$/.test(name.value)) {
        throw x509Error("invalid_argument", `a ${name.type} is ASCII, got ${JSON.stringify(name.value)}`);
      }
      return derElement(tag, encodeUtf8(name.value));
    case "directoryName":
      return derElement(tag, name.value.der);
    case "iPAddress":
      if (![4, 8, 16, 32].includes(name.value.length)) {
        throw x509Error("invalid_argument", `an IP address has 4 or 16 octets, got ${name.value.length}`);
      }
      return derElement(tag, name.value);
    case "registeredID":
      return derElement(tag, encodeOid(name.value));
    case "otherName":
      return derElement(tag, derOid(name.typeId), derElement(contextConstructed(0), name.value));
    case "x400Address":
    case "ediPartyName":
    case "unreadable":
      return derElement(tag, name.value);
  }
}

/** @param tag SEQUENCE's own, or what stands in its place */
export function encodeGeneralNames(names: Iterable<GeneralName>, tag: number = Tag.sequence): Uint8Array {
  return derElement(tag, ...Array.from(names, encodeGeneralName));
}

/** A name for a sentence: what it says is shown, not obeyed, and not without end. */
export function describeGeneralName(name: GeneralName): string {
  switch (name.type) {
    case "directoryName":
      return `the name ${describeName(name.value)}`;
    case "iPAddress":
      return `the address ${name.value.length === 4 || name.value.length === 16 ? formatIpAddress(name.value) : toHex(name.value)}`;
    case "rfc822Name":
    case "dNSName":
    case "uniformResourceIdentifier":
      return `the ${name.type} ${JSON.stringify(printable(encodeUtf8(name.value)).slice(0, maximumNameCharactersShown))}`;
    case "unreadable":
      return `a name of the form ${name.form} that can't be read`;
    default:
      return `a name of the form ${name.type}`;
  }
}

function ia5Text(content: Uint8Array, what: string): string {
  let text = "";
  for (const octet of content) {
    if (octet >= 0x80) throw x509Error("invalid_der", `${what} has an IA5String that is not ASCII`);
    text += String.fromCharCode(octet);
  }
  return text;
}
