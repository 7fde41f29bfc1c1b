import { createHmac } from "node:crypto";
import { hashOf, runSync } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  ContentType,
  maxPlaintextLength,
  maxTls12CiphertextLength,
  type Opening,
  RecordReader,
  RecordWriter,
} from "@tlskit/record";
import { type DangerousNullKeys, dangerousNullOpening, dangerousNullSealing } from "@tlskit/record/dangerous-null";
import { concat, toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const peer = (code: string, alert: number) => expect.objectContaining({ kind: "peer", code, alert });
const badRecordMac = peer("bad_record_mac", 20);

const keysOf = (hash: "SHA-1" | "SHA-256" | "SHA-384"): DangerousNullKeys => {
  const { length } = hashOf(nobleProvider, hash);
  return { hash: hashOf(nobleProvider, hash), macKey: bytes(length, 3) };
};

/** A record as node:crypto makes it (RFC 5246 §6.2.3.1). */
function madeByNode(
  { hash, macKey }: DangerousNullKeys,
  number: number,
  type: number,
  content: Uint8Array,
): Uint8Array {
  const header = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, number, type, 3, 3, content.length >> 8, content.length & 0xff);
  const mac = createHmac(hash.name.replace("-", ""), macKey).update(header).update(content).digest();
  const length = content.length + mac.length;
  return concat(Uint8Array.of(type, 3, 3, length >> 8, length & 0xff), content, mac);
}

function opened(keys: DangerousNullKeys, ...records: readonly Uint8Array[]): readonly string[] {
  const reader = new RecordReader();
  reader.protect(dangerousNullOpening(keys));
  for (const record of records) reader.push(record);
  return records.map(() => {
    const record = runSync(reader.next());
    return record === undefined ? "nothing" : `${record.type} ${toHex(record.content)}`;
  });
}

describe.each(["SHA-1", "SHA-256", "SHA-384"] as const)(
  "records that are authenticated by %s and not encrypted",
  (name) => {
    const keys = keysOf(name);

    it("are what RFC 5246 §6.2.3.1 says, each with its number", () => {
      const writer = new RecordWriter();
      writer.protect(dangerousNullSealing(keys));
      for (const [number, content] of [bytes(5, 1), bytes(0, 0), bytes(maxPlaintextLength, 2)].entries()) {
        const record = runSync(writer.record(ContentType.applicationData, content));
        expect(toHex(record)).toBe(toHex(madeByNode(keys, number, 23, content)));
      }
    });

    it("are read, and everybody reads them", () => {
      const records = [madeByNode(keys, 0, 22, bytes(4, 1)), madeByNode(keys, 1, 23, bytes(3, 2))];
      expect(opened(keys, ...records)).toEqual(["22 01010101", "23 020202"]);
      expect(toHex(records[1] ?? bytes(0, 0))).toContain("020202");
    });

    it("are refused whatever somebody has changed", () => {
      const right = madeByNode(keys, 0, 23, bytes(20, 1));
      for (const at of [5, 24, 25, right.length - 1]) {
        const wrong = right.map((byte, index) => (index === at ? byte ^ 1 : byte));
        expect(() => opened(keys, wrong)).toThrow(badRecordMac);
      }
      expect(() => opened(keys, madeByNode(keys, 1, 23, bytes(20, 1)))).toThrow(badRecordMac);
      expect(() => opened(keys, concat(Uint8Array.of(22), right.subarray(1)))).toThrow(badRecordMac);
      expect(() => opened(keys, right, right)).toThrow(badRecordMac);
      const short = bytes(keys.hash.length - 1, 1);
      expect(() => opened(keys, concat(Uint8Array.of(23, 3, 3, 0, short.length), short))).toThrow(badRecordMac);
    });

    it("have the connection's version, and at most 2^14 bytes", () => {
      const right = madeByNode(keys, 0, 23, bytes(20, 1));
      const older = right.map((byte, at) => (at === 2 ? 2 : byte));
      expect(() => opened(keys, older)).toThrow(peer("record_version", 70));
      expect(() => opened(keys, madeByNode(keys, 0, 23, bytes(maxPlaintextLength + 1, 1)))).toThrow(
        peer("record_overflow", 22),
      );
      const tooLong = concat(
        Uint8Array.of(23, 3, 3, (maxTls12CiphertextLength + 1) >> 8, (maxTls12CiphertextLength + 1) & 0xff),
      );
      expect(() => opened(keys, tooLong)).toThrow(peer("record_overflow", 22));
      expect(() => opened(keys, madeByNode(keys, 0, 22, bytes(0, 0)))).toThrow(peer("unexpected_record", 10));
    });
  },
);

it("a body that lies where its content goes is opened there", () => {
  const keys = keysOf("SHA-256");
  const record = madeByNode(keys, 0, 23, bytes(6, 9));
  const opening: Opening = dangerousNullOpening(keys);
  const place = Uint8Array.from(record);
  expect(opening.open(place.subarray(0, 5), place.subarray(5), place, 5)).toEqual({ type: 23, length: 6 });
  expect(toHex(place.subarray(5, 11))).toBe("090909090909");
  expect(opening.sequenceNumber).toBe(1);
});

it("keys are what they have to be, and are copied", () => {
  const { hash, macKey } = keysOf("SHA-256");
  for (const keys of [
    { hash, macKey: "key" },
    { hash: {}, macKey },
  ]) {
    for (const make of [dangerousNullSealing, dangerousNullOpening]) {
      expect(() => make(keys as never)).toThrow(expect.objectContaining({ kind: "caller", code: "invalid_argument" }));
    }
  }
  const given = Uint8Array.from(macKey);
  const opening = dangerousNullOpening({ hash, macKey: given });
  given.fill(0);
  const record = madeByNode({ hash, macKey }, 0, 23, bytes(6, 9));
  expect(opening.open(record.subarray(0, 5), record.subarray(5), new Uint8Array(100), 0)).toEqual({
    type: 23,
    length: 6,
  });
});
