import { decodeError, Reader } from "@tlskit/wire";
import { ipv4Text, ipv6Text } from "./ip-address.ts";
import { maxExtensionHeaders } from "./limits.ts";
import type { NetworkPacket } from "./link-layer.ts";

/** A packet of IP. */
export interface IpPacket {
  /** Addresses as text. */
  readonly source: string;
  readonly destination: string;
  /** What the payload is, by IANA's numbers. */
  readonly protocol: number;
  /** As much as was captured. */
  readonly payload: Uint8Array;
  /** Bytes at the payload's end that weren't captured. */
  readonly missing: number;
  /** Which part of a datagram the payload is; nothing for a whole one. */
  readonly fragment: IpFragment | undefined;
}

export interface IpFragment {
  /** With the addresses and the protocol tells datagrams apart. */
  readonly identification: number;
  /** Bytes in front of it. */
  readonly offset: number;
  readonly isLast: boolean;
}

/**
 * Reads a packet of IP.
 * @throws {TlsError} `decode_error` for what is none
 */
export function ipPacketIn({ version, bytes }: NetworkPacket): IpPacket {
  return version === 4 ? ipv4Packet(new Reader(bytes)) : ipv6Packet(new Reader(bytes));
}

/** RFC 791 §3.1 */
function ipv4Packet(reader: Reader): IpPacket {
  const first = reader.u8();
  const headerLength = (first & 0x0f) * 4;
  if (first >> 4 !== 4 || headerLength < 20) throw decodeError("a packet of IPv4 doesn't begin as one");
  reader.u8();
  const totalLength = reader.u16();
  const identification = reader.u16();
  const flags = reader.u16();
  reader.u8();
  const protocol = reader.u8();
  reader.u16(); // the checksum, which network cards fill in later
  const [source, destination] = [ipv4Text(reader.bytes(4)), ipv4Text(reader.bytes(4))];
  reader.bytes(headerLength - 20);
  // A packet that the network card is still to cut up may have no length.
  const length = totalLength === 0 ? reader.remaining : totalLength - headerLength;
  const [offset, isLast] = [(flags & 0x1fff) * 8, (flags & 0x2000) === 0];
  const fragment = offset === 0 && isLast ? undefined : { identification, offset, isLast };
  return { source, destination, protocol, ...captured(reader, length), fragment };
}

/** As much of a payload as there is. */
function captured(reader: Reader, length: number): Pick<IpPacket, "payload" | "missing"> {
  if (length < 0) throw decodeError("a packet of IP is shorter than its header");
  const missing = Math.max(0, length - reader.remaining);
  return { payload: reader.bytes(length - missing), missing };
}

/** What stands between a header of IPv6 and what it carries (RFC 8200 §4). */
const [hopByHop, routing, fragmentHeader, authentication, destinationOptions] = [0, 43, 44, 51, 60];
const extensionHeaders: readonly number[] = [hopByHop, routing, fragmentHeader, authentication, destinationOptions];

/** RFC 8200 §3 */
function ipv6Packet(packet: Reader): IpPacket {
  const first = packet.u32();
  if (first >>> 28 !== 6) throw decodeError("a packet of IPv6 doesn't begin as one");
  const payloadLength = packet.u16();
  let protocol = packet.u8();
  packet.u8();
  const [source, destination] = [ipv6Text(packet.bytes(16)), ipv6Text(packet.bytes(16))];
  // RFC 2675, and packets that the network card is still to cut up, have no length.
  const { payload: all, missing } = captured(packet, payloadLength === 0 ? packet.remaining : payloadLength);
  const reader = new Reader(all);
  let fragment: IpFragment | undefined;
  for (let headers = 0; extensionHeaders.includes(protocol); headers += 1) {
    if (headers >= maxExtensionHeaders)
      throw decodeError(`a packet has more than ${maxExtensionHeaders} extension headers`);
    const kind = protocol;
    protocol = reader.u8();
    const length = reader.u8();
    if (kind === fragmentHeader) {
      const [place, identification] = [reader.u16(), reader.u32()];
      const [offset, isLast] = [place & 0xfff8, (place & 1) === 0];
      // RFC 6946: one that is whole by itself is no part of any other.
      if (offset > 0 || !isLast) {
        fragment = { identification, offset, isLast };
        break;
      }
    } else {
      // RFC 8200 §4.2, and RFC 4302 §2.2 for authentication, which counts otherwise.
      reader.bytes(kind === authentication ? length * 4 + 6 : length * 8 + 6);
    }
  }
  return { source, destination, protocol, payload: reader.rest(), missing, fragment };
}
