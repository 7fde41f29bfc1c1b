import { aeadOf, runSync } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  ContentType,
  maxPlaintextLength,
  padToMultiple,
  RecordWriter,
  recordHeaderLength,
  tls13Sealing,
} from "@tlskit/record";
import { describe, expect, it } from "vitest";

const aead = aeadOf(nobleProvider, "CHACHA20-POLY1305");
const keys = { aead, key: new Uint8Array(32).fill(1), iv: new Uint8Array(12).fill(2), recordLimit: 2 };

describe("padding to a multiple", () => {
  it.each([
    [64, 0, 64],
    [64, 1, 63],
    [64, 63, 1],
    [64, 64, 0],
    [64, 65, 63],
    [1, 0, 1],
    [1, 5, 0],
    [maxPlaintextLength, 1, maxPlaintextLength - 1],
    [maxPlaintextLength, maxPlaintextLength, 0],
  ])("of %i: %i bytes of content get %i bytes of padding", (multiple, content, padding) => {
    expect(padToMultiple(multiple)(content)).toBe(padding);
  });

  it.each([0, -1, 1.5, Number.NaN, maxPlaintextLength + 1])("of %d is refused", (multiple) => {
    expect(() => padToMultiple(multiple)).toThrow(expect.objectContaining({ kind: "caller", code: "out_of_range" }));
  });

  // RFC 9846 §5.4#inner-length
  it("stops where a record does, whatever the multiple", () => {
    const writer = new RecordWriter();
    writer.protect(tls13Sealing(keys, padToMultiple(10_000)));
    const record = runSync(writer.record(ContentType.applicationData, new Uint8Array(10_001)));
    expect(record).toHaveLength(recordHeaderLength + maxPlaintextLength + 1 + aead.tagLength);
  });

  // RFC 9846 §5.5
  it("changes nothing about the records that a key may seal", () => {
    const writer = new RecordWriter();
    writer.protect(tls13Sealing(keys, padToMultiple(maxPlaintextLength)));
    runSync(writer.record(ContentType.applicationData, new Uint8Array(1)));
    expect(writer.recordsLeft).toBe(1);
    runSync(writer.record(ContentType.applicationData, new Uint8Array(1)));
    expect(() => runSync(writer.record(ContentType.applicationData, new Uint8Array(1)))).toThrow(
      expect.objectContaining({ code: "record_limit_reached" }),
    );
  });
});
