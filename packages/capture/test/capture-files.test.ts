import {
  type CaptureItem,
  CaptureReader,
  maxBlockLength,
  maxInterfaces,
  maxPacketLength,
  readCapture,
} from "@tlskit/capture";
import { type PcapOptions, pcapFile } from "@tlskit/testing";
import { concat } from "@tlskit/wire";
import { describe, expect, it, test } from "vitest";
import { block, enhancedPacket, interfaceDescription, secrets, sectionHeader, simplePacket } from "./helpers/pcapng.ts";
import { bytesOf } from "./helpers/recording.ts";

const at = BigInt(Date.UTC(2026, 0)) * 1_000_000n + 123_456_789n;
const packets = [1, 2, 3].map((number) => ({
  at: at + BigInt(number),
  bytes: new Uint8Array(number * 10).fill(number),
}));

const read = (file: Uint8Array): readonly CaptureItem[] => [...readCapture(file)];
const codes = (items: readonly CaptureItem[]): readonly string[] =>
  items.map((item) => (item.type === "damage" ? item.code : item.type));

describe("pcap", () => {
  it.each<[string, PcapOptions]>([
    ["little-endian, nanoseconds", { littleEndian: true, nanoseconds: true }],
    ["little-endian, microseconds", { littleEndian: true, nanoseconds: false }],
    ["big-endian, nanoseconds", { littleEndian: false, nanoseconds: true }],
    ["big-endian, microseconds", { littleEndian: false, nanoseconds: false }],
  ])("%s", (_, options) => {
    const unit = options.nanoseconds === true ? 1n : 1000n;
    expect(read(pcapFile(packets, { ...options, linkType: 101 }))).toEqual(
      packets.map(({ at, bytes }, index) => ({
        type: "packet",
        number: index + 1,
        at: (at / unit) * unit,
        linkType: 101,
        originalLength: bytes.length,
        bytes,
      })),
    );
  });

  it("tells of the link type alone, whatever is said of frame check sequences", () => {
    const file = pcapFile(packets.slice(0, 1));
    file[23] = 0x44;
    expect(read(file)).toContainEqual(expect.objectContaining({ linkType: 1 }));
  });

  it("of another version is damage", () => {
    const file = pcapFile(packets);
    file[4] = 3;
    expect(codes(read(file))).toEqual(["unknown_version"]);
  });

  it("may have packets of a certain length, and what is behind a longer one can't be found", () => {
    const long = (length: number) => pcapFile([{ at, bytes: new Uint8Array(length) }, ...packets]);
    expect(codes(read(long(maxPacketLength)))).toEqual(["packet", "packet", "packet", "packet"]);
    expect(codes(read(long(maxPacketLength + 1)))).toEqual(["packet_too_long"]);
  });
});

describe.each([
  ["little-endian", true],
  ["big-endian", false],
])("pcapng, %s", (_, littleEndian) => {
  const start = concat(sectionHeader(littleEndian), interfaceDescription(littleEndian, { linkType: 1 }));

  it("has packets of several interfaces, with resolutions of their own", () => {
    const file = concat(
      sectionHeader(littleEndian),
      interfaceDescription(littleEndian, { linkType: 1 }),
      interfaceDescription(littleEndian, { linkType: 101, options: [[9, Uint8Array.of(9)]] }),
      interfaceDescription(littleEndian, { linkType: 113, options: [[9, Uint8Array.of(0x80 | 10)]] }),
      enhancedPacket(littleEndian, 0, at / 1000n, Uint8Array.of(1)),
      enhancedPacket(littleEndian, 1, at, Uint8Array.of(2, 2)),
      enhancedPacket(littleEndian, 2, 1024n * 5n + 512n, Uint8Array.of(3, 3, 3)),
    );
    expect(read(file)).toMatchObject([
      { number: 1, linkType: 1, at: (at / 1000n) * 1000n, bytes: Uint8Array.of(1) },
      { number: 2, linkType: 101, at, bytes: Uint8Array.of(2, 2) },
      { number: 3, linkType: 113, at: 5_500_000_000n, bytes: Uint8Array.of(3, 3, 3) },
    ]);
  });

  it("may say that its times are to be moved", () => {
    const offset = new DataView(new ArrayBuffer(8));
    offset.setBigInt64(0, -3n, littleEndian);
    const options: [number, Uint8Array][] = [
      [2, bytesOf("eth0")],
      [14, new Uint8Array(offset.buffer)],
    ];
    const file = concat(
      sectionHeader(littleEndian),
      interfaceDescription(littleEndian, { linkType: 1, options }),
      enhancedPacket(littleEndian, 0, 5_000_000n, Uint8Array.of(1)),
    );
    expect(read(file)).toMatchObject([{ at: 2_000_000_000n }]);
  });

  it("has simple packets, cut off where their interface cuts them off", () => {
    const file = concat(
      sectionHeader(littleEndian),
      interfaceDescription(littleEndian, { linkType: 1, snapLength: 4 }),
      simplePacket(littleEndian, 10, Uint8Array.of(1, 2, 3, 4)),
      simplePacket(littleEndian, 3, Uint8Array.of(1, 2, 3)),
    );
    expect(read(file)).toMatchObject([
      { at: undefined, originalLength: 10, bytes: Uint8Array.of(1, 2, 3, 4) },
      { at: undefined, originalLength: 3, bytes: Uint8Array.of(1, 2, 3) },
    ]);
  });

  it("has key logs, and secrets of other kinds are passed over", () => {
    const file = concat(
      start,
      secrets(littleEndian, 0x544c534b, bytesOf("# a key log\n")),
      secrets(littleEndian, 1, bytesOf("x")),
    );
    expect(read(file)).toEqual([{ type: "keyLog", text: "# a key log\n" }]);
  });

  it("has blocks of other types, which are passed over", () => {
    const file = concat(
      start,
      block(littleEndian, 5, new Uint8Array(16)),
      enhancedPacket(littleEndian, 0, 0n, Uint8Array.of(1)),
    );
    expect(codes(read(file))).toEqual(["packet"]);
  });

  it("may have sections of the other byte order behind it, with interfaces of their own", () => {
    const other = !littleEndian;
    const file = concat(
      start,
      enhancedPacket(littleEndian, 0, 0n, Uint8Array.of(1)),
      sectionHeader(other),
      enhancedPacket(other, 0, 0n, Uint8Array.of(1)),
      interfaceDescription(other, { linkType: 12 }),
      enhancedPacket(other, 0, 0n, Uint8Array.of(2)),
    );
    expect(codes(read(file))).toEqual(["packet", "unknown_interface", "packet"]);
    expect(read(file)[2]).toMatchObject({ number: 2, linkType: 12 });
  });

  describe("where a block is wrong", () => {
    const good = enhancedPacket(littleEndian, 0, 0n, Uint8Array.of(1));
    /** A packet whose block is longer than it says, or shorter. */
    const claiming = (length: number): Uint8Array => {
      const bytes = enhancedPacket(littleEndian, 0, 0n, new Uint8Array(8));
      new DataView(bytes.buffer).setUint32(20, length, littleEndian);
      return bytes;
    };

    it.each<[string, Uint8Array, string]>([
      [
        "a packet of an interface that isn't there",
        enhancedPacket(littleEndian, 7, 0n, Uint8Array.of(1)),
        "unknown_interface",
      ],
      ["a packet longer than its block", claiming(9), "packet_too_long"],
      ["a packet with the greatest length there is", claiming(0xffff_ffff), "packet_too_long"],
      ["a packet's block without a packet", block(littleEndian, 6, new Uint8Array(16)), "block_length"],
      ["an interface that says nothing", block(littleEndian, 1, new Uint8Array(4)), "block_length"],
      ["a simple packet's block without a length", block(littleEndian, 3, new Uint8Array(0)), "block_length"],
      ["secrets without a length", block(littleEndian, 10, new Uint8Array(4)), "block_length"],
      [
        "secrets longer than their block",
        block(
          littleEndian,
          10,
          concat(secrets(littleEndian, 0x544c534b, new Uint8Array(0)).subarray(8, 12), new Uint8Array(4).fill(1)),
        ),
        "block_length",
      ],
      ["a section of another version", sectionHeader(littleEndian, 2), "unknown_version"],
    ])("%s: it is told, and what is behind it is read", (_, bad, code) => {
      const again = code === "unknown_version" ? start : new Uint8Array(0);
      expect(codes(read(concat(start, good, bad, again, good)))).toEqual(["packet", code, "packet"]);
    });

    it("two lengths that differ: it is told, and the first one counts", () => {
      const bad = good.slice();
      bad[bad.length - 2] = 1;
      expect(codes(read(concat(start, bad, good)))).toEqual(["block_length", "packet", "packet"]);
    });

    it.each([
      ["shorter than any block", 8],
      ["that isn't a multiple of 4", 33],
      ["longer than any that is taken", maxBlockLength + 4],
    ])("a length %s: nothing behind it can be found", (_, length) => {
      const bad = good.slice();
      new DataView(bad.buffer).setUint32(4, length, littleEndian);
      expect(codes(read(concat(start, good, bad, good)))).toEqual(["packet", "block_length"]);
    });
  });

  it("may have blocks up to a length", () => {
    const long = block(littleEndian, 6, new Uint8Array(maxBlockLength - 12));
    expect(codes(read(concat(start, long)))).toEqual(["packet"]);
  });

  it("may have so many interfaces, and one more is told of", () => {
    const interfaces = Array.from({ length: maxInterfaces }, () => interfaceDescription(littleEndian, { linkType: 1 }));
    const file = concat(sectionHeader(littleEndian), ...interfaces);
    const last = enhancedPacket(littleEndian, maxInterfaces - 1, 0n, Uint8Array.of(1));
    expect(codes(read(concat(file, last)))).toEqual(["packet"]);
    const over = enhancedPacket(littleEndian, maxInterfaces, 0n, Uint8Array.of(1));
    expect(codes(read(concat(file, interfaceDescription(littleEndian, { linkType: 1 }), over)))).toEqual([
      "too_many_interfaces",
      "unknown_interface",
    ]);
  });
});

test("a section without a byte order is the end of what can be read", () => {
  const bad = sectionHeader(true);
  bad[8] = 0;
  expect(codes(read(bad))).toEqual(["byte_order"]);
});

describe("a capture that comes in pieces", () => {
  const ng = concat(
    sectionHeader(false),
    interfaceDescription(false, { linkType: 1 }),
    enhancedPacket(false, 0, 5n, Uint8Array.of(1, 2, 3)),
  );
  it.each([
    ["pcap", pcapFile(packets)],
    ["pcapng", ng],
  ])("is the same capture: %s", (_, file) => {
    const reader = new CaptureReader();
    const items = [...file].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    expect([...items, ...reader.end()]).toEqual(read(file));
  });

  it.each([
    ["pcap", pcapFile(packets)],
    ["pcapng", ng],
  ])("may end anywhere, and says so: %s", (_, file) => {
    for (let length = 4; length < file.length; length += 1) {
      const items = codes(read(file.subarray(0, length)));
      const isWhole = items.every((code) => code === "packet") && read(file.subarray(0, length)).length > 0;
      if (!isWhole && items.length > 0) expect(items.at(-1)).toBe("truncated");
      expect(items.slice(0, -1)).toEqual(items.slice(0, -1).map(() => "packet"));
    }
  });

  it("gives nothing more behind its end", () => {
    const reader = new CaptureReader();
    reader.push(pcapFile(packets));
    expect(reader.end()).toEqual([]);
    expect(reader.push(pcapFile(packets))).toEqual([]);
    expect(reader.end()).toEqual([]);
  });
});

test.each([
  ["nothing", []],
  ["too little", [0xa1, 0xb2, 0xc3]],
  ["something else", [...bytesOf("GET / HTTP/1.1")]],
])("%s is no capture", (_, bytes) => {
  expect(() => read(Uint8Array.from(bytes))).toThrow(
    expect.objectContaining({ kind: "caller", code: "not_a_capture" }),
  );
});
