import type { ByteQueue } from "@tlskit/wire";
import { available, type CaptureItem, damage, type Items } from "./capture-item.ts";
import { Fields } from "./fields.ts";
import { maxBlockLength, maxInterfaces } from "./limits.ts";

/** The type of a Section Header Block, the same in either byte order (draft-ietf-opsawg-pcapng §4.1). */
export const sectionHeader = 0x0a0d0d0a;

/** Bytes of a block's type and length, and of its length behind it. */
const headLength = 8;
const tailLength = 4;
const leastBlock = headLength + tailLength;

/** What a section says of those that captured it. */
interface Section {
  readonly littleEndian: boolean;
  /** Whether its version is one that is known. */
  readonly isKnown: boolean;
  readonly interfaces: Interface[];
}

/** What an Interface Description Block says (draft-ietf-opsawg-pcapng §4.2). */
interface Interface {
  readonly linkType: number;
  /** Bytes of a packet that are captured at most; 0 for no limit. */
  readonly snapLength: number;
  /** Parts of a second that timestamps count. */
  readonly unitsPerSecond: bigint;
  /** Nanoseconds that are added to a timestamp. */
  readonly offset: bigint;
}

/** What blocks of a type have for us; those of other types are passed over (draft-ietf-opsawg-pcapng §3.1). */
const blocks: ReadonlyMap<number, BlockReader> = new Map<number, BlockReader>([
  [1, describeInterface],
  [3, simplePacket],
  [6, enhancedPacket],
  [10, decryptionSecrets],
]);

/** @param number that of the packet, if the block is one. */
type BlockReader = (block: Fields, section: Section, number: number) => CaptureItem | undefined;

/** Everything in a file of pcapng (draft-ietf-opsawg-pcapng). */
export function* pcapngItems(input: ByteQueue): Items {
  let section: Section = { littleEndian: false, isKnown: false, interfaces: [] };
  for (let packets = 0; ; ) {
    yield* available(input, leastBlock);
    const head = Uint8Array.from({ length: leastBlock }, (_, at) => input.at(at));
    const begins = new Fields(head, false).u32(0) === sectionHeader;
    const littleEndian = begins ? isLittleEndian(head) : section.littleEndian;
    if (littleEndian === undefined) {
      yield damage("byte_order", "a section has no byte-order magic");
      return;
    }
    const length = new Fields(head, littleEndian).u32(4);
    if (length < leastBlock || length % 4 !== 0 || length > maxBlockLength) {
      const reason = `a block says that it has ${length} bytes, and may have ${leastBlock} to ${maxBlockLength}, a multiple of 4`;
      yield damage("block_length", reason);
      return;
    }
    yield* available(input, length);
    const block = new Fields(input.take(length), littleEndian);
    if (block.u32(length - tailLength) !== length) yield damage("block_length", "a block has two lengths that differ");
    if (begins) {
      section = { littleEndian, isKnown: length >= 28 && block.u16(12) === 1, interfaces: [] };
      if (!section.isKnown) yield damage("unknown_version", "a section isn't of version 1 of pcapng");
      continue;
    }
    if (!section.isKnown) continue;
    const item = blocks.get(block.u32(0))?.(block, section, packets + 1);
    if (item?.type === "packet") packets += 1;
    if (item !== undefined) yield item;
  }
}

/** By a section's byte-order magic; nothing if it isn't one. */
function isLittleEndian(head: Uint8Array): boolean | undefined {
  const magic = new Fields(head, false).u32(8);
  return magic === 0x1a2b3c4d ? false : magic === 0x4d3c2b1a ? true : undefined;
}

/** draft-ietf-opsawg-pcapng §4.2 */
function describeInterface(block: Fields, { interfaces }: Section): CaptureItem | undefined {
  if (block.bytes.length < 20) return damage("block_length", "an Interface Description Block is too short");
  if (interfaces.length >= maxInterfaces) {
    return damage("too_many_interfaces", `a section has more than ${maxInterfaces} interfaces`);
  }
  const described = { linkType: block.u16(8), snapLength: block.u32(12), unitsPerSecond: 1_000_000n, offset: 0n };
  for (const { code, at, length } of optionsOf(block, 16)) {
    if (code === 9 && length === 1) {
      // if_tsresol: a negative power of 2 if the highest bit is set, of 10 otherwise.
      const resolution = block.bytes[at] ?? 0;
      described.unitsPerSecond = (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f);
    }
    // if_tsoffset, in seconds
    if (code === 14 && length === 8) described.offset = BigInt.asIntN(64, block.u64(at)) * second;
  }
  interfaces.push(described);
  return undefined;
}

/** Options from a place on (draft-ietf-opsawg-pcapng §3.5), as far as they are there whole. */
function* optionsOf(block: Fields, start: number): Generator<{ code: number; at: number; length: number }> {
  const end = block.bytes.length - tailLength;
  for (let at = start; at + 4 <= end; ) {
    const [code, length] = [block.u16(at), block.u16(at + 2)];
    at += 4;
    if (code === 0 || at + length > end) return;
    yield { code, at, length };
    at += length + (-length & 3);
  }
}

const second = 1_000_000_000n;

/** draft-ietf-opsawg-pcapng §4.3 */
function enhancedPacket(block: Fields, { interfaces }: Section, number: number): CaptureItem {
  const start = 28;
  if (block.bytes.length < start + tailLength) return damage("block_length", "an Enhanced Packet Block is too short");
  const captured = interfaces[block.u32(8)];
  const length = block.u32(20);
  if (captured === undefined) {
    return damage("unknown_interface", `a packet is of interface ${block.u32(8)}, which isn't described`);
  }
  if (length > block.bytes.length - start - tailLength) {
    return damage("packet_too_long", `a packet says that it has ${length} bytes, more than its block`);
  }
  const units = (BigInt(block.u32(12)) << 32n) | BigInt(block.u32(16));
  return {
    type: "packet",
    number,
    at: (units * second) / captured.unitsPerSecond + captured.offset,
    linkType: captured.linkType,
    originalLength: block.u32(24),
    bytes: block.bytes.subarray(start, start + length),
  };
}

/** draft-ietf-opsawg-pcapng §4.4: of the first interface, and nobody knows when. */
function simplePacket(block: Fields, { interfaces: [captured] }: Section, number: number): CaptureItem {
  const start = 12;
  if (block.bytes.length < start + tailLength) return damage("block_length", "a Simple Packet Block is too short");
  if (captured === undefined) return damage("unknown_interface", "a packet comes before any interface is described");
  const originalLength = block.u32(8);
  const room = block.bytes.length - start - tailLength;
  const length = Math.min(originalLength, captured.snapLength || room, room);
  const bytes = block.bytes.subarray(start, start + length);
  return { type: "packet", number, at: undefined, linkType: captured.linkType, originalLength, bytes };
}

/** "TLSK": the type of secrets that are a TLS key log (draft-ietf-opsawg-pcapng §4.7). */
const tlsKeyLog = 0x544c534b;

function decryptionSecrets(block: Fields): CaptureItem | undefined {
  const start = 16;
  const room = block.bytes.length - start - tailLength;
  if (room < 0) return damage("block_length", "a Decryption Secrets Block is too short");
  if (block.u32(8) !== tlsKeyLog) return undefined;
  const length = block.u32(12);
  if (length > room) return damage("block_length", "a Decryption Secrets Block says that it has more than it has");
  return { type: "keyLog", text: textOf(block.bytes.subarray(start, start + length)) };
}

/** A key log is ASCII (RFC 9850 §2): whatever else there is makes a line that is malformed. */
function textOf(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return pieces.join("");
}
