/** The class of a tag (X.690 §8.1.2.2). */
export type TagClass = "universal" | "application" | "context-specific" | "private";

/** Where an element lies, in octets from the beginning of what is read. */
export interface BerPosition {
  /** Where its identifier begins. */
  readonly offset: number;
  /** Where its contents begin. */
  readonly contentOffset: number;
  /** Where its contents end. */
  readonly contentEnd: number;
  /** Where it ends, the two octets that end contents of indefinite length included. */
  readonly end: number;
}

/** One element of an encoding by the Basic Encoding Rules (X.690 §8): what its tag says, where it lies, and what lies in it. */
export class BerElement {
  readonly tagClass: TagClass;
  readonly tagNumber: number;
  readonly constructed: boolean;
  /** Whether its length is told by where it ends (X.690 §8.1.3.6). */
  readonly indefinite: boolean;
  readonly position: BerPosition;
  /** The elements that a constructed one consists of. */
  readonly elements: readonly BerElement[];
  readonly #bytes: Uint8Array;

  constructor(
    parts: Pick<BerElement, "tagClass" | "tagNumber" | "constructed" | "indefinite" | "position" | "elements">,
    bytes: Uint8Array,
  ) {
    this.tagClass = parts.tagClass;
    this.tagNumber = parts.tagNumber;
    this.constructed = parts.constructed;
    this.indefinite = parts.indefinite;
    this.position = parts.position;
    this.elements = parts.elements;
    this.#bytes = bytes;
  }

  /** Its contents octets. */
  get content(): Uint8Array {
    return this.#bytes.subarray(this.position.contentOffset, this.position.contentEnd);
  }

  /** The whole element as it was read. */
  get encoding(): Uint8Array {
    return this.#bytes.subarray(this.position.offset, this.position.end);
  }

  /** Whether it has this tag of the class universal. */
  is(tagNumber: number): boolean {
    return this.tagClass === "universal" && this.tagNumber === tagNumber;
  }
}

/** The numbers of the universal tags that are looked at here (X.680 §8.6, table 1). */
export const Universal = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  objectIdentifier: 6,
  objectDescriptor: 7,
  external: 8,
  real: 9,
  enumerated: 10,
  embeddedPdv: 11,
  utf8String: 12,
  relativeOid: 13,
  sequence: 16,
  set: 17,
  numericString: 18,
  printableString: 19,
  teletexString: 20,
  videotexString: 21,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  graphicString: 25,
  visibleString: 26,
  generalString: 27,
  universalString: 28,
  characterString: 29,
  bmpString: 30,
} as const;
