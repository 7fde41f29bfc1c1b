import { createCipheriv } from "node:crypto";
import { type Aead, type AeadAlgorithm, aeadOf, runSync, type Waitable, wait } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  ContentType,
  maxPlaintextLength,
  maxTls12CiphertextLength,
  RecordReader,
  RecordWriter,
  type Tls12AeadKeys,
  tls12AeadOpening,
  tls12AeadSealing,
} from "@tlskit/record";
import { ByteQueue, concat, toHex } from "@tlskit/wire";
import { describe, expect, test } from "vitest";

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const peer = (code: string, alert: number) => expect.objectContaining({ kind: "peer", code, alert });
const caller = (code: string) => expect.objectContaining({ kind: "caller", code });
const badRecordMac = peer("bad_record_mac", 20);

const gcm: Tls12AeadKeys = {
  aead: aeadOf(nobleProvider, "AES-128-GCM"),
  key: bytes(16, 1),
  iv: bytes(4, 2),
  recordLimit: 100,
  nonce: "explicit",
};
const chacha: Tls12AeadKeys = {
  aead: aeadOf(nobleProvider, "CHACHA20-POLY1305"),
  key: bytes(32, 1),
  iv: bytes(12, 2),
  recordLimit: 100,
  nonce: "xor",
};

/** What is authenticated with a record (RFC 5246 §6.2.3.3), written down once more. */
const authenticated = (number: number, type: number, length: number): Uint8Array =>
  Uint8Array.of(0, 0, 0, 0, 0, 0, 0, number, type, 3, 3, length >> 8, length & 0xff);

/** A record as node:crypto makes it. */
function sealedByNode(keys: Tls12AeadKeys, number: number, type: number, content: Uint8Array): Uint8Array {
  const [cipher, nonce, explicit] =
    keys.nonce === "explicit"
      ? (["aes-128-gcm", concat(keys.iv, bytes(7, 0), Uint8Array.of(number)), 8] as const)
      : (["chacha20-poly1305", Uint8Array.from(keys.iv, (byte, at) => (at === 11 ? byte ^ number : byte)), 0] as const);
  const sealing = createCipheriv(cipher as "aes-128-gcm", keys.key, nonce, { authTagLength: 16 });
  sealing.setAAD(authenticated(number, type, content.length));
  const sealed = concat(sealing.update(content), sealing.final(), sealing.getAuthTag());
  const body = explicit === 0 ? sealed : concat(nonce.subarray(4), sealed);
  return concat(Uint8Array.of(type, 3, 3, body.length >> 8, body.length & 0xff), body);
}

function sealer(keys: Tls12AeadKeys): (type: ContentType, content: Uint8Array) => Uint8Array {
  const writer = new RecordWriter();
  writer.protect(tls12AeadSealing(keys));
  return (type, content) => runSync(writer.record(type, content));
}

function opened(keys: Tls12AeadKeys, ...records: readonly Uint8Array[]): readonly string[] {
  const reader = new RecordReader();
  reader.protect(tls12AeadOpening(keys));
  for (const record of records) reader.push(record);
  return records.map(() => {
    const record = runSync(reader.next());
    return record === undefined ? "nothing" : `${record.type} ${toHex(record.content)}`;
  });
}

describe.each([
  ["AES-128-GCM, with explicit nonces", gcm],
  ["ChaCha20-Poly1305, with nonces that aren't sent", chacha],
])("records of TLS 1.2 by %s", (_, keys) => {
  // RFC 5246 §6.1#states-updated, §6.1#number-from-zero, RFC 5288 §3#nonce, §3#distinct, RFC 7905 §2#nonce, §2#nothing-explicit, RFC 9325 §7.2.1#sequence-number
  test("are those that another implementation makes", () => {
    const seal = sealer(keys);
    const contents = [bytes(16, 5), bytes(1, 6), bytes(300, 7)];
    const types = [ContentType.handshake, ContentType.alert, ContentType.applicationData];
    for (const [number, content] of contents.entries()) {
      const type = types[number] ?? ContentType.applicationData;
      expect(toHex(seal(type, content))).toBe(toHex(sealedByNode(keys, number, type, content)));
    }
  });

  test("open, in order", () => {
    const records = [0, 1, 2].map((number) => sealedByNode(keys, number, 23, bytes(number + 1, number)));
    expect(opened(keys, ...records)).toEqual(["23 00", "23 0101", "23 020202"]);
  });

  test("say what they hold in the clear", () => {
    const seal = sealer(keys);
    expect(seal(ContentType.handshake, bytes(3, 1))[0]).toBe(22);
    expect(seal(ContentType.applicationData, bytes(3, 1))[0]).toBe(23);
  });

  // RFC 5246 §6.2.1#length
  test("may have 2^14 bytes of content, and not one more", () => {
    const most = bytes(maxPlaintextLength, 1);
    expect(opened(keys, sealer(keys)(ContentType.applicationData, most))).toEqual([`23 ${toHex(most)}`]);
    const more = sealedByNode(keys, 0, 23, bytes(maxPlaintextLength + 1, 1));
    expect(() => opened(keys, more)).toThrow(peer("record_overflow", 22));
    expect(() => sealer(keys)(ContentType.applicationData, bytes(maxPlaintextLength + 1, 1))).toThrow(
      caller("out_of_range"),
    );
  });

  // RFC 5246 §6.2.3#length
  test("may have bodies of 2^14 + 2048 bytes, and not one more, known by the header", () => {
    const header = (length: number) => Uint8Array.of(23, 3, 3, length >> 8, length & 0xff);
    expect(() => opened(keys, header(maxTls12CiphertextLength + 1))).toThrow(peer("record_overflow", 22));
    expect(opened(keys, header(maxTls12CiphertextLength))).toEqual(["nothing"]);
  });

  // RFC 5246 §6.2.3.3#not-authentic, RFC 5288 §3#bad-record-mac
  test("don't open if a bit is changed, of the header, the nonce, the content or the tag", () => {
    const record = sealedByNode(keys, 0, 23, bytes(5, 9));
    for (let at = 5; at < record.length; at += 1) {
      const changed = record.map((byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => opened(keys, changed), `byte ${at}`).toThrow(badRecordMac);
    }
    const ofOtherType = record.map((byte, index) => (index === 0 ? 22 : byte));
    expect(() => opened(keys, ofOtherType)).toThrow(badRecordMac);
  });

  // RFC 5246 §6.2.3.3#not-authentic, RFC 5288 §3#bad-record-mac
  test("don't open if they are too short for nonce and tag", () => {
    const least = keys.nonce === "explicit" ? 24 : 16;
    for (const length of [0, 1, least - 1, least]) {
      expect(() => opened(keys, concat(Uint8Array.of(23, 3, 3, 0, length), bytes(length, 0)))).toThrow(badRecordMac);
    }
  });

  test("don't open out of order, or twice", () => {
    const records = [0, 1].map((number) => sealedByNode(keys, number, 23, bytes(5, number)));
    expect(() => opened(keys, ...records.toReversed())).toThrow(badRecordMac);
    expect(() => opened(keys, records[0] ?? bytes(0, 0), records[0] ?? bytes(0, 0))).toThrow(badRecordMac);
  });

  // RFC 5246 §6.2.1
  test.each([0x0300, 0x0301, 0x0302, 0x0304])("don't open with the version %d", (version) => {
    const record = sealedByNode(keys, 0, 23, bytes(5, 9));
    record.set([version >> 8, version & 0xff], 1);
    expect(() => opened(keys, record)).toThrow(peer("record_version", 70));
  });

  // RFC 5246 §6.2.1
  test("hold nothing if they are of application data alone", () => {
    expect(opened(keys, sealedByNode(keys, 0, 23, bytes(0, 0)))).toEqual(["23 "]);
    for (const type of [21, 22]) {
      expect(() => opened(keys, sealedByNode(keys, 0, type, bytes(0, 0)))).toThrow(peer("unexpected_record", 10));
    }
  });

  // RFC 5246 §6#types-checked, §7.1
  test("of change_cipher_spec have no place under keys, unless a later handshake expects one, which is protected", () => {
    expect(() => opened(keys, sealedByNode(keys, 0, 20, bytes(1, 1)))).toThrow(peer("unexpected_record", 10));
    expect(() => opened(keys, Uint8Array.of(20, 3, 3, 0, 1, 1))).toThrow(peer("unexpected_record", 10));
    const expecting = (record: Uint8Array) => {
      const reader = new RecordReader();
      reader.protect(tls12AeadOpening(keys));
      reader.changeCipherSpec = "expect";
      reader.push(record);
      return runSync(reader.next());
    };
    expect(expecting(sealedByNode(keys, 0, 20, bytes(1, 1)))).toEqual({ type: 20, content: bytes(1, 1) });
    for (const content of [bytes(0, 0), bytes(1, 2), bytes(2, 1)]) {
      expect(() => expecting(sealedByNode(keys, 0, 20, content))).toThrow(peer("unexpected_record", 10));
    }
    expect(() => expecting(Uint8Array.of(20, 3, 3, 0, 1, 1))).toThrow(badRecordMac);
  });

  test("in the clear have no place under keys", () => {
    expect(() => opened(keys, Uint8Array.of(21, 3, 3, 0, 2, 2, 40))).toThrow(badRecordMac);
  });

  test("are sealed up to the key's limit, and not one more", () => {
    const writer = new RecordWriter();
    writer.protect(tls12AeadSealing({ ...keys, recordLimit: 2 }));
    const seal = () => runSync(writer.record(ContentType.applicationData, bytes(1, 1)));
    expect(writer.recordsLeft).toBe(2);
    seal();
    seal();
    expect([writer.recordsLeft, writer.sequenceNumber]).toEqual([0, 2]);
    expect(seal).toThrow(caller("record_limit_reached"));
  });

  // RFC 5246 §6.2.1#order
  test("lie end to end, written and read", () => {
    const writer = new RecordWriter();
    writer.protect(tls12AeadSealing(keys));
    const content = new ByteQueue();
    content.push(bytes(70, 1));
    content.push(bytes(50, 2));
    const written = writer.records(ContentType.applicationData, content, 50);
    expect(written.taken).toBe(120);
    const reader = new RecordReader();
    reader.protect(tls12AeadOpening(keys));
    // A record that spans pieces is put together where its content will lie.
    for (const byte of written.bytes) reader.push(Uint8Array.of(byte));
    const contents = [0, 1, 2].map(() => runSync(reader.next())?.content ?? bytes(0, 0));
    expect(concat(...contents)).toEqual(concat(bytes(70, 1), bytes(50, 2)));
    expect(new Set(contents.map(({ buffer }) => buffer)).size).toBe(1);
  });

  // RFC 5246 §6.2.1#order
  test("are the same where the AEAD answers later, however many are asked for at once", () => {
    const answers: (() => void)[] = [];
    const late = { ...keys, aead: answeringLater(keys.aead, answers) };
    const writer = new RecordWriter();
    writer.protect(tls12AeadSealing(late));
    const content = new ByteQueue();
    content.push(bytes(20, 5));
    const { bytes: records, sealed } = writer.records(ContentType.applicationData, content, 10);
    expect(answers).toHaveLength(2);
    for (const answer of answers.splice(0).toReversed()) answer();
    let done = false;
    if (sealed !== undefined) sealed.then(() => (done = true), undefined as never);
    expect(done).toBe(true);
    expect(toHex(records)).toBe(
      toHex(concat(sealedByNode(keys, 0, 23, bytes(10, 5)), sealedByNode(keys, 1, 23, bytes(10, 5)))),
    );

    const opening = tls12AeadOpening(late);
    const [header, body] = [records.slice(0, 5), records.slice(5, records.length / 2)];
    const into = bytes(body.length, 0);
    const answer = wait(opening.open(header, body, into, 0));
    const waitingFor = answer.next();
    expect(waitingFor.done).toBe(false);
    let found: unknown;
    (waitingFor.value as Waitable<unknown>).then((value) => (found = value), undefined as never);
    for (const each of answers) each();
    expect(found).toEqual({ type: 23, length: 10 });
    expect(into.subarray(0, 10)).toEqual(bytes(10, 5));
    expect(opening.sequenceNumber).toBe(1);
  });

  test("that aren't authentic are told so where the AEAD answers later", () => {
    const answers: (() => void)[] = [];
    const opening = tls12AeadOpening({ ...keys, aead: answeringLater(keys.aead, answers) });
    const record = sealedByNode(keys, 1, 23, bytes(10, 5));
    const answer = opening.open(
      record.subarray(0, 5),
      record.slice(5),
      bytes(record.length, 0),
      0,
    ) as Waitable<unknown>;
    let failure: unknown;
    answer.then(
      () => {},
      (error) => (failure = error),
    );
    for (const each of answers) each();
    expect(failure).toEqual(badRecordMac);
    expect(opening.sequenceNumber).toBe(0);
  });
});

test.each([
  [gcm, 12],
  [gcm, 3],
  [chacha, 4],
  [chacha, 8],
])("an IV has the length that goes with the nonces", (keys, length) => {
  for (const make of [tls12AeadSealing, tls12AeadOpening]) {
    expect(() => make({ ...keys, iv: bytes(length, 2) })).toThrow(caller("invalid_iv"));
  }
});

/** The same AEAD, which does its work when an answer is called. */
function answeringLater(aead: AeadAlgorithm, answers: (() => void)[]): AeadAlgorithm {
  return {
    ...aead,
    synchronous: false,
    withKey: (key) => {
      const inner = aead.withKey(key);
      const waiting = (work: () => void): Waitable<void> => {
        let outcome: { readonly error?: unknown } | undefined;
        let waiter: Parameters<Waitable<void>["then"]> | undefined;
        const tell = (): void => {
          if (outcome === undefined || waiter === undefined) return;
          if ("error" in outcome) waiter[1](outcome.error);
          else waiter[0](undefined);
        };
        answers.push(() => {
          try {
            work();
            outcome = {};
          } catch (error) {
            outcome = { error };
          }
          tell();
        });
        return {
          then: (done, failed) => {
            waiter = [done, failed];
            tell();
          },
        };
      };
      const late: Aead = {
        seal: (...given) => waiting(() => void inner.seal(...given)),
        open: (...given) => waiting(() => void inner.open(...given)),
        dispose: () => inner.dispose(),
      };
      return late;
    },
  };
}
