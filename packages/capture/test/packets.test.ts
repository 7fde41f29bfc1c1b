import {
  IpFragments,
  type IpPacket,
  ipPacketIn,
  isKnownLinkType,
  maxExtensionHeaders,
  maxFragmentedDatagrams,
  maxFragments,
  maxVlanTags,
  networkPacketIn,
  tcpSegmentIn,
} from "@tlskit/capture";
import { ethernetFrame, ipPacket, TcpFlag, tcpPacket } from "@tlskit/testing";
import { concat } from "@tlskit/wire";
import { describe, expect, it, test } from "vitest";
import { bytesOf, textOf } from "./helpers/recording.ts";

const four = [Uint8Array.of(192, 0, 2, 1), Uint8Array.of(192, 0, 2, 2)] as const;
const six = [
  Uint8Array.of(0x20, 1, 13, 0xb8, ...new Uint8Array(11), 1),
  Uint8Array.of(0x20, 1, 13, 0xb8, ...new Uint8Array(11), 2),
] as const;
const packet4 = ipPacket(...four, 17, bytesOf("payload"));
const packet6 = ipPacket(...six, 17, bytesOf("payload"));

/** The payload of whatever IP packet is in a frame. */
function payloadIn(linkType: number, frame: Uint8Array): string | undefined {
  const network = networkPacketIn(linkType, frame);
  return network && textOf(ipPacketIn(network).payload);
}

const zeros = (length: number): Uint8Array => new Uint8Array(length);

describe("a frame of every link type that is known", () => {
  it.each<[string, number, Uint8Array]>([
    ["Ethernet", 1, ethernetFrame(packet4)],
    ["Ethernet, IPv6", 1, ethernetFrame(packet6)],
    ["Ethernet, with padding behind the packet", 1, concat(ethernetFrame(packet4), zeros(20))],
    ["Ethernet, with a VLAN's tag", 1, concat(zeros(12), Uint8Array.of(0x81, 0, 0, 5, 8, 0), packet4)],
    ["Ethernet, with two", 1, concat(zeros(12), Uint8Array.of(0x88, 0xa8, 0, 5, 0x81, 0, 0, 6, 0x86, 0xdd), packet6)],
    ["raw IP", 101, packet4],
    ["raw IP, IPv6", 101, packet6],
    ["raw IP by another number", 12, packet4],
    ["raw IP by a third", 14, packet6],
    ["IPv4", 228, packet4],
    ["IPv6", 229, packet6],
    ["Linux cooked", 113, concat(zeros(14), Uint8Array.of(8, 0), packet4)],
    ["Linux cooked, with a VLAN's tag", 113, concat(zeros(14), Uint8Array.of(0x81, 0, 0, 5, 0x86, 0xdd), packet6)],
    ["Linux cooked, version 2", 276, concat(Uint8Array.of(0x86, 0xdd), zeros(18), packet6)],
    ["loopback of a little-endian machine", 0, concat(Uint8Array.of(2, 0, 0, 0), packet4)],
    ["loopback of a big-endian machine", 0, concat(Uint8Array.of(0, 0, 0, 2), packet4)],
    ["loopback, IPv6 of Linux", 0, concat(Uint8Array.of(10, 0, 0, 0), packet6)],
    ["loopback, IPv6 of FreeBSD", 0, concat(Uint8Array.of(28, 0, 0, 0), packet6)],
    ["loopback, IPv6 of macOS", 0, concat(Uint8Array.of(30, 0, 0, 0), packet6)],
    ["loopback of OpenBSD", 108, concat(Uint8Array.of(0, 0, 0, 24), packet6)],
  ])("%s", (_, linkType, frame) => {
    expect(isKnownLinkType(linkType)).toBe(true);
    expect(payloadIn(linkType, frame)).toBe("payload");
  });

  it("carries something else than IP, perhaps", () => {
    expect(networkPacketIn(1, concat(zeros(12), Uint8Array.of(8, 6), zeros(28)))).toBeUndefined();
    expect(networkPacketIn(0, concat(Uint8Array.of(1, 0, 0, 0), zeros(28)))).toBeUndefined();
    expect(networkPacketIn(101, Uint8Array.of(0))).toBeUndefined();
    expect(isKnownLinkType(105)).toBe(false);
    expect(networkPacketIn(105, packet4)).toBeUndefined();
  });

  it("is cut off, perhaps, at any place", () => {
    for (const [linkType, frame] of [
      [1, ethernetFrame(packet4)],
      [113, zeros(16)],
      [276, zeros(20)],
      [0, zeros(4)],
    ] as const) {
      const header = linkType === 1 ? 14 : frame.length;
      for (let length = 0; length < header; length += 1) {
        expect(() => networkPacketIn(linkType, frame.subarray(0, length))).toThrow(
          expect.objectContaining({ code: "decode_error" }),
        );
      }
    }
  });

  it("has so many tags at most", () => {
    const tags = (count: number) =>
      concat(
        zeros(12),
        ...Array.from({ length: count }, () => Uint8Array.of(0x81, 0, 0, 1)),
        Uint8Array.of(8, 0),
        packet4,
      );
    expect(payloadIn(1, tags(maxVlanTags))).toBe("payload");
    expect(payloadIn(1, tags(maxVlanTags + 1))).toBeUndefined();
  });
});

describe("a packet of IPv4", () => {
  const read = (bytes: Uint8Array): IpPacket => ipPacketIn({ version: 4, bytes });

  it("may have options", () => {
    const bytes = concat(packet4.subarray(0, 20), Uint8Array.of(1, 1, 1, 0), packet4.subarray(20));
    bytes[0] = 0x46;
    bytes[3] = bytes.length;
    expect(read(bytes)).toMatchObject({ source: "192.0.2.1", destination: "192.0.2.2", protocol: 17, missing: 0 });
    expect(textOf(read(bytes).payload)).toBe("payload");
  });

  it("may have no length, where a network card was to fill it in", () => {
    const bytes = packet4.slice();
    bytes.fill(0, 2, 4);
    expect(textOf(read(bytes).payload)).toBe("payload");
  });

  it("may be cut off, and says what is missing", () => {
    expect(read(packet4.subarray(0, -3))).toMatchObject({ payload: bytesOf("payl"), missing: 3 });
  });

  it.each<[string, (bytes: Uint8Array) => void]>([
    ["of another version", (bytes) => bytes.fill(0x55, 0, 1)],
    ["with a header that is too short", (bytes) => bytes.fill(0x44, 0, 1)],
    ["with a header that is longer than it", (bytes) => bytes.fill(0x4f, 0, 1)],
    ["shorter than its header", (bytes) => bytes.fill(19, 3, 4)],
  ])("%s is none", (_, spoil) => {
    const bytes = packet4.slice();
    spoil(bytes);
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code: "decode_error" }));
  });
});

describe("a packet of IPv6", () => {
  const read = (bytes: Uint8Array): IpPacket => ipPacketIn({ version: 6, bytes });
  /** With extension headers in front of its payload. */
  const extended = (first: number, ...headers: readonly Uint8Array[]): Uint8Array =>
    ipPacket(...six, first, concat(...headers, bytesOf("payload")));

  it.each<[string, Uint8Array]>([
    ["hop-by-hop options", extended(0, Uint8Array.of(17, 0), zeros(6))],
    ["a long routing header", extended(43, Uint8Array.of(17, 2), zeros(22))],
    [
      "destination options behind a routing header",
      extended(43, Uint8Array.of(60, 0), zeros(6), Uint8Array.of(17, 0), zeros(6)),
    ],
    ["authentication, which counts otherwise", extended(51, Uint8Array.of(17, 4), zeros(22))],
    ["a fragment that is all there is", extended(44, Uint8Array.of(17, 0, 0, 0), zeros(4))],
  ])("may have %s", (_, bytes) => {
    expect(read(bytes)).toMatchObject({ protocol: 17, source: "2001:db8::1", fragment: undefined });
    expect(textOf(read(bytes).payload)).toBe("payload");
  });

  it("may have no length, and may be cut off", () => {
    const bytes = packet6.slice();
    bytes.fill(0, 4, 6);
    expect(textOf(read(bytes).payload)).toBe("payload");
    expect(read(packet6.subarray(0, -3))).toMatchObject({ payload: bytesOf("payl"), missing: 3 });
  });

  it("may have so many extension headers", () => {
    const chain = (count: number) =>
      extended(
        60,
        ...Array.from({ length: count }, (_, at) => Uint8Array.of(at === count - 1 ? 17 : 60, 0, ...zeros(6))),
      );
    expect(textOf(read(chain(maxExtensionHeaders)).payload)).toBe("payload");
    expect(() => read(chain(maxExtensionHeaders + 1))).toThrow(expect.objectContaining({ code: "decode_error" }));
  });

  it.each<[string, Uint8Array]>([
    ["of another version", packet4],
    ["whose extension header is longer than it", extended(0, Uint8Array.of(17, 200))],
    ["that ends in an extension header", ipPacket(...six, 0, Uint8Array.of(17))],
  ])("%s is none", (_, bytes) => {
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code: "decode_error" }));
  });

  test.each([
    ["::", []],
    ["::1", [[15, 1]]],
    ["1::", [[1, 1]]],
    ["0:1::", [[3, 1]]],
    [
      "1::1:0:0:1",
      [
        [1, 1],
        [9, 1],
        [15, 1],
      ],
    ],
    [
      "1:0:1:1:1:1:1:1",
      [
        [1, 1],
        [5, 1],
        [7, 1],
        [9, 1],
        [11, 1],
        [13, 1],
        [15, 1],
      ],
    ],
    [
      "2001:db8::1:0:0:1",
      [
        [0, 0x20],
        [1, 1],
        [2, 0x0d],
        [3, 0xb8],
        [9, 1],
        [15, 1],
      ],
    ],
  ])("writes its addresses as RFC 5952 has them: %s", (text, bytes) => {
    const address = zeros(16);
    for (const [at = 0, value = 0] of bytes) address[at] = value;
    expect(read(ipPacket(address, six[1], 17, zeros(1))).source).toBe(text);
  });
});

describe("fragments", () => {
  const whole = bytesOf("0123456789abcdef".repeat(4));
  /** A part of the whole, as IPv4 or IPv6 has it. */
  function part(
    version: 4 | 6,
    from: number,
    to: number,
    { identification = 7, last = to === whole.length, bytes = whole } = {},
  ) {
    const payload = bytes.subarray(from, to);
    if (version === 6) {
      const header = Uint8Array.of(17, 0, from >> 8, (from & 0xff) | (last ? 0 : 1), 0, 0, 0, identification);
      return ipPacketIn({ version: 6, bytes: ipPacket(...six, 44, concat(header, payload)) });
    }
    const packet = ipPacket(...four, 17, payload);
    packet[5] = identification;
    packet[6] = (last ? 0 : 0x20) | (from >> 11);
    packet[7] = (from >> 3) & 0xff;
    return ipPacketIn({ version: 4, bytes: packet });
  }

  it.each([
    [4, "in order", [0, 1, 2, 3]],
    [4, "the last first", [3, 2, 1, 0]],
    [6, "in any order", [2, 0, 3, 1]],
    [6, "some twice", [2, 2, 0, 3, 3, 1]],
  ] as const)("of IPv%i make a packet: %s", (version, _, order) => {
    const fragments = new IpFragments();
    const made = order.map((at) => fragments.add(part(version, at * 16, at * 16 + 16)));
    expect(made.slice(0, -1)).toEqual(order.slice(1).map(() => undefined));
    expect(made.at(-1)).toMatchObject({ payload: whole, fragment: undefined });
    expect(fragments.incomplete).toBe(0);
  });

  it("of several packets are told apart", () => {
    const fragments = new IpFragments();
    const other = whole.toReversed();
    fragments.add(part(4, 0, 32));
    fragments.add(part(4, 0, 32, { identification: 8, bytes: other }));
    expect(fragments.add(part(4, 32, 64))?.payload).toEqual(whole);
    expect(fragments.add(part(4, 32, 64, { identification: 8, bytes: other }))?.payload).toEqual(other);
  });

  it.each([
    ["overlap in front", 24, 48],
    ["overlap behind", 8, 40],
    ["are within another", 40, 48],
  ])("that %s are dropped with their packet", (_, from, to) => {
    const fragments = new IpFragments();
    fragments.add(part(4, 32, 64, { last: false }));
    expect(() => {
      fragments.add(part(4, from, to, { last: false }));
      fragments.add(part(4, 16, 40, { last: false }));
    }).toThrow(expect.objectContaining({ code: "decode_error" }));
  });

  it.each([
    ["two that are the last", () => [part(4, 16, 32, { last: true }), part(4, 32, 48, { last: true })]],
    ["one behind the last", () => [part(4, 16, 32, { last: true }), part(4, 32, 48)]],
    ["a last one in front of another", () => [part(4, 32, 48), part(4, 16, 32, { last: true })]],
    ["one without anything in it", () => [part(4, 16, 16)]],
    ["one that was cut off", () => [{ ...part(4, 16, 32), missing: 1 }]],
    [
      "one beyond the end of any packet",
      () => [{ ...part(4, 0, 16), fragment: { identification: 7, offset: 65_528, isLast: true } }],
    ],
  ])("that make no sense are dropped with their packet: %s", (_, parts) => {
    const fragments = new IpFragments();
    expect(() => {
      for (const each of parts()) fragments.add(each);
    }).toThrow(expect.objectContaining({ code: "decode_error" }));
    expect(fragments.incomplete).toBe(1);
  });

  it("are so many of a packet at most", () => {
    const many = (count: number) => {
      const fragments = new IpFragments();
      const bytes = zeros(8 * (count + 1));
      for (let at = 0; at < count; at += 1) fragments.add(part(4, at * 8, at * 8 + 8, { bytes, last: false }));
      return fragments;
    };
    expect(many(maxFragments).incomplete).toBe(1);
    expect(() => many(maxFragments + 1)).toThrow(expect.objectContaining({ code: "decode_error" }));
  });

  it("are waited for of so many packets at most: the one that waits longest is given up", () => {
    const fragments = new IpFragments();
    for (let at = 0; at <= maxFragmentedDatagrams; at += 1) {
      const first = part(4, 0, 32);
      fragments.add({ ...first, fragment: { identification: at, offset: 0, isLast: false } });
    }
    expect(fragments.incomplete).toBe(maxFragmentedDatagrams + 1);
    const lastOf = (identification: number) => ({
      ...part(4, 32, 64),
      fragment: { identification, offset: 32, isLast: true },
    });
    expect(fragments.add(lastOf(0))).toBeUndefined();
    expect(fragments.add(lastOf(maxFragmentedDatagrams))?.payload).toEqual(whole);
  });
});

describe("a segment of TCP", () => {
  const source = { address: four[0], port: 1234 };
  const destination = { address: four[1], port: 443 };
  const bytes = tcpPacket({
    source,
    destination,
    sequenceNumber: 0xffff_fff0,
    flags: TcpFlag.syn | TcpFlag.ack,
    payload: bytesOf("x"),
  });
  const read = (packet: Uint8Array) => tcpSegmentIn(ipPacketIn({ version: 4, bytes: packet }));

  it("is read", () => {
    expect(read(bytes)).toEqual({
      source: { address: "192.0.2.1", port: 1234 },
      destination: { address: "192.0.2.2", port: 443 },
      sequenceNumber: 0xffff_fff0,
      syn: true,
      ack: true,
      fin: false,
      rst: false,
      payload: bytesOf("x"),
      missing: 0,
    });
  });

  it.each([
    ["with a header that is too short", 0x40],
    ["with a header that is longer than it", 0xf0],
  ])("%s is none", (_, offset) => {
    const spoilt = bytes.slice();
    spoilt[32] = offset;
    expect(() => read(spoilt)).toThrow(expect.objectContaining({ code: "decode_error" }));
  });
});
