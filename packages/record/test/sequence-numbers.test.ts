import { aeadOf, runSync } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { ContentType, RecordReader, RecordWriter, tls13Opening, tls13Sealing } from "@tlskit/record";
import { describe, expect, it } from "vitest";

const aead = aeadOf(nobleProvider, "CHACHA20-POLY1305");
const keys = { aead, key: new Uint8Array(32).fill(1), iv: new Uint8Array(12).fill(2), recordLimit: 100 };

// RFC 9846 §5.3
describe("the sequence number of the next record", () => {
  it("is told by writer and reader, begins anew with each key, and is 0 where nothing is protected", () => {
    const [writer, reader] = [new RecordWriter(), new RecordReader()];
    const numbers = (): readonly number[] => [writer.sequenceNumber, reader.sequenceNumber];
    const pass = (): void => {
      reader.push(runSync(writer.record(ContentType.handshake, new Uint8Array(1))));
      expect(runSync(reader.next())?.content).toHaveLength(1);
    };
    pass();
    expect(numbers()).toEqual([0, 0]);
    for (const count of [1, 2]) {
      writer.protect(tls13Sealing(keys));
      reader.protect(tls13Opening(keys, false));
      expect(numbers()).toEqual([0, 0]);
      for (let i = 0; i < count; i += 1) pass();
      expect(numbers()).toEqual([count, count]);
    }
  });

  it("moves on for no record that can't be opened", () => {
    const reader = new RecordReader();
    reader.protect(tls13Opening(keys, false));
    reader.push(Uint8Array.of(23, 3, 3, 0, 20, ...new Uint8Array(20)));
    expect(() => runSync(reader.next())).toThrow(expect.objectContaining({ code: "bad_record_mac" }));
    expect(reader.sequenceNumber).toBe(0);
  });
});
