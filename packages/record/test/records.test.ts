import { aeadOf, runSync } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  alertMessage,
  bufferSize,
  ContentType,
  contentTypeName,
  decodeAlert,
  encodeAlert,
  maxCiphertextLength,
  maxPlaintextLength,
  maxUselessRecords,
  type PlainRecord,
  type RecordKeys,
  RecordReader,
  RecordWriter,
  tls13Opening,
  tls13Sealing,
  unprotectedSealing,
} from "@tlskit/record";
import { Alert, ByteQueue, callerError, concat, explain, peerError } from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Sealer } from "./helpers/one-record.ts";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

const keys: RecordKeys = {
  aead: aeadOf(nobleProvider, "CHACHA20-POLY1305"),
  key: new Uint8Array(32).fill(1),
  iv: new Uint8Array(12).fill(2),
  recordLimit: 100,
};
const otherKeys: RecordKeys = { ...keys, key: new Uint8Array(32).fill(9) };

const unexpected = expect.objectContaining({ kind: "peer", code: "unexpected_record", alert: 10 });
const badRecordMac = expect.objectContaining({ kind: "peer", code: "bad_record_mac", alert: 20 });

/** An unprotected record with any header. */
function plain(type: number, content: Uint8Array, version = 0x0303): Uint8Array {
  return Uint8Array.of(type, version >> 8, version & 0xff, content.length >> 8, content.length & 0xff, ...content);
}

const changeCipherSpec = plain(20, Uint8Array.of(1));

function writer(...installed: readonly RecordKeys[]): (type: ContentType, content: Uint8Array) => Uint8Array {
  const records = new RecordWriter();
  for (const each of installed) records.protect(tls13Sealing(each));
  return (type, content) => runSync(records.record(type, content));
}

function reader(...input: readonly Uint8Array[]): RecordReader {
  const records = new RecordReader();
  for (const bytes of input) records.push(bytes);
  return records;
}

function next(records: RecordReader): PlainRecord | undefined {
  return runSync(records.next());
}

describe("framing", () => {
  test("records come out whole, however the stream is cut", () => {
    const contents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { minLength: 1, maxLength: 5 });
    const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 });
    fc.assert(
      fc.property(contents, cuts, fc.boolean(), (sent, pieces, isProtected) => {
        const write = isProtected ? writer(keys) : writer();
        const stream = concat(...sent.map((content) => write(ContentType.handshake, content)));
        const records = reader();
        if (isProtected) records.protect(tls13Opening(keys, true));
        const out: Uint8Array[] = [];
        let at = 0;
        for (const piece of [...pieces, stream.length]) {
          records.push(stream.subarray(at, at + piece));
          at += piece;
          for (let record = next(records); record !== undefined; record = next(records)) out.push(record.content);
        }
        expect(out).toEqual(sent);
        expect(records.buffered).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("data is the same however it was cut into records, padded, put under new keys, and cut by the transport", () => {
    const generation = (number: number): RecordKeys => ({
      ...keys,
      key: new Uint8Array(32).fill(number),
      recordLimit: 10_000,
    });
    const message = fc.record({
      content: fc.uint8Array({ minLength: 1, maxLength: 300 }),
      pieces: fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 }),
      padding: fc.nat(50),
      empties: fc.nat(2),
      newKeys: fc.boolean(),
    });
    const cuts = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 400 })), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 6 }), cuts, (sent, chunks) => {
        let number = 0;
        let sealer = new Sealer(generation(number));
        const seal = (content: Uint8Array, padding: number): Uint8Array =>
          sealer.seal(ContentType.applicationData, content, padding);
        const stream: Uint8Array[] = [];
        /** How many bytes came before each change of keys. */
        const changes: number[] = [];
        let plainLength = 0;
        for (const { content, pieces, padding, empties, newKeys } of sent) {
          for (let i = 0; i < empties; i += 1) stream.push(seal(new Uint8Array(0), padding));
          for (let at = 0, piece = 0; at < content.length; piece += 1) {
            const size = pieces[piece % pieces.length] ?? 1;
            stream.push(seal(content.subarray(at, at + size), padding));
            at += size;
          }
          plainLength += content.length;
          if (!newKeys) continue;
          number += 1;
          sealer = new Sealer(generation(number));
          changes.push(plainLength);
        }
        const whole = concat(...stream);
        const records = reader();
        records.protect(tls13Opening(generation(0), true));
        let received: Uint8Array = new Uint8Array(0);
        let used = 0;
        let at = 0;
        for (const chunk of [...chunks, whole.length]) {
          records.push(whole.subarray(at, at + chunk));
          at += chunk;
          for (let record = next(records); record !== undefined; record = next(records)) {
            expect(record.type).toBe(ContentType.applicationData);
            received = concat(received, record.content);
            if (received.length !== changes[used]) continue;
            used += 1;
            records.protect(tls13Opening(generation(used), true));
          }
        }
        expect(received).toEqual(concat(...sent.map(({ content }) => content)));
        expect(records.buffered).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  test("the version of a record is ignored for all purposes (RFC 9846 §5.1#version-ignored)", () => {
    for (const version of [0x0301, 0x0300, 0xabcd]) {
      expect(next(reader(plain(22, Uint8Array.of(7), version)))?.content).toEqual(Uint8Array.of(7));
    }
  });

  test.each([
    // RFC 5246 §6#types-checked
    ["a heartbeat", 24],
    ["what nobody knows", 0x7f],
    ["nothing", 0],
  ])("%s is refused by its first byte", (_what, first) => {
    expect(() => next(reader(Uint8Array.of(first)))).toThrow(
      expect.objectContaining({ kind: "peer", code: "unknown_record_type", alert: 10 }),
    );
  });

  test.each([
    ["handshake", 22, maxPlaintextLength],
    ["alert", 21, maxPlaintextLength],
    ["application data", 23, maxCiphertextLength],
  ])("a %s record that is too long is refused by its header", (_what, type, limit) => {
    const header = (length: number) => Uint8Array.of(type, 3, 3, length >> 8, length & 0xff);
    expect(next(reader(header(limit)))).toBeUndefined();
    expect(() => next(reader(header(limit + 1)))).toThrow(
      expect.objectContaining({ code: "record_overflow", alert: 22 }),
    );
  });

  // RFC 9846 §5.1, §5.2
  test("2^14 bytes of content, and 256 more for protection, are the limits", () => {
    expect([maxPlaintextLength, maxCiphertextLength]).toEqual([16_384, 16_640]);
    expect(maxUselessRecords).toBe(32);
  });

  test("a length is judged when it is there whole", () => {
    expect(next(reader(Uint8Array.of(22, 3, 3, 0xff)))).toBeUndefined();
  });

  test("what was pushed and is not used can be forgotten, with the keys", () => {
    const records = reader(plain(22, new Uint8Array(10)).subarray(0, 9));
    records.protect(tls13Opening(keys, true));
    records.forget();
    expect(records.buffered).toBe(0);
    records.push(writer(keys)(ContentType.applicationData, Uint8Array.of(1)));
    expect(() => next(records)).toThrow(unexpected);
  });

  test.each([
    [20, "change_cipher_spec"],
    [21, "alert"],
    [22, "handshake"],
    [23, "application_data"],
    [24, "heartbeat"],
    [25, "tls12_cid"],
    [26, "ACK"],
    [99, "content_type(99)"],
  ])("%i is called %s", (code, name) => {
    expect(contentTypeName(code)).toBe(name);
  });

  const recordsOf = (content: Uint8Array, size?: number, most?: number) => {
    const queue = new ByteQueue();
    queue.push(content);
    const writing = new RecordWriter();
    writing.protect(tls13Sealing(keys));
    const written: Uint8Array[] = [];
    while (queue.length > 0) written.push(writing.records(ContentType.applicationData, queue, size, most).bytes);
    return written;
  };
  const contentsOf = (stream: Uint8Array): readonly number[] => {
    const records = reader(stream);
    records.protect(tls13Opening(keys, true));
    const lengths: number[] = [];
    for (let record = next(records); record !== undefined; record = next(records)) lengths.push(record.content.length);
    return lengths;
  };

  // RFC 5246 §6.2.1#empty-fragments
  test("no content makes no record (RFC 9846 §5.1#no-empty-handshake, §5.4#no-empty-sent)", () => {
    const { bytes, taken } = new RecordWriter().records(ContentType.handshake, new ByteQueue());
    expect([bytes.length, taken]).toEqual([0, 0]);
  });

  test("content that takes several records is cut where they are full", () => {
    const content = new Uint8Array(2 * maxPlaintextLength + 1);
    expect(contentsOf(concat(...recordsOf(content)))).toEqual([maxPlaintextLength, maxPlaintextLength, 1]);
    expect(contentsOf(concat(...recordsOf(content.subarray(0, 5), 2)))).toEqual([2, 2, 1]);
  });

  test("as many records as fit go into one buffer", () => {
    const written = recordsOf(new Uint8Array(6 * maxPlaintextLength));
    // 16,406 bytes each.
    expect(written.map(({ length }) => length / 16_406)).toEqual([4, 2]);
    expect(Math.max(...written.map(({ length }) => length))).toBeLessThanOrEqual(bufferSize);
  });

  test("no more records are written than are asked for", () => {
    expect(recordsOf(new Uint8Array(10), 2, 2).length).toBe(3);
  });

  test("pieces share records, and what isn't taken stays", () => {
    const queue = new ByteQueue();
    for (const length of [600, 700, 800]) queue.push(new Uint8Array(length).fill(length / 100));
    const writing = new RecordWriter();
    writing.protect(tls13Sealing(keys));
    const { bytes, taken } = writing.records(ContentType.applicationData, queue, 1000, 2);
    expect([taken, queue.length]).toEqual([2000, 100]);
    expect(contentsOf(bytes)).toEqual([1000, 1000]);
  });

  test("the content of records that come together lies together, until it is handed out", () => {
    const stream = concat(...recordsOf(Uint8Array.of(1, 2, 3, 4, 5, 6), 2));
    const records = reader(stream);
    records.protect(tls13Opening(keys, true));
    const [first, second] = [next(records), next(records)];
    records.handedOut();
    const third = next(records);
    const { buffer } = first?.content ?? new Uint8Array(0);
    expect(new Uint8Array(buffer, 0, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(second?.content.buffer).toBe(buffer);
    expect([third?.content, third?.content.buffer === buffer]).toEqual([Uint8Array.of(5, 6), false]);
  });

  test("what came in is never written to", () => {
    const stream = concat(...recordsOf(Uint8Array.of(1, 2, 3, 4, 5, 6), 2));
    const before = Uint8Array.from(stream);
    // One record lies in two pieces.
    contentsOf(concat(stream.subarray(0, 30), stream.subarray(30)));
    const records = reader(stream.subarray(0, 30), stream.subarray(30));
    records.protect(tls13Opening(keys, true));
    while (next(records) !== undefined);
    expect(stream).toEqual(before);
  });
});

describe("before there are keys", () => {
  test("what is written is not protected, and says its version", () => {
    const records = new RecordWriter();
    records.protect(unprotectedSealing(0x0301));
    expect(runSync(records.record(ContentType.handshake, Uint8Array.of(7)))).toEqual(Uint8Array.of(22, 3, 1, 0, 1, 7));
    expect(records.recordsLeft).toBe(Number.MAX_SAFE_INTEGER);
  });

  // RFC 9846 §5.1#data-protected
  test("application data is never written", () => {
    expect(() => writer()(ContentType.applicationData, Uint8Array.of(7))).toThrow(
      expect.objectContaining({ kind: "caller", code: "unprotected_application_data" }),
    );
  });

  // RFC 9846 §5.1#length-sent
  test("no record is written that is too long", () => {
    expect(writer()(ContentType.handshake, new Uint8Array(maxPlaintextLength))).toHaveLength(5 + maxPlaintextLength);
    expect(() => writer()(ContentType.handshake, new Uint8Array(maxPlaintextLength + 1))).toThrow(
      expect.objectContaining({ kind: "caller", code: "out_of_range" }),
    );
  });

  test("application data is refused", () => {
    expect(() => next(reader(plain(23, new Uint8Array(30))))).toThrow(unexpected);
  });

  test.each([21, 22])("an empty record of type %i is refused (RFC 9846 §5.1)", (type) => {
    expect(() => next(reader(plain(type, new Uint8Array(0))))).toThrow(unexpected);
  });
});

describe("once there are keys", () => {
  test.each([
    ["handshake", 22, unexpected],
    ["application data that nobody protected", 23, badRecordMac],
  ])("%s in the clear is refused", (_what, type, refusal) => {
    const records = reader(plain(type, new Uint8Array(30)));
    records.protect(tls13Opening(keys, true));
    expect(() => next(records)).toThrow(refusal);
  });

  test("an alert in the clear is heard until something protected has come, and never after that", () => {
    const alert = plain(21, encodeAlert(Alert.handshakeFailure));
    const early = reader(alert);
    early.protect(tls13Opening(keys, true));
    expect(next(early)).toMatchObject({ type: ContentType.alert });
    const late = reader(
      writer(keys)(ContentType.handshake, Uint8Array.of(1)),
      plain(21, encodeAlert(Alert.closeNotify)),
    );
    late.protect(tls13Opening(keys, true));
    next(late);
    expect(() => next(late)).toThrow(unexpected);
  });

  test("each record is opened with the keys of the time when it is asked for", () => {
    const first = writer(keys)(ContentType.handshake, Uint8Array.of(1));
    const second = writer(otherKeys)(ContentType.handshake, Uint8Array.of(2));
    const records = reader(concat(first, second));
    records.protect(tls13Opening(keys, true));
    expect(next(records)?.content).toEqual(Uint8Array.of(1));
    records.protect(tls13Opening(otherKeys, true));
    expect(next(records)?.content).toEqual(Uint8Array.of(2));
  });

  test("a change_cipher_spec is written in the clear all the same", () => {
    expect(writer(keys)(ContentType.changeCipherSpec, Uint8Array.of(1))).toEqual(changeCipherSpec);
  });

  test("the writer's keys can be forgotten: it protects nothing any more, so it takes no data", () => {
    const records = new RecordWriter();
    records.protect(tls13Sealing(keys));
    records.forget();
    expect(() => runSync(records.record(ContentType.applicationData, Uint8Array.of(1)))).toThrow(
      expect.objectContaining({ code: "unprotected_application_data" }),
    );
  });

  test("the key's limit is that of the writer", () => {
    const records = new RecordWriter();
    records.protect(tls13Sealing({ ...keys, recordLimit: 1 }));
    runSync(records.record(ContentType.applicationData, new Uint8Array(1)));
    expect(records.recordsLeft).toBe(0);
    expect(() => runSync(records.record(ContentType.applicationData, new Uint8Array(1)))).toThrow(
      expect.objectContaining({ code: "record_limit_reached" }),
    );
  });
});

describe("change_cipher_spec (RFC 9846 §5)", () => {
  test("is dropped while it may come, with keys or without", () => {
    const records = reader(changeCipherSpec, plain(22, Uint8Array.of(7)));
    records.changeCipherSpec = "drop";
    expect(next(records)?.content).toEqual(Uint8Array.of(7));
    records.protect(tls13Opening(keys, true));
    records.push(concat(changeCipherSpec, writer(keys)(ContentType.handshake, Uint8Array.of(8))));
    expect(next(records)?.content).toEqual(Uint8Array.of(8));
  });

  test("is refused at any other time", () => {
    expect(() => next(reader(changeCipherSpec))).toThrow(unexpected);
  });

  test.each([
    ["no byte", []],
    ["another byte", [2]],
    ["two bytes", [1, 1]],
  ])("with %s is refused", (_what, content) => {
    const records = reader(plain(20, Uint8Array.from(content)));
    records.changeCipherSpec = "drop";
    expect(() => next(records)).toThrow(unexpected);
  });
});

describe("records that carry nothing", () => {
  const tooMany = expect.objectContaining({ code: "too_many_useless_records", alert: 10 });

  test("are let through up to a number in a row", () => {
    const write = writer(keys);
    const records = reader();
    records.protect(tls13Opening(keys, true));
    const empty = () => records.push(write(ContentType.applicationData, new Uint8Array(0)));
    for (let i = 0; i < maxUselessRecords; i += 1) empty();
    records.push(write(ContentType.applicationData, Uint8Array.of(1)));
    for (let i = 0; i < maxUselessRecords + 1; i += 1) expect(next(records)).toBeDefined();
    for (let i = 0; i < maxUselessRecords + 1; i += 1) empty();
    for (let i = 0; i < maxUselessRecords; i += 1) next(records);
    expect(() => next(records)).toThrow(tooMany);
  });

  test("are in a row with alerts between them", () => {
    const write = writer(keys);
    const records = reader();
    records.protect(tls13Opening(keys, true));
    const empty = () => records.push(write(ContentType.applicationData, new Uint8Array(0)));
    for (let i = 0; i < maxUselessRecords; i += 1) empty();
    records.push(write(ContentType.alert, Uint8Array.of(1, 90)));
    empty();
    for (let i = 0; i < maxUselessRecords + 1; i += 1) next(records);
    expect(() => next(records)).toThrow(tooMany);
  });

  test("are counted whatever they are", () => {
    const records = reader(...Array.from({ length: maxUselessRecords }, () => changeCipherSpec));
    records.changeCipherSpec = "drop";
    expect(next(records)).toBeUndefined();
    records.push(changeCipherSpec);
    expect(() => next(records)).toThrow(tooMany);
  });
});

describe("early data that is not accepted (RFC 9846 §4.3.10)", () => {
  const early = (): Uint8Array => writer(otherKeys)(ContentType.applicationData, new Uint8Array(100));
  const size = early().length;

  test("is passed over before there are keys, up to a handshake record", () => {
    const records = reader(early(), early(), plain(22, Uint8Array.of(7)));
    records.skipEarlyData(1000);
    expect(next(records)?.content).toEqual(Uint8Array.of(7));
    records.push(early());
    expect(() => next(records)).toThrow(unexpected);
  });

  test("is passed over with keys, up to the first record that opens", () => {
    const records = reader(early(), writer(keys)(ContentType.handshake, Uint8Array.of(7)), early());
    records.skipEarlyData(1000);
    records.protect(tls13Opening(keys, true));
    expect(next(records)?.content).toEqual(Uint8Array.of(7));
    expect(() => next(records)).toThrow(badRecordMac);
  });

  test("is refused once it is more than the limit", () => {
    const within = reader(early(), early());
    within.skipEarlyData(2 * size);
    within.protect(tls13Opening(keys, true));
    expect(next(within)).toBeUndefined();
    const beyond = reader(early(), early());
    beyond.skipEarlyData(2 * size - 1);
    beyond.protect(tls13Opening(keys, true));
    expect(() => next(beyond)).toThrow(
      expect.objectContaining({ code: "too_much_early_data", alert: Alert.unexpectedMessage }),
    );
  });

  test("goes on behind an alert in the clear, once there are keys", () => {
    const records = reader(plain(21, encodeAlert(Alert.userCanceled)), early());
    records.skipEarlyData(1000);
    records.protect(tls13Opening(keys, true));
    expect(next(records)?.type).toBe(ContentType.alert);
    expect(next(records)).toBeUndefined();
  });

  test("is nothing that opens, however wrong it is inside", () => {
    const records = reader(writer(keys)(ContentType.handshake, new Uint8Array(0)));
    records.skipEarlyData(1000);
    records.protect(tls13Opening(keys, true));
    expect(() => next(records)).toThrow(unexpected);
  });

  test("is nothing that a provider fails with, whatever the failure calls itself", () => {
    const failure = Object.assign(new Error("the HSM is gone"), { code: "bad_record_mac" });
    const open = (): void => {
      throw failure;
    };
    const records = reader(early());
    records.skipEarlyData(1000);
    records.protect(
      tls13Opening({ ...keys, aead: { ...keys.aead, withKey: (key) => ({ ...keys.aead.withKey(key), open }) } }, true),
    );
    expect(() => next(records)).toThrow(failure);
  });

  test("is refused where none was announced", () => {
    const records = reader(early());
    records.protect(tls13Opening(keys, true));
    expect(() => next(records)).toThrow(badRecordMac);
  });
});

describe("alerts", () => {
  // RFC 5246 §7.2.2#alert-fatal
  test("that close are warnings, all others fatal (RFC 9846 §6#levels, §6.1#close-level)", () => {
    expect(encodeAlert(Alert.closeNotify)).toEqual(Uint8Array.of(1, 0));
    expect(encodeAlert(Alert.userCanceled)).toEqual(Uint8Array.of(1, 90));
    expect(encodeAlert(Alert.decodeError)).toEqual(Uint8Array.of(2, 50));
    expect(decodeAlert(Uint8Array.of(2, 50))).toEqual({ level: 2, description: 50 });
  });

  test("are made of errors as they are, one without an alert being internal_error", () => {
    expect(encodeAlert(peerError("odd", Alert.unknownCa, "it is odd").alert)).toEqual(Uint8Array.of(2, 48));
    expect(encodeAlert(callerError("odd", "it is odd").alert)).toEqual(Uint8Array.of(2, 80));
    expect(() => encodeAlert(256)).toThrow(expect.objectContaining({ kind: "caller", code: "out_of_range" }));
  });

  test.each([
    [1, 0, "warning (0x01)", "close_notify (0x00)"],
    [2, 50, "fatal (0x02)", "decode_error (0x32)"],
    [0, 255, "unknown (0x00)", "alert(255) (0xff)"],
  ])("are explained: %i %i", (level, description, ...meanings) => {
    const { parts } = explain(alertMessage, Uint8Array.of(level, description));
    expect(parts.map(({ meaning }) => meaning)).toEqual(meanings);
  });

  test.each([[[]], [[2]], [[2, 50, 0]], [[2, 50, 2, 50]]])(
    "a record of %j holds no alert, or more than one",
    (content) => {
      expect(() => decodeAlert(Uint8Array.from(content))).toThrow(expect.objectContaining({ code: "decode_error" }));
    },
  );
});
