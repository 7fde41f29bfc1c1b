import {
  CaptureDecrypter,
  CaptureReader,
  decryptCapture,
  isKnownLinkType,
  KeyLog,
  networkPacketIn,
  readCapture,
  TcpStreams,
  TlsDecrypter,
} from "@tlskit/capture";
import { nodeProvider } from "@tlskit/crypto-node";
import { describe, expect, it } from "vitest";

const bytes = new Uint8Array(1);
const moment = { packet: 1, at: undefined };
const options = { provider: nodeProvider, keyLog: new KeyLog() };
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["bytes", () => new CaptureReader().push(given("a capture"))],
    ["bytes", () => [...readCapture(given(undefined))]],
    ["bytes", () => [...decryptCapture(given([1, 2, 3]), options)]],
    ["bytes", () => new CaptureDecrypter(options).push(given("a capture"))],
    ["options", () => new CaptureDecrypter(given(undefined))],
    ["provider", () => new CaptureDecrypter({ ...options, provider: given({}) })],
    ["keyLog", () => new TlsDecrypter({ ...options, keyLog: given("a key log") })],
    ["from", () => new TlsDecrypter(options).push(given(1), bytes, moment)],
    ["from", () => new TlsDecrypter(options).push(given("initiator"), bytes, moment)],
    ["bytes", () => new TlsDecrypter(options).push("client", given("bytes"), moment)],
    ["moment", () => new TlsDecrypter(options).push("client", bytes, given(1))],
    ["from", () => new TlsDecrypter(options).gap(given("initiator"), 1)],
    ["length", () => new TlsDecrypter(options).gap("client", given("1"))],
    ["text", () => new KeyLog(given(bytes))],
    ["text", () => new KeyLog().add(given(undefined))],
    ["clientRandom", () => new KeyLog().mainSecret(given("random"))],
    ["clientRandom", () => new KeyLog().trafficSecret(given("random"), "client early")],
    ["kind", () => new KeyLog().trafficSecret(bytes, given(1))],
    ["segment", () => new TcpStreams().add(given(undefined))],
    ["linkType", () => isKnownLinkType(given("1"))],
    ["frame", () => networkPacketIn(1, given("frame"))],
  ])("is named: %s", (name, call) => {
    expect(call).toThrow(
      expect.objectContaining({
        kind: "caller",
        code: "invalid_argument",
        message: expect.stringMatching(new RegExp(`^${name} is `)),
      }),
    );
  });

  it("that is an option that means nothing is named", () => {
    expect(() => new TlsDecrypter({ ...options, ...{ keylog: "" } })).toThrow(
      expect.objectContaining({ code: "unknown_option" }),
    );
  });
});
