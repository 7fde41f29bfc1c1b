import { Reader } from "@tlskit/wire";
import { aNumber, bytes as aUint8Array, checkArguments } from "@tlskit/wire/arguments";
import { maxVlanTags } from "./limits.ts";

/** What a frame carries. */
export interface NetworkPacket {
  /** IP's version. */
  readonly version: 4 | 6;
  /** The IP packet, perhaps with padding behind it. */
  readonly bytes: Uint8Array;
}

const [ipv4, ipv6] = [0x0800, 0x86dd];

/** Tags of IEEE 802.1Q, 802.1ad, and what was there before that. */
const vlanTags: readonly number[] = [0x8100, 0x88a8, 0x9100];

/** What frames of a LINKTYPE are (https://www.tcpdump.org/linktypes.html). */
const linkTypes: ReadonlyMap<number, (frame: Reader) => NetworkPacket | undefined> = new Map([
  [0, addressFamily],
  [1, ethernet],
  [12, anyIp], // what LINKTYPE_RAW is called on some systems
  [14, anyIp],
  [101, anyIp],
  [108, addressFamily],
  [113, linuxCooked],
  [228, (frame) => ({ version: 4, bytes: frame.rest() })],
  [229, (frame) => ({ version: 6, bytes: frame.rest() })],
  [276, linuxCooked2],
]);

/** Whether frames of this LINKTYPE can be read. */
export function isKnownLinkType(linkType: number): boolean {
  checkArguments({ linkType }, { linkType: aNumber });
  return linkTypes.has(linkType);
}

/**
 * The IP packet in a frame; nothing if there is none, or none that can be read.
 * @throws {TlsError} `decode_error` for a frame that is too short; `invalid_argument` (the caller's fault)
 */
export function networkPacketIn(linkType: number, frame: Uint8Array): NetworkPacket | undefined {
  checkArguments({ linkType, frame }, { linkType: aNumber, frame: aUint8Array });
  return linkTypes.get(linkType)?.(new Reader(frame));
}

function ethernet(frame: Reader): NetworkPacket | undefined {
  frame.bytes(12); // addresses
  return byEtherType(frame.u16(), frame);
}

/** LINKTYPE_LINUX_SLL */
function linuxCooked(frame: Reader): NetworkPacket | undefined {
  frame.bytes(14);
  return byEtherType(frame.u16(), frame);
}

/** LINKTYPE_LINUX_SLL2 */
function linuxCooked2(frame: Reader): NetworkPacket | undefined {
  const protocol = frame.u16();
  frame.bytes(18);
  return byEtherType(protocol, frame);
}

function byEtherType(etherType: number, behind: Reader): NetworkPacket | undefined {
  let type = etherType;
  for (let tags = 0; vlanTags.includes(type) && tags < maxVlanTags; tags += 1) {
    behind.u16();
    type = behind.u16();
  }
  if (type !== ipv4 && type !== ipv6) return undefined;
  return { version: type === ipv4 ? 4 : 6, bytes: behind.rest() };
}

function anyIp(frame: Reader): NetworkPacket | undefined {
  const bytes = frame.rest();
  const version = (bytes[0] ?? 0) >> 4;
  return version === 4 || version === 6 ? { version, bytes } : undefined;
}

/** AF_INET, and AF_INET6 of Linux, of BSDs and of Darwin. */
const families: ReadonlyMap<number, 4 | 6> = new Map([
  [2, 4],
  [10, 6],
  [24, 6],
  [28, 6],
  [30, 6],
]);

/** LINKTYPE_NULL and LINKTYPE_LOOP: an address family in front, in the byte order of whoever captured, or of the network. */
function addressFamily(frame: Reader): NetworkPacket | undefined {
  const [first = 0, , , last = 0] = frame.bytes(4);
  const version = families.get(first === 0 ? last : first);
  return version === undefined ? undefined : { version, bytes: frame.rest() };
}
