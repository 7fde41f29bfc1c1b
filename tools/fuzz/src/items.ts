import { concat } from "@tlskit/wire";
import { leaf, type Piece, sequence } from "./structure.ts";

/** A part of an input that is made of several: what it is, in a byte, and, behind two bytes of length, its contents. */
export interface Item {
  readonly kind: number;
  readonly content: Uint8Array;
}

const headerLength = 3;

/** The items of an input; the last may be cut off. Whatever bytes an input has, they are items. */
export function readItems(input: Uint8Array): readonly Item[] {
  const items: Item[] = [];
  for (let offset = 0; offset + headerLength <= input.length; ) {
    const [kind = 0, high = 0, low = 0] = input.subarray(offset);
    const end = offset + headerLength + ((high << 8) | low);
    items.push({ kind, content: input.subarray(offset + headerLength, end) });
    offset = end;
  }
  return items;
}

export function writeItems(...items: readonly Item[]): Uint8Array {
  return concat(
    ...items.flatMap(({ kind, content }) => [
      Uint8Array.of(kind, (content.length >> 8) & 0xff, content.length & 0xff),
      content,
    ]),
  );
}

/** The structure of an input that is items. */
export function itemsPieces(input: Uint8Array, parse: (item: Item) => Piece = ({ content }) => leaf(content)): Piece {
  return sequence(
    readItems(input).map((item) => ({ head: Uint8Array.of(item.kind), length: 2 as const, parts: [parse(item)] })),
  );
}
