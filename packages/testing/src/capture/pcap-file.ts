import { concat } from "@tlskit/wire";
import type { RecordedPacket } from "./packets.ts";

/** How a file of pcap is written. */
export interface PcapOptions {
  /** What packets begin with: 1, Ethernet, unless told otherwise. */
  readonly linkType?: number;
  /** true unless told otherwise. */
  readonly littleEndian?: boolean;
  /** Whether times are in nanoseconds, and not in microseconds; true unless told otherwise. */
  readonly nanoseconds?: boolean;
}

/** A capture of these packets, as a file of pcap (draft-ietf-opsawg-pcap) that Wireshark reads. */
export function pcapFile(packets: readonly RecordedPacket[], options: PcapOptions = {}): Uint8Array {
  const { linkType = 1, littleEndian = true, nanoseconds = true } = options;
  const words = (...values: readonly number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    for (const [at, value] of values.entries()) view.setUint32(4 * at, value, littleEndian);
    return new Uint8Array(view.buffer);
  };
  const version = littleEndian ? 0x0004_0002 : 0x0002_0004;
  const second = 1_000_000_000n;
  return concat(
    words(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, version, 0, 0, 262_144, linkType),
    ...packets.flatMap(({ at, bytes }) => {
      const fraction = Number(at % second);
      const time = [Number(at / second), nanoseconds ? fraction : Math.floor(fraction / 1000)];
      return [words(...time, bytes.length, bytes.length), bytes];
    }),
  );
}
