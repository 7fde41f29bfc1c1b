import { createHmac } from "node:crypto";
import { blockCipherOf, hashOf, runSync } from "@tlskit/crypto";
import { nobleTls12Provider as provider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { ContentType, type Opening, RecordReader, RecordWriter, type Sealing } from "@tlskit/record";
import {
  type Tls10CbcKeys,
  tls10CbcOpening,
  tls10CbcSealing,
  tls11CbcOpening,
  tls11CbcSealing,
} from "@tlskit/record/legacy";
import { ByteQueue, concat, toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const { applicationData, handshake } = ContentType;
const caller = (code: string) => expect.objectContaining({ kind: "caller", code });
const badRecordMac = expect.objectContaining({ kind: "peer", code: "bad_record_mac", alert: 20 });

function keys(encryptThenMac: boolean, by = provider): Tls10CbcKeys {
  return {
    cipher: blockCipherOf(by, "AES-128-CBC"),
    hash: hashOf(by, "SHA-1"),
    key: bytes(16, 1),
    macKey: bytes(20, 2),
    iv: bytes(16, 3),
    blockLimit: 2 ** 34,
    encryptThenMac,
  };
}

function written(sealing: Sealing, type: ContentType, content: Uint8Array, recordSize?: number): Uint8Array {
  const writer = new RecordWriter();
  writer.protect(sealing);
  const queue = new ByteQueue();
  queue.push(content);
  return writer.records(type, queue, recordSize).bytes;
}

/** Each record by itself. */
function recordsIn(all: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let at = 0; at < all.length; ) {
    const end = at + 5 + (((all[at + 3] ?? 0) << 8) | (all[at + 4] ?? 0));
    records.push(all.subarray(at, end));
    at = end;
  }
  return records;
}

function read(opening: Opening, records: Uint8Array): readonly Uint8Array[] {
  const reader = new RecordReader();
  reader.protect(opening);
  reader.push(records);
  const contents: Uint8Array[] = [];
  for (;;) {
    const record = runSync(reader.next());
    if (record === undefined) return contents;
    contents.push(record.content.slice());
  }
}

describe.each([
  ["encrypt-then-MAC", true],
  ["MAC-then-encrypt", false],
] as const)("with %s", (_, encryptThenMac) => {
  it("TLS 1.1 has a vector of its own in each record, and its version", () => {
    let made = 0;
    const random = (length: number): Uint8Array => bytes(length, 0x40 + made++);
    const records = recordsIn(
      written(tls11CbcSealing(keys(encryptThenMac), random), applicationData, bytes(300, 9), 100),
    );
    expect(records.map((record) => toHex(record.subarray(0, 3)))).toEqual(["170302", "170302", "170302"]);
    expect(records.map((record) => record[5])).toEqual([0x40, 0x41, 0x42]);
    expect(read(tls11CbcOpening(keys(encryptThenMac)), concat(...records))).toEqual(
      [100, 100, 100].map((n) => bytes(n, 9)),
    );
  });

  // RFC 2246 §6.2.3.2
  it("TLS 1.0 has the end of the record before for a vector, which stands nowhere", () => {
    const sealing = tls10CbcSealing(keys(encryptThenMac));
    const [first, second] = [1, 2].map(() => written(sealing, handshake, bytes(16, 9)));
    // 16 of content, 20 of MAC, padding: no vector.
    expect(first?.length).toBe(5 + (encryptThenMac ? 32 + 20 : 48));
    expect(toHex(first?.subarray(0, 3) ?? bytes(0, 0))).toBe("160301");
    expect(toHex(second ?? bytes(0, 0))).not.toBe(toHex(first ?? bytes(0, 0)));
    // As if the second were a first with the other's last block.
    const behind = encryptThenMac ? 20 : 0;
    const iv = first?.slice(first.length - behind - 16, first.length - behind) ?? bytes(0, 0);
    const decrypted = bytes(16, 0);
    keys(false)
      .cipher.withKey(bytes(16, 1))
      .decrypt(iv, second?.subarray(5, 21) ?? bytes(16, 0), decrypted, 0);
    expect(decrypted).toEqual(bytes(16, 9));
  });

  it("TLS 1.0 opens what it seals, one after the other, by every provider", () => {
    const sealing = tls10CbcSealing(keys(encryptThenMac));
    const records = [1, 17, 100, 16_384].map((length) => written(sealing, handshake, bytes(length, 7)));
    for (const by of [provider, nodeProvider]) {
      const opening = tls10CbcOpening(keys(encryptThenMac, by));
      expect(read(opening, concat(...records)).map(({ length }) => length)).toEqual([1, 17, 100, 16_384]);
    }
  });

  it("records of one version are none of another", () => {
    const record = written(tls10CbcSealing(keys(encryptThenMac)), handshake, bytes(40, 7));
    expect(() => read(tls11CbcOpening(keys(encryptThenMac)), record)).toThrow(
      expect.objectContaining({ code: "record_version", alert: 70 }),
    );
  });

  // RFC 4346 §6.2.3.2, RFC 2246 §7.2: decryption_failed is never sent
  it("whatever is changed is bad_record_mac", () => {
    for (const [sealing, opening] of [
      [() => tls10CbcSealing(keys(encryptThenMac)), () => tls10CbcOpening(keys(encryptThenMac))],
      [
        () => tls11CbcSealing(keys(encryptThenMac), (length) => bytes(length, 4)),
        () => tls11CbcOpening(keys(encryptThenMac)),
      ],
    ] as const) {
      const record = written(sealing(), handshake, bytes(40, 7));
      for (let at = 5; at < record.length; at += 1) {
        const changed = record.map((byte, index) => (index === at ? byte ^ 1 : byte));
        expect(() => read(opening(), changed), `byte ${at}`).toThrow(badRecordMac);
      }
      const cut = Uint8Array.of(...record.subarray(0, 3), 0, 16, ...record.subarray(5, 21));
      expect(() => read(opening(), cut)).toThrow(badRecordMac);
    }
  });
});

// RFC 7366 §3
it("TLS 1.0's encrypt-then-MAC is over what stands in the record, in which there is no vector", () => {
  const record = written(tls10CbcSealing(keys(true)), handshake, bytes(5, 9));
  const ciphertext = record.subarray(5, record.length - 20);
  const mac = createHmac("sha1", bytes(20, 2))
    .update(concat(bytes(8, 0), Uint8Array.of(22, 3, 1, 0, ciphertext.length), ciphertext))
    .digest("hex");
  expect(toHex(record.subarray(record.length - 20))).toBe(mac);
});

// BEAST: a vector is known to whoever chooses what is sent next
describe("what is sent in TLS 1.0", () => {
  const lengthsOf = (type: ContentType, content: number, sealing: Sealing = tls10CbcSealing(keys(true))) =>
    read(tls10CbcOpening(keys(true)), written(sealing, type, bytes(content, 7), 1000)).map(({ length }) => length);

  it("has one byte in its first record, each time", () => {
    expect(lengthsOf(applicationData, 1)).toEqual([1]);
    expect(lengthsOf(applicationData, 2)).toEqual([1, 1]);
    expect(lengthsOf(applicationData, 1001)).toEqual([1, 1000]);
    expect(lengthsOf(applicationData, 3500)).toEqual([1, 1000, 1000, 1000, 499]);
    const sealing = tls10CbcSealing(keys(true));
    const both = concat(...[300, 200].map((length) => written(sealing, applicationData, bytes(length, 7))));
    expect(read(tls10CbcOpening(keys(true)), both).map(({ length }) => length)).toEqual([1, 299, 1, 199]);
  });

  it("isn't split where it is no data of applications, nor in TLS 1.1", () => {
    expect(lengthsOf(handshake, 300)).toEqual([300]);
    const random = (length: number): Uint8Array => bytes(length, 4);
    const records = written(tls11CbcSealing(keys(true), random), applicationData, bytes(300, 7));
    expect(recordsIn(records)).toHaveLength(1);
  });
});

it("a first vector that isn't as long as a block is the caller's fault", () => {
  for (const iv of [bytes(0, 0), bytes(8, 0), bytes(17, 0)]) {
    expect(() => tls10CbcSealing({ ...keys(true), iv })).toThrow(caller("out_of_range"));
    expect(() => tls10CbcOpening({ ...keys(true), iv })).toThrow(caller("out_of_range"));
  }
});
