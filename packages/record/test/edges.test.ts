import { type Aead, aeadOf, CryptoError, runSync } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  alertMessage,
  ContentType,
  contentTypeName,
  maxCiphertextLength,
  maxPlaintextLength,
  maxUselessRecords,
  type RecordKeys,
  RecordReader,
  RecordWriter,
  tls13Opening,
  tls13Sealing,
} from "@tlskit/record";
import { explain, leavesOf } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { Opener, Sealer } from "./helpers/one-record.ts";

const aead = aeadOf(nobleProvider, "CHACHA20-POLY1305");
const keys: RecordKeys = { aead, key: new Uint8Array(32), iv: new Uint8Array(12), recordLimit: 100 };

/** Keys whose AEAD opens every record to zeros with this at their end, or fails. */
function opening(end: () => readonly number[]): RecordKeys {
  const open: Aead["open"] = (_nonce, _data, ciphertext, into, at) => {
    const bytes = end();
    into.fill(0, at, at + ciphertext.length - aead.tagLength);
    into.set(bytes, at + ciphertext.length - aead.tagLength - bytes.length);
  };
  return { ...keys, aead: { ...aead, withKey: (key) => ({ ...aead.withKey(key), open }) } };
}

const record = (length: number): Uint8Array =>
  Uint8Array.of(23, 3, 3, length >> 8, length & 0xff, ...new Uint8Array(length));
const code = (expected: string) => expect.objectContaining({ code: expected });

describe("the limits are those of the RFC", () => {
  test("2^14 bytes of content, 256 more for what protects it (§5.1, §5.2), 32 records in a row for nothing", () => {
    expect([maxPlaintextLength, maxCiphertextLength, maxUselessRecords]).toEqual([16384, 16640, 32]);
  });

  test("an opener holds a record to them by itself", () => {
    const open = (length: number) => new Opener(keys).open(record(length));
    expect(() => open(maxCiphertextLength)).toThrow(code("bad_record_mac"));
    expect(() => open(maxCiphertextLength + 1)).toThrow(code("record_overflow"));
  });

  test("an unprotected record may be full, and no more", () => {
    const write = (length: number) => runSync(new RecordWriter().record(ContentType.handshake, new Uint8Array(length)));
    expect(write(maxPlaintextLength)).toHaveLength(5 + maxPlaintextLength);
    expect(() => write(maxPlaintextLength + 1)).toThrow(code("out_of_range"));
  });
});

describe("what can't be opened", () => {
  test("is bad_record_mac if it is shorter than a tag, whatever the AEAD would say", () => {
    const opener = new Opener(opening(() => [1, 23]));
    expect(() => opener.open(record(15))).toThrow(code("bad_record_mac"));
    expect(opener.open(record(18))).toMatchObject({ type: ContentType.applicationData });
  });

  test("is bad_record_mac for a failed authentication alone: other failures are nobody's forgery", () => {
    const thrown = (error: Error) =>
      new Opener(
        opening(() => {
          throw error;
        }),
      );
    const forged = new CryptoError("authentication_failed", "forged");
    const broken = new CryptoError("unsupported", "broken");
    const foreign = Object.assign(new Error("of another kind"), { code: "authentication_failed" });
    expect(() => thrown(forged).open(record(20))).toThrow(code("bad_record_mac"));
    expect(() => thrown(broken).open(record(20))).toThrow(broken);
    expect(() => thrown(foreign).open(record(20))).toThrow(foreign);
  });

  test("is passed over as early data only if it can't be decrypted: what was, and is wrong, is refused", () => {
    const padding = new RecordReader();
    padding.protect(
      tls13Opening(
        opening(() => []),
        true,
      ),
    );
    padding.skipEarlyData(1000);
    padding.push(record(26));
    expect(() => runSync(padding.next())).toThrow(code("unexpected_record"));
  });
});

describe("what is forgotten", () => {
  test("is neither read nor written any more", () => {
    const sealed = new Sealer(keys).seal(ContentType.handshake, Uint8Array.of(1));
    const records = new RecordReader();
    records.protect(tls13Opening(keys, true));
    records.push(sealed);
    records.forget();
    expect(records.buffered).toBe(0);
    records.push(sealed);
    expect(() => runSync(records.next())).toThrow(code("unexpected_record"));

    const writer = new RecordWriter();
    writer.protect(tls13Sealing(keys));
    writer.forget();
    expect(() => runSync(writer.record(ContentType.applicationData, Uint8Array.of(1)))).toThrow(
      code("unprotected_application_data"),
    );
  });
});

describe("words for people", () => {
  test("have the content types' names", () => {
    const names = [19, 20, 21, 22, 23, 24, 25, 26].map(contentTypeName);
    expect(names).toEqual([
      ...["content_type(19)", "change_cipher_spec", "alert", "handshake"],
      ...["application_data", "heartbeat", "tls12_cid", "ACK"],
    ]);
  });

  test("have the alerts' levels and names", () => {
    const explained = explain(alertMessage, Uint8Array.of(1, 0));
    expect(explained.type).toBe("Alert");
    expect(leavesOf(explained)).toMatchObject([
      { type: "AlertLevel", meaning: "warning (0x01)" },
      { type: "AlertDescription", meaning: "close_notify (0x00)" },
    ]);
    expect(leavesOf(explain(alertMessage, Uint8Array.of(2, 40)))).toMatchObject([
      { meaning: "fatal (0x02)" },
      { meaning: "handshake_failure (0x28)" },
    ]);
  });

  test("tell a record that is nothing but padding from one of an unknown type", () => {
    const opener = new Opener(opening(() => []));
    expect(() => opener.open(record(20))).toThrow(/nothing but padding/);
  });
});
