import { explainMessage, handshakeHeaderLength, messageTypes, typeOfMessage } from "@tlskit/messages";
import { recordHeaderLength } from "@tlskit/record";
import { concat, type Explanation, toHex } from "@tlskit/wire";

/**
 * A piece of an input: bytes in front, then, behind their length, its parts. What changes parts needn't know of lengths:
 * they are right again when the tree is written.
 */
export interface Piece {
  /** A tag, or, where there are no parts, the bytes themselves. */
  readonly head: Uint8Array;
  /** How the length of the parts is written: in so many bytes, as DER has it, or not at all. */
  readonly length: 0 | 1 | 2 | 3 | "der";
  readonly parts: readonly Piece[];
}

const nothing = new Uint8Array(0);

/** Bytes without a structure. */
export function leaf(bytes: Uint8Array): Piece {
  return { head: bytes, length: 0, parts: [] };
}

/** Pieces one behind the other. */
export function sequence(parts: readonly Piece[]): Piece {
  return { head: nothing, length: 0, parts };
}

/** A tree's bytes, with lengths that are right as far as they fit. */
export function write(piece: Piece): Uint8Array {
  if (piece.parts.length === 0 && piece.length === 0) return piece.head;
  const content = concat(...piece.parts.map(write));
  if (piece.length === "der") return concat(piece.head, derLength(content.length), content);
  const length = Uint8Array.from({ length: piece.length }, (_, index) => {
    const size = Number(piece.length);
    return Math.floor(content.length / 256 ** (size - 1 - index)) & 0xff;
  });
  return concat(piece.head, length, content);
}

function derLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest & 0xff);
  return Uint8Array.of(0x80 | octets.length, ...octets);
}

/** How many pieces a tree has. */
export function countPieces(piece: Piece): number {
  return piece.parts.reduce((sum, part) => sum + countPieces(part), 1);
}

/** The piece with a number, the root being 0. */
export function pieceAt(piece: Piece, number: number): Piece {
  let before = 1;
  if (number === 0) return piece;
  for (const part of piece.parts) {
    const pieces = countPieces(part);
    if (number < before + pieces) return pieceAt(part, number - before);
    before += pieces;
  }
  return piece;
}

/** The tree with others in the place of the piece with a number. */
export function replacePiece(piece: Piece, number: number, replace: (piece: Piece) => readonly Piece[]): Piece {
  if (number === 0) return { head: new Uint8Array(0), length: 0, parts: replace(piece) };
  let before = 1;
  return {
    ...piece,
    parts: piece.parts.flatMap((part) => {
      const start = before;
      before += countPieces(part);
      if (number < start || number >= before) return [part];
      return number === start ? replace(part) : [replacePiece(part, number - start, replace)];
    }),
  };
}

/** Elements of DER one behind the other, with what is nested in them, also in strings; a leaf where it is no DER. */
export function derPieces(bytes: Uint8Array): Piece {
  const parts = elements(bytes, 0);
  return parts === undefined ? leaf(bytes) : sequence(parts);
}

const maxDepth = 30;

function elements(bytes: Uint8Array, depth: number): readonly Piece[] | undefined {
  if (depth > maxDepth) return undefined;
  const parts: Piece[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const [tag = 0, first = 0] = bytes.subarray(offset);
    const octets = first < 0x80 ? 0 : first & 0x7f;
    if (bytes.length - offset < 2 + octets || octets > 3) return undefined;
    let length = first < 0x80 ? first : 0;
    for (const octet of bytes.subarray(offset + 2, offset + 2 + octets)) length = length * 256 + octet;
    const start = offset + 2 + octets;
    if (start + length > bytes.length || (first >= 0x80 && toHex(derLength(length)) !== lengthHex(bytes, offset)))
      return undefined;
    const content = bytes.subarray(start, start + length);
    parts.push({ head: Uint8Array.of(tag), length: "der", parts: contentPieces(tag, content, depth) });
    offset = start + length;
  }
  return parts;
}

function lengthHex(bytes: Uint8Array, offset: number): string {
  const octets = (bytes[offset + 1] ?? 0) & 0x7f;
  return toHex(bytes.subarray(offset + 1, offset + 2 + octets));
}

function contentPieces(tag: number, content: Uint8Array, depth: number): readonly Piece[] {
  const octetString = 0x04;
  const bitString = 0x03;
  if (content.length === 0) return [];
  const constructed = (tag & 0x20) !== 0;
  if (constructed || tag === octetString) return elements(content, depth + 1) ?? [leaf(content)];
  if (tag === bitString && content[0] === 0 && content.length > 2) {
    const inner = elements(content.subarray(1), depth + 1);
    if (inner !== undefined) return [leaf(content.subarray(0, 1)), ...inner];
  }
  return [leaf(content)];
}

/** A handshake message as its explanation has it: the one description serves here too. */
export function messagePieces(bytes: Uint8Array): Piece {
  const type = typeOfMessage(messageTypes, bytes);
  return type === undefined ? leaf(bytes) : explainedPieces(explainMessage(type, bytes), bytes);
}

function explainedPieces(explanation: Explanation, bytes: Uint8Array): Piece {
  const { parts, start, end } = explanation;
  const [first, ...others] = parts;
  if (first === undefined) {
    const content = bytes.subarray(start, end);
    // Certificates are DER inside.
    return content[0] === 0x30 && content.length > 40 ? derPieces(content) : leaf(content);
  }
  const inner = (list: readonly Explanation[]): Piece[] => list.map((part) => explainedPieces(part, bytes));
  const size = first.end - first.start;
  if (first.name === "length" && (size === 1 || size === 2 || size === 3)) {
    return { head: nothing, length: size, parts: inner(others) };
  }
  return sequence(inner(parts));
}

/** Handshake messages one behind the other; what isn't one whole is a leaf. */
export function messagesPieces(bytes: Uint8Array): Piece {
  const parts: Piece[] = [];
  let offset = 0;
  while (bytes.length - offset >= handshakeHeaderLength) {
    const [, high = 0, middle = 0, low = 0] = bytes.subarray(offset);
    const end = offset + handshakeHeaderLength + ((high << 16) | (middle << 8) | low);
    if (end > bytes.length) break;
    parts.push(messagePieces(bytes.subarray(offset, end)));
    offset = end;
  }
  if (offset < bytes.length) parts.push(leaf(bytes.subarray(offset)));
  return sequence(parts);
}

/** Records one behind the other, unprotected handshake messages in them opened. */
export function recordsPieces(bytes: Uint8Array): Piece {
  const parts: Piece[] = [];
  let offset = 0;
  while (bytes.length - offset >= recordHeaderLength) {
    const [type = 0, , , high = 0, low = 0] = bytes.subarray(offset);
    const start = offset + recordHeaderLength;
    const end = start + ((high << 8) | low);
    if (end > bytes.length) break;
    const content = bytes.subarray(start, end);
    const handshake = 22;
    parts.push({
      head: bytes.subarray(offset, offset + 3),
      length: 2,
      parts: [type === handshake ? messagesPieces(content) : leaf(content)],
    });
    offset = end;
  }
  if (offset < bytes.length) parts.push(leaf(bytes.subarray(offset)));
  return sequence(parts);
}
