import { concat } from "@tlskit/wire";
import type { BerElement } from "../../src/ber/element.ts";
import { readBer } from "../../src/ber/read-ber.ts";

/** How an element is to be written, where the Basic Encoding Rules leave a choice (X.690 §8.1.3, §8.7, §8.6). */
export interface BerChoices {
  /** Whether its length is indefinite, if it is constructed. */
  readonly indefinite: boolean;
  /** Octets more than its length needs. */
  readonly lengthPadding: number;
  /** Octets of a piece, if an OCTET STRING or BIT STRING is to be written in pieces. */
  readonly pieces: number | undefined;
  /** Whether it is an OCTET STRING, though its tag doesn't say so. */
  readonly implicitString?: boolean;
}

/** What a streaming writer does: indefinite lengths, strings in pieces of eight octets. */
export const streamed: BerChoices = { indefinite: true, lengthPadding: 0, pieces: 8 };

/** Some DER as BER, with choices made for each element. */
export function berOf(der: Uint8Array, choose: (element: BerElement) => BerChoices): Uint8Array {
  const { elements, fault } = readBer(der);
  const [element] = elements;
  if (element === undefined || fault !== undefined) throw new RangeError("there is no DER to write as BER");
  return write(element, choose);
}

/** An element out of its identifier octet and its contents, in the way that is chosen. */
export function berElement(identifier: number, content: Uint8Array, choices: Partial<BerChoices> = {}): Uint8Array {
  if (choices.indefinite === true && (identifier & 0x20) !== 0) {
    return concat(Uint8Array.of(identifier, 0x80), content, new Uint8Array(2));
  }
  return concat(Uint8Array.of(identifier), length(content.length, choices.lengthPadding ?? 0), content);
}

function write(element: BerElement, choose: (element: BerElement) => BerChoices): Uint8Array {
  const [identifier = 0] = element.encoding;
  const choices = choose(element);
  if (element.constructed) {
    return berElement(identifier, concat(...element.elements.map((part) => write(part, choose))), choices);
  }
  const { pieces, implicitString = element.is(4) } = choices;
  if (pieces !== undefined && implicitString) {
    const strings = cut(element.content, pieces).map((piece) => berElement(4, piece));
    return berElement(identifier | 0x20, concat(...strings), choices);
  }
  if (pieces !== undefined && element.is(3) && element.content.length > 1) {
    const octets = cut(element.content.subarray(1), pieces);
    const strings = octets.map((piece, index) => {
      const unused = index === octets.length - 1 ? (element.content[0] ?? 0) : 0;
      return berElement(3, concat(Uint8Array.of(unused), piece));
    });
    return berElement(0x23, concat(...strings), choices);
  }
  return berElement(identifier, element.content, choices);
}

function cut(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function length(value: number, padding: number): Uint8Array {
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  if (padding === 0 && value < 0x80) return Uint8Array.of(value);
  const padded = [...new Array<number>(padding).fill(0), ...octets];
  return Uint8Array.of(0x80 | padded.length, ...padded);
}
