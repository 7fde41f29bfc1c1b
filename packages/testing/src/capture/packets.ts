import { concat } from "@tlskit/wire";

/** A packet, from its link layer on, and when it was on the wire. */
export interface RecordedPacket {
  /** Nanoseconds since the beginning of 1970, UTC. */
  readonly at: bigint;
  readonly bytes: Uint8Array;
}

/** One end of a recorded connection. */
export interface RecordedEndpoint {
  /** 4 bytes for IPv4, 16 for IPv6. */
  readonly address: Uint8Array;
  readonly port: number;
}

/** Flags of a segment (RFC 9293 §3.1). */
export const TcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** What a segment of TCP says. */
export interface RecordedSegment {
  readonly source: RecordedEndpoint;
  readonly destination: RecordedEndpoint;
  readonly sequenceNumber: number;
  /** None unless told otherwise. */
  readonly acknowledges?: number;
  /** {@link TcpFlag} */
  readonly flags: number;
  readonly payload?: Uint8Array;
}

const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);
const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value);

const nothing = new Uint8Array(0);

/** A segment of TCP in a packet of IPv4 or IPv6. Its checksums are 0, as those are that a network card fills in. */
export function tcpPacket(segment: RecordedSegment): Uint8Array {
  const { source, destination, sequenceNumber, acknowledges = 0, flags, payload = nothing } = segment;
  const ports = [u16(source.port), u16(destination.port)];
  const header = concat(...ports, u32(sequenceNumber), u32(acknowledges), u16(0x5000 | flags), u16(0xffff), u32(0));
  return ipPacket(source.address, destination.address, 6, concat(header, payload));
}

/** A packet of IPv4 or IPv6, by the addresses. */
export function ipPacket(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  payload: Uint8Array,
): Uint8Array {
  if (source.length === 4) {
    const start = concat(u16(0x4500), u16(20 + payload.length), u32(0), Uint8Array.of(64, protocol), u16(0));
    return concat(start, source, destination, payload);
  }
  const start = concat(u32(0x60000000), u16(payload.length), Uint8Array.of(protocol, 64));
  return concat(start, source, destination, payload);
}

/** A packet of IP in a frame of Ethernet. */
export function ethernetFrame(packet: Uint8Array): Uint8Array {
  const etherType = (packet[0] ?? 0) >> 4 === 4 ? 0x0800 : 0x86dd;
  return concat(new Uint8Array(12), u16(etherType), packet);
}
