import { aeadOf, runSync } from "@tlskit/crypto";
import { nobleProvider as provider } from "@tlskit/crypto-noble";
import {
  ContentType,
  decodeAlert,
  encodeAlert,
  fragments,
  Opener,
  type RecordKeys,
  RecordReader,
  RecordWriter,
  Sealer,
} from "@tlskit/record";
import { describe, expect, it } from "vitest";

const keys: RecordKeys = {
  aead: aeadOf(provider, "AES-128-GCM"),
  key: new Uint8Array(16),
  iv: new Uint8Array(12),
  recordLimit: 10,
};
const bytes = new Uint8Array(1);
const { handshake } = ContentType;
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["keys", () => new Sealer(given(undefined))],
    ["keys is not the keys of a direction: keys.aead", () => new Sealer({ ...keys, aead: given("AES-128-GCM") })],
    ["keys is not the keys of a direction: keys.key", () => new Opener({ ...keys, key: given("secret") })],
    ["keys is not the keys of a direction: keys.iv", () => new Opener({ ...keys, iv: given(undefined) })],
    ["keys is not the keys of a direction: keys.recordLimit", () => new Opener({ ...keys, recordLimit: given("1") })],
    ["keys", () => new RecordReader().setKeys(given(undefined))],
    ["keys", () => new RecordWriter().setKeys(given(undefined))],
    ["type", () => runSync(new Sealer(keys).seal(given("handshake"), bytes))],
    ["content", () => runSync(new Sealer(keys).seal(handshake, given("content")))],
    ["padding", () => runSync(new Sealer(keys).seal(handshake, bytes, given("1")))],
    ["record", () => runSync(new Opener(keys).open(given(undefined)))],
    ["bytes", () => new RecordReader().push(given([1]))],
    ["limit", () => new RecordReader().skipEarlyData(given(undefined))],
    ["type", () => runSync(new RecordWriter().record(given(1), bytes))],
    ["content", () => runSync(new RecordWriter().record(handshake, given("content")))],
    ["content", () => fragments(given("content")).next()],
    ["size", () => fragments(bytes, given("1")).next()],
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

  it("is a size of fragments that nothing would fit in", () => {
    for (const size of [0, -1, Number.NaN]) {
      expect(() => fragments(bytes, size).next()).toThrow(expect.objectContaining({ code: "out_of_range" }));
    }
  });
});
