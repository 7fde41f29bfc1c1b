import { aeadOf, blockCipherOf, hashOf, runSync } from "@tlskit/crypto";
import { nobleTls12Provider, nobleProvider as provider } from "@tlskit/crypto-noble";
import {
  ContentType,
  decodeAlert,
  encodeAlert,
  type RecordKeys,
  RecordReader,
  RecordWriter,
  tls12AeadOpening,
  tls12AeadSealing,
  tls13Opening,
  tls13Sealing,
} from "@tlskit/record";
import { tls10CbcOpening, tls10CbcSealing, tls11CbcOpening, tls11CbcSealing } from "@tlskit/record/legacy";
import { ByteQueue } from "@tlskit/wire";
import { describe, expect, it } from "vitest";

const keys: RecordKeys = {
  aead: aeadOf(provider, "AES-128-GCM"),
  key: new Uint8Array(16),
  iv: new Uint8Array(12),
  recordLimit: 10,
};
const cbcKeys = {
  cipher: blockCipherOf(nobleTls12Provider, "AES-128-CBC"),
  hash: hashOf(provider, "SHA-1"),
  key: new Uint8Array(16),
  macKey: new Uint8Array(20),
  blockLimit: 10,
  encryptThenMac: true,
};
const bytes = new Uint8Array(1);
const { handshake } = ContentType;
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["keys", () => tls13Sealing(given(undefined))],
    ["keys is not the keys of a direction: keys.aead", () => tls13Sealing({ ...keys, aead: given("AES-128-GCM") })],
    ["keys is not the keys of a direction: keys.key", () => tls13Opening({ ...keys, key: given("secret") }, true)],
    ["keys is not the keys of a direction: keys.iv", () => tls13Opening({ ...keys, iv: given(undefined) }, true)],
    [
      "keys is not the keys of a direction: keys.recordLimit",
      () => tls13Opening({ ...keys, recordLimit: given("1") }, true),
    ],
    ["keys", () => tls12AeadSealing(given(undefined))],
    ["keys is not the keys of a direction in TLS 1.2: keys.nonce", () => tls12AeadSealing(given(keys))],
    [
      "keys is not the keys of a direction in TLS 1.2: keys.nonce",
      () => tls12AeadOpening({ ...keys, nonce: given("random") }),
    ],
    [
      "keys",
      () =>
        tls11CbcSealing(
          given(undefined),
          given(() => bytes),
        ),
    ],
    ["random", () => tls11CbcSealing(given(undefined), given(undefined))],
    ["keys", () => tls11CbcOpening(given(undefined))],
    ["keys", () => tls10CbcSealing(given(undefined))],
    ["keys", () => tls10CbcOpening(given(keys))],
    ["keys.iv", () => tls10CbcOpening({ ...cbcKeys, iv: given(undefined) })],
    ["opening", () => new RecordReader().protect(given(undefined))],
    ["sealing", () => new RecordWriter().protect(given(undefined))],
    ["bytes", () => new RecordReader().push(given([1]))],
    ["limit", () => new RecordReader().skipEarlyData(given(undefined))],
    // RFC 5246 §6#types-sent
    ["type", () => runSync(new RecordWriter().record(given(1), bytes))],
    ["content", () => runSync(new RecordWriter().record(handshake, given("content")))],
    ["type", () => new RecordWriter().records(given(1), new ByteQueue())],
    ["content", () => new RecordWriter().records(handshake, given(bytes))],
    ["recordSize", () => new RecordWriter().records(handshake, new ByteQueue(), given("1"))],
    ["mostRecords", () => new RecordWriter().records(handshake, new ByteQueue(), 1, given("1"))],
    ["description", () => encodeAlert(given("close_notify"))],
    ["content", () => decodeAlert(given(undefined))],
  ])("is named: %s", (name, call) => {
    expect(call).toThrow(
      expect.objectContaining({
        name: "TlsError",
        kind: "caller",
        code: "invalid_argument",
        message: expect.stringMatching(new RegExp(`^${name} is `)),
      }),
    );
  });

  it("is a size of records that nothing would fit in", () => {
    for (const size of [0, -1, Number.NaN]) {
      expect(() => new RecordWriter().records(handshake, new ByteQueue(), size)).toThrow(
        expect.objectContaining({ code: "out_of_range" }),
      );
    }
  });
});
