import type { ByteQueue } from "@tlskit/wire";
import { available, damage, type Items } from "./capture-item.ts";
import { Fields } from "./fields.ts";
import { maxPacketLength } from "./limits.ts";

/** How a file of pcap writes its numbers, and what it counts time in (draft-ietf-opsawg-pcap §4). */
export interface PcapFormat {
  readonly littleEndian: boolean;
  /** Nanoseconds of the unit of a timestamp's fraction. */
  readonly unit: bigint;
}

/** By the first four bytes, read with the most significant one first. */
const formats: ReadonlyMap<number, PcapFormat> = new Map([
  [0xa1b2c3d4, { littleEndian: false, unit: 1000n }],
  [0xd4c3b2a1, { littleEndian: true, unit: 1000n }],
  [0xa1b23c4d, { littleEndian: false, unit: 1n }],
  [0x4d3cb2a1, { littleEndian: true, unit: 1n }],
]);

export function pcapFormat(magic: number): PcapFormat | undefined {
  return formats.get(magic);
}

const fileHeaderLength = 24;
const packetHeaderLength = 16;
const second = 1_000_000_000n;

/** Everything in a file of pcap (draft-ietf-opsawg-pcap §4, §5). */
export function* pcapItems(input: ByteQueue, { littleEndian, unit }: PcapFormat): Items {
  yield* available(input, fileHeaderLength);
  const file = new Fields(input.take(fileHeaderLength), littleEndian);
  const version = `${file.u16(4)}.${file.u16(6)}`;
  if (version !== "2.4") {
    yield damage("unknown_version", `the capture is of version ${version} of pcap, and 2.4 is all that is known`);
    return;
  }
  // The upper bits tell of the frame check sequences behind frames: where an IP packet ends it says itself.
  const linkType = file.u32(20) & 0xffff;
  for (let number = 1; ; number += 1) {
    yield* available(input, packetHeaderLength);
    const header = new Fields(input.take(packetHeaderLength), littleEndian);
    const length = header.u32(8);
    if (length > maxPacketLength) {
      const reason = `packet ${number} says that it has ${length} bytes, at most ${maxPacketLength} are taken`;
      yield damage("packet_too_long", reason);
      return;
    }
    yield* available(input, length);
    yield {
      type: "packet",
      number,
      at: BigInt(header.u32(0)) * second + BigInt(header.u32(4)) * unit,
      linkType,
      originalLength: header.u32(12),
      bytes: input.take(length),
    };
  }
}
