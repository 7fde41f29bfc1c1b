import type { Random } from "@tlskit/crypto";
import { randomBelow } from "@tlskit/testing";
import { concat } from "@tlskit/wire";
import { countPieces, leaf, type Piece, pieceAt, replacePiece, write } from "./structure.ts";

/** What mutations draw on. */
export interface Material {
  readonly random: Random;
  /** Byte strings that mean something to what is fuzzed. */
  readonly dictionary: readonly Uint8Array[];
  /** Another input, to take parts from. */
  readonly donor: Uint8Array;
  /** Pairs of numbers that the code under test compared and found different: the one, where it is found, becomes the other. */
  readonly comparisons: readonly (readonly [number, number])[];
  /** The structure of an input; nothing where inputs have none. */
  readonly parse?: ((input: Uint8Array) => Piece) | undefined;
  readonly maxLength: number;
}

/** An input changed in a few ways. */
export function mutated(input: Uint8Array, material: Material): Uint8Array {
  const { random, maxLength } = material;
  let bytes = input;
  // Mostly one change, seldom many: small steps find branches, large ones find states.
  const changes = 1 + (oneIn(random, 2) ? 0 : randomBelow(random, oneIn(random, 8) ? 16 : 4));
  for (let i = 0; i < changes; i += 1) {
    bytes = oneIn(random, 2) ? byStructure(bytes, material) : byBytes(bytes, material);
  }
  return bytes.length > maxLength ? bytes.slice(0, maxLength) : bytes;
}

function oneIn(random: Random, chances: number): boolean {
  return randomBelow(random, chances) === 0;
}

function pick<T>(random: Random, list: readonly T[]): T | undefined {
  return list[randomBelow(random, Math.max(1, list.length))];
}

type ByteChange = (bytes: Uint8Array, material: Material) => Uint8Array;

/** Numbers at which code branches. */
const interesting = [
  0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0xff_ffff, 0x7fff_ffff, 0xffff_ffff,
];

const byteChanges: readonly ByteChange[] = [
  function flipBit(bytes, { random }) {
    return edited(bytes, random, 1, (at, copy) => {
      copy[at] = (copy[at] ?? 0) ^ (1 << randomBelow(random, 8));
    });
  },
  function anotherByte(bytes, { random }) {
    return edited(bytes, random, 1, (at, copy) => {
      copy[at] = randomBelow(random, 256);
    });
  },
  function arithmetic(bytes, { random }) {
    const size = 1 + randomBelow(random, 4);
    const by = (1 + randomBelow(random, 16)) * (oneIn(random, 2) ? 1 : -1);
    return edited(bytes, random, size, (at, copy) => put(copy, at, size, get(copy, at, size) + by));
  },
  function interestingNumber(bytes, { random }) {
    const size = 1 + randomBelow(random, 4);
    return edited(bytes, random, size, (at, copy) => put(copy, at, size, pick(random, interesting) ?? 0));
  },
  function remove(bytes, { random }) {
    const [start, end] = range(bytes, random);
    return concat(bytes.subarray(0, start), bytes.subarray(end));
  },
  function repeat(bytes, { random }) {
    const [start, end] = range(bytes, random);
    const times = oneIn(random, 16) ? 2 + randomBelow(random, 200) : 1;
    const copies = Array.from({ length: times }, () => bytes.subarray(start, end));
    return concat(bytes.subarray(0, end), ...copies, bytes.subarray(end));
  },
  function insert(bytes, { random }) {
    const at = randomBelow(random, bytes.length + 1);
    return concat(bytes.subarray(0, at), random(1 + randomBelow(random, 16)), bytes.subarray(at));
  },
  function truncate(bytes, { random }) {
    return bytes.slice(0, randomBelow(random, bytes.length + 1));
  },
  function insertToken(bytes, { random, dictionary }) {
    const at = randomBelow(random, bytes.length + 1);
    return concat(bytes.subarray(0, at), pick(random, dictionary) ?? new Uint8Array(0), bytes.subarray(at));
  },
  function overwriteWithToken(bytes, { random, dictionary }) {
    const token = pick(random, dictionary) ?? new Uint8Array(0);
    const at = randomBelow(random, bytes.length + 1);
    return concat(bytes.subarray(0, at), token, bytes.subarray(at + token.length));
  },
  function splice(bytes, { random, donor }) {
    const [start, end] = range(bytes, random);
    const [from, to] = range(donor, random);
    return concat(bytes.subarray(0, start), donor.subarray(from, to), bytes.subarray(end));
  },
  function whatWasCompared(bytes, { random, comparisons }) {
    const pair = pick(random, comparisons);
    if (pair === undefined) return bytes;
    const [found, wanted] = oneIn(random, 2) ? pair : [pair[1], pair[0]];
    const size = Math.max(byteLength(found), byteLength(wanted));
    const places: number[] = [];
    for (let at = 0; at + size <= bytes.length; at += 1) if (get(bytes, at, size) === found) places.push(at);
    const at = pick(random, places);
    if (at === undefined) return bytes;
    const copy = bytes.slice();
    put(copy, at, size, wanted);
    return copy;
  },
];

function byBytes(bytes: Uint8Array, material: Material): Uint8Array {
  return pick(material.random, byteChanges)?.(bytes, material) ?? bytes;
}

/** Changes `size` bytes at some place, if there are as many. */
function edited(
  bytes: Uint8Array,
  random: Random,
  size: number,
  edit: (at: number, copy: Uint8Array) => void,
): Uint8Array {
  if (bytes.length < size) return bytes;
  const copy = bytes.slice();
  edit(randomBelow(random, bytes.length - size + 1), copy);
  return copy;
}

/** Somewhere, mostly not long. */
function range(bytes: Uint8Array, random: Random): readonly [number, number] {
  const start = randomBelow(random, bytes.length + 1);
  const most = oneIn(random, 4) ? bytes.length - start : Math.min(32, bytes.length - start);
  return [start, start + randomBelow(random, most + 1)];
}

function byteLength(value: number): number {
  return value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value < 0x100_0000 ? 3 : 4;
}

function get(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (const byte of bytes.subarray(at, at + size)) value = value * 256 + byte;
  return value;
}

function put(bytes: Uint8Array, at: number, size: number, value: number): void {
  let rest = ((value % 256 ** size) + 256 ** size) % 256 ** size;
  for (let i = at + size - 1; i >= at; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** Changes a piece, and writes all lengths around it anew. */
function byStructure(bytes: Uint8Array, material: Material): Uint8Array {
  const { parse, random, donor } = material;
  if (parse === undefined) return byBytes(bytes, material);
  const root = parse(bytes);
  const place = randomBelow(random, countPieces(root));
  const other = oneIn(random, 2) ? root : parse(donor);
  const taken = pieceAt(other, randomBelow(random, countPieces(other)));
  return write(replacePiece(root, place, (piece) => changedPiece(piece, taken, material)));
}

/** What takes the place of a piece. */
function changedPiece(piece: Piece, taken: Piece, material: Material): readonly Piece[] {
  const { random, dictionary } = material;
  switch (randomBelow(random, 9)) {
    case 0:
      return [];
    case 1:
      return [piece, piece];
    case 2:
      return [taken];
    case 3:
      return [piece, taken];
    case 4:
      return [{ ...piece, head: byBytes(piece.head, material) }];
    case 5:
      return [{ ...piece, parts: [leaf(pick(random, dictionary) ?? random(4))] }];
    case 6:
      return [{ ...piece, parts: swapped(piece.parts, random) }];
    case 7:
      // Deeper: the piece within itself.
      return [{ ...piece, parts: [piece] }];
    default:
      return [leaf(byBytes(write(piece), material))];
  }
}

function swapped(parts: readonly Piece[], random: Random): readonly Piece[] {
  const [a, b] = [randomBelow(random, parts.length + 1), randomBelow(random, parts.length + 1)];
  return parts.map((part, index) => (index === a ? (parts[b] ?? part) : index === b ? (parts[a] ?? part) : part));
}
