import { contextConstructed, describeTag, Tag } from "./der-tag.ts";
import { type X509Error, x509Error } from "./error.ts";
import { decodeOid } from "./oid.ts";

/** One element: identifier, length and contents. What isn't asked for costs nothing. */
export class DerElement {
  readonly tag: number;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #contentStart: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start: number, contentStart: number, end: number) {
    this.tag = bytes[start] ?? 0;
    this.#bytes = bytes;
    this.#start = start;
    this.#contentStart = contentStart;
    this.#end = end;
  }

  /** The whole element. */
  get der(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Its contents octets. */
  get content(): Uint8Array {
    return this.#bytes.subarray(this.#contentStart, this.#end);
  }

  /** A cursor over its contents. */
  open(): DerReader {
    return new DerReader(this.#bytes, this.#contentStart, this.#end);
  }
}

/** The contents of a BIT STRING. */
export interface BitString {
  readonly unusedBits: number;
  readonly octets: Uint8Array;
}

/**
 * A cursor over DER (X.690 §10, §11), which has one encoding for each value: whatever else BER would allow is refused,
 * so that no two readers can see different things in the same bytes. A read gives what was asked for or throws; what
 * it gives is a view of the bytes read. There is no reading without knowing what comes, hence no recursion to exhaust.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Uint8Array, start: number = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#offset = start;
    this.#end = end;
  }

  /** Where the next element begins in the bytes that are read. */
  get offset(): number {
    return this.#offset;
  }

  /** Whether nothing is left. */
  get done(): boolean {
    return this.#offset === this.#end;
  }

  /** The identifier octet of what comes next. */
  get nextTag(): number | undefined {
    return this.#offset < this.#end ? this.#bytes[this.#offset] : undefined;
  }

  /** Refuses bytes behind what was read. */
  finish(what: string): void {
    if (!this.done) throw invalid(`${what} has ${this.#end - this.#offset} bytes too many`);
  }

  /** The next element: of whatever type, or of this one. */
  element(what: string, tag: number | undefined = this.nextTag): DerElement {
    if (tag === undefined) throw invalid(`${what} is missing`);
    const start = this.#offset;
    const contentStart = this.#skip(tag, what);
    return new DerElement(this.#bytes, start, contentStart, this.#offset);
  }

  /** The contents of the next element, which must have this tag. */
  content(tag: number, what: string): Uint8Array {
    if (this.nextTag !== tag) throw this.#unexpected(tag, what);
    return this.#content(tag, what);
  }

  /** The next element, which must have this tag: the whole of it. */
  whole(tag: number, what: string): Uint8Array {
    const start = this.#offset;
    this.#skip(tag, what);
    return this.#bytes.subarray(start, this.#offset);
  }

  /** A cursor over the contents of the next element, which must have this tag. */
  open(tag: number, what: string): DerReader {
    const contentStart = this.#skip(tag, what);
    return new DerReader(this.#bytes, contentStart, this.#offset);
  }

  sequence(what: string): DerReader {
    return this.open(Tag.sequence, what);
  }

  /** What an explicit context tag holds, if that comes next. */
  explicit<T>(number: number, what: string, read: (reader: DerReader) => T): T | undefined {
    const tag = contextConstructed(number);
    if (this.nextTag !== tag) return undefined;
    const reader = this.open(tag, what);
    const value = read(reader);
    reader.finish(what);
    return value;
  }

  /** X.690 §11.1: TRUE is 0xff. */
  boolean(what: string): boolean {
    const content = this.content(Tag.boolean, what);
    if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) {
      throw invalid(`${what} is not a BOOLEAN as DER has it`);
    }
    return content[0] === 0xff;
  }

  /** The octets of an INTEGER, in two's complement, the fewest possible (X.690 §8.3.2). */
  integer(what: string): Uint8Array {
    return canonicalInteger(this.content(Tag.integer, what), what);
  }

  /** An INTEGER that isn't negative, as unsigned octets: without the zero that keeps its sign. */
  unsignedInteger(what: string): Uint8Array {
    const content = this.integer(what);
    if ((content[0] ?? 0) & 0x80) throw invalid(`${what} is negative`);
    return content[0] === 0 && content.length > 1 ? content.subarray(1) : content;
  }

  /** An INTEGER from 0 to `maximum`, which is at most 2^31 - 1. */
  smallInteger(maximum: number, what: string): number {
    const octets = this.unsignedInteger(what);
    let value = 0;
    if (octets.length <= 4) for (const octet of octets) value = value * 256 + octet;
    if (octets.length > 4 || value > maximum) throw invalid(`${what} is larger than ${maximum}`);
    return value;
  }

  /** An `INTEGER (0..MAX)` that counts certificates of a path, which is never so long that a greater one would differ. */
  count(what: string): number {
    return countOf(this.integer(what), what);
  }

  /** An ENUMERATED from 0 to 127: nothing in X.509 has more values. */
  enumerated(what: string): number {
    const content = this.content(Tag.enumerated, what);
    const [value] = content;
    if (value === undefined || content.length !== 1 || value >= 0x80)
      throw invalid(`${what} is not a value that is defined`);
    return value;
  }

  oid(what: string): string {
    const start = this.#skip(Tag.objectIdentifier, what);
    return decodeOid(this.#bytes, start, this.#offset);
  }

  null(what: string): void {
    if (this.content(Tag.null, what).length !== 0) throw invalid(`${what} is a NULL with contents`);
  }

  octetString(what: string): Uint8Array {
    return this.content(Tag.octetString, what);
  }

  bitString(what: string): BitString {
    return bitStringContent(this.content(Tag.bitString, what), what);
  }

  /** A BIT STRING of whole octets, as keys and signatures are. */
  bitStringOctets(what: string): Uint8Array {
    const { unusedBits, octets } = this.bitString(what);
    if (unusedBits !== 0) throw invalid(`${what} doesn't consist of whole octets`);
    return octets;
  }

  #unexpected(tag: number, what: string): X509Error {
    return invalid(`${what} should be ${describeTag(tag)}, got ${describeTag(this.nextTag)}`);
  }

  #content(tag: number, what: string): Uint8Array {
    const start = this.#skip(tag, what);
    return this.#bytes.subarray(start, this.#offset);
  }

  /** Moves behind the next element, which must have this tag, and tells where its contents start. */
  #skip(tag: number, what: string): number {
    if (this.nextTag !== tag) throw this.#unexpected(tag, what);
    // X.690 §8.1.2.4: nothing in X.509 has a tag number above 30
    if ((tag & 0x1f) === 0x1f) throw invalid(`${what} has a tag of several octets`);
    let offset = this.#offset + 1;
    let length = this.#octet(offset++, what);
    if (length >= 0x80) {
      const octets = length & 0x7f;
      // X.690 §10.1: definite; and four octets are more than any limit here
      if (octets === 0) throw invalid(`${what} has an indefinite length`);
      if (octets > 4) throw invalid(`${what} has a length of ${octets} octets`);
      length = 0;
      for (let i = 0; i < octets; i += 1) length = length * 256 + this.#octet(offset++, what);
      // X.690 §10.1: in the fewest octets
      if (length < 0x80 || length < 2 ** (8 * (octets - 1))) throw invalid(`${what} has a length in too many octets`);
    }
    if (length > this.#end - offset) {
      throw invalid(`${what} is cut off: it has ${length} bytes, ${this.#end - offset} are left`);
    }
    this.#offset = offset + length;
    return offset;
  }

  #octet(offset: number, what: string): number {
    const octet = offset < this.#end ? this.#bytes[offset] : undefined;
    if (octet === undefined) throw invalid(`${what} is cut off in its length`);
    return octet;
  }
}

/** Reads a whole byte string as one element that `read` reads; nothing may be left. */
export function decodeDer<T>(bytes: Uint8Array, what: string, read: (reader: DerReader) => T): T {
  const reader = new DerReader(bytes);
  const value = read(reader);
  reader.finish(what);
  return value;
}

/**
 * The numbers of the bits that are set in a BIT STRING of named bits, from its contents. Zeros at its end, which
 * X.690 §11.2.2 forbids whoever writes, change nothing (X.680 §22.7).
 */
export function namedBits(content: Uint8Array, what: string): readonly number[] {
  const { unusedBits, octets } = bitStringContent(content, what);
  const count = octets.length * 8 - unusedBits;
  const set: number[] = [];
  for (let bit = 0; bit < count; bit += 1) if ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) set.push(bit);
  return set;
}

/** The contents of an INTEGER, if they are canonical; also behind an implicit tag. */
export function canonicalInteger(content: Uint8Array, what: string): Uint8Array {
  const [first, second] = content;
  if (first === undefined) throw invalid(`${what} is an INTEGER without octets`);
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw invalid(`${what} is an INTEGER in too many octets`);
  }
  return content;
}

/** The value of an `INTEGER (0..MAX)`, from its contents; the greatest that is exact stands for all above. */
export function countOf(octets: Uint8Array, what: string): number {
  if ((octets[0] ?? 0) & 0x80) throw invalid(`${what} is negative`);
  let value = 0;
  for (const octet of octets) value = Math.min(value * 256 + octet, Number.MAX_SAFE_INTEGER / 512);
  return value;
}

/** The contents of a BIT STRING (X.690 §8.6, §11.2.1: unused bits are zero); also behind an implicit tag. */
export function bitStringContent(content: Uint8Array, what: string): BitString {
  const unusedBits = content[0];
  if (unusedBits === undefined || unusedBits > 7 || (unusedBits > 0 && content.length === 1)) {
    throw invalid(`${what} is not a BIT STRING`);
  }
  if (unusedBits > 0 && ((content[content.length - 1] ?? 0) & ((1 << unusedBits) - 1)) !== 0) {
    throw invalid(`${what} has unused bits that aren't zero`);
  }
  return { unusedBits, octets: content.subarray(1) };
}

function invalid(message: string): X509Error {
  return x509Error("invalid_der", message);
}
