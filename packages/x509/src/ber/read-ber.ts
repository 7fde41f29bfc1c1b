import { BaseBlock } from "asn1js";
import { BerElement, type TagClass, Universal } from "./element.ts";
import { maximumBerBytes, maximumBerDepth, maximumBerElements } from "./limits.ts";

/** Why reading ended before its end. */
export interface BerFault {
  readonly code: "invalid_ber" | "too_large";
  /** Of the element that can't be read. */
  readonly offset: number;
  /** A clause, without the offset: `the element is cut off: …`. */
  readonly message: string;
}

/** What was read, and what wasn't. */
export interface BerContents {
  /** The elements, one behind the other. With a fault the last may be one that has fewer contents than it should. */
  readonly elements: readonly BerElement[];
  readonly fault: BerFault | undefined;
}

/**
 * Reads all elements of some bytes, from an offset to another, as far as they can be read.
 *
 * asn1js reads identifiers and lengths. Where elements end, how deep they lie and how many there are is decided here: its
 * own recursion lets an element reach beyond the one that it lies in, takes any length for that of the end of contents,
 * throws at times that it can't read, and gives away what it has read once it fails.
 */
export function readBer(bytes: Uint8Array, start: number = 0, end: number = bytes.length): BerContents {
  if (end - start > maximumBerBytes) {
    const message = `what is read has at most ${maximumBerBytes} bytes, got ${end - start}`;
    return { elements: [], fault: { code: "too_large", offset: start, message } };
  }
  return new Reading(bytes).run(start, end);
}

class Reading {
  readonly #bytes: Uint8Array;
  #count = 0;
  #fault: BerFault | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  run(start: number, limit: number): BerContents {
    const elements: BerElement[] = [];
    for (let offset = start; offset < limit && this.#fault === undefined; ) {
      const element = this.#element(offset, limit, 1);
      if (element === undefined) break;
      elements.push(element);
      offset = element.position.end;
    }
    return { elements, fault: this.#fault };
  }

  /** The element there, which ends before `limit`: what there is of it if a fault comes within, nothing if it is the fault. */
  #element(offset: number, limit: number, depth: number): BerElement | undefined {
    const bytes = this.#bytes;
    if (depth > maximumBerDepth) {
      return this.#failed(offset, `elements lie at most ${maximumBerDepth} deep in one another`, "too_large");
    }
    this.#count += 1;
    if (this.#count > maximumBerElements) {
      return this.#failed(offset, `there are at most ${maximumBerElements} elements`, "too_large");
    }
    const { idBlock, lenBlock } = new BaseBlock();
    const lengthOffset = idBlock.fromBER(bytes, offset, limit - offset);
    if (lengthOffset < 0) return this.#failed(offset, `its identifier can't be read: ${idBlock.error}`);
    if (idBlock.isHexOnly) return this.#failed(offset, "its tag number is too large");
    const { isConstructed, tagNumber } = idBlock;
    const tagClass = tagClasses[idBlock.tagClass - 1] ?? "universal";
    // X.690 §8.1.2.4.2: numbers up to 30 are in the first octet; (c): and the others in the fewest octets
    if (idBlock.blockLength > 1 && (tagNumber < 31 || bytes[offset + 1] === 0x80)) {
      return this.#failed(offset, "its tag number is in too many octets");
    }
    // X.690 §8.1.5: tag 0 ends contents, and is nothing else
    if (tagClass === "universal" && tagNumber === 0) return this.#failed(offset, "contents end that didn't begin");
    // X.690 §8.9.1, §8.11.1
    if (
      tagClass === "universal" &&
      !isConstructed &&
      (tagNumber === Universal.sequence || tagNumber === Universal.set)
    ) {
      return this.#failed(offset, "a SEQUENCE or SET is constructed");
    }
    const contentOffset = lenBlock.fromBER(bytes, lengthOffset, limit - lengthOffset);
    if (contentOffset < 0) return this.#failed(offset, `its length can't be read: ${lenBlock.error}`);
    const { isIndefiniteForm: indefinite, length } = lenBlock;
    // X.690 §8.1.3.2 (a)
    if (indefinite && !isConstructed) return this.#failed(offset, "it is primitive and has an indefinite length");
    const left = limit - contentOffset;
    const isCutOff = !indefinite && length > left;
    const cutOff = `it is cut off: it has ${length} bytes, ${left} are left`;
    if (isCutOff && !isConstructed) return this.#failed(offset, cutOff);
    const contentLimit = indefinite || isCutOff ? limit : contentOffset + length;
    const elements = isConstructed ? this.#contents(offset, contentOffset, contentLimit, indefinite, depth) : [];
    if (isCutOff) this.#failed(offset, cutOff);
    const contentEnd = indefinite ? (elements.at(-1)?.position.end ?? contentOffset) : contentLimit;
    const end = indefinite && this.#fault === undefined ? contentEnd + 2 : contentEnd;
    const position = { offset, contentOffset, contentEnd, end };
    return new BerElement({ tagClass, tagNumber, constructed: isConstructed, indefinite, position, elements }, bytes);
  }

  /** What lies in a constructed element, up to a fault. */
  #contents(owner: number, start: number, limit: number, indefinite: boolean, depth: number): readonly BerElement[] {
    const elements: BerElement[] = [];
    for (let offset = start; ; ) {
      // X.690 §8.1.5: two octets of zero
      if (indefinite && this.#bytes[offset] === 0 && this.#bytes[offset + 1] === 0 && offset + 2 <= limit)
        return elements;
      if (offset === limit) {
        if (indefinite) this.#failed(owner, "its contents have no end");
        return elements;
      }
      const element = this.#element(offset, limit, depth + 1);
      if (element === undefined) return elements;
      elements.push(element);
      if (this.#fault !== undefined) return elements;
      offset = element.position.end;
    }
  }

  #failed(offset: number, message: string, code: BerFault["code"] = "invalid_ber"): undefined {
    this.#fault = { code, offset, message };
  }
}

/** By asn1js's numbers, which begin with 1. */
const tagClasses: readonly TagClass[] = ["universal", "application", "context-specific", "private"];
