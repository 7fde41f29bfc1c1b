import {
  ClientHello,
  clientShares,
  decodeMessage,
  encodeMessage,
  explainMessage,
  extensionCodes,
  extensionIn,
  hostNameIn,
  RawClientHello,
  serverNameList,
  supportedVersions,
} from "@tlskit/messages";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { hello, keyShareWithoutKey, name, versions } from "./hellos.ts";

describe("a ClientHello with a malformed extension", () => {
  const malformed = encodeMessage(RawClientHello, hello([name("host.example"), versions, keyShareWithoutKey]));

  test("is refused, by the path to what is wrong", () => {
    expect(() => decodeMessage(ClientHello, malformed)).toThrow(
      expect.objectContaining({
        code: "decode_error",
        message: "ClientHello.extensions[2] key_share.extensionData[0].keyExchange: 1 to 65535 bytes expected, got 0",
      }),
    );
  });

  test("is explained with the name of the extension that can't be decoded", () => {
    const body = explainMessage(ClientHello, malformed).parts.at(-1);
    const extensions = body?.parts.at(-1)?.parts.at(-1);
    expect(extensions?.parts.at(-1)?.meaning).toBe("key_share: 1 to 65535 bytes expected, got 0");
  });

  test("is read raw all the same, and tells what is of interest", () => {
    const raw = decodeMessage(RawClientHello, malformed);
    expect(extensionCodes(raw)).toEqual([0, 43, 51]);
    expect(hostNameIn(extensionIn(raw, serverNameList) ?? [])).toBe("host.example");
    expect(extensionIn(raw, supportedVersions)).toEqual([0x0304]);
    expect(encodeMessage(RawClientHello, raw)).toEqual(malformed);
  });

  test("is refused where just that extension is asked for", () => {
    const raw = decodeMessage(RawClientHello, malformed);
    expect(() => extensionIn(raw, clientShares)).toThrow(
      expect.objectContaining({
        code: "decode_error",
        message: expect.stringMatching(/^key_share\[0\]\.keyExchange: /),
      }),
    );
  });
});

describe("a raw ClientHello", () => {
  test("has no extension twice: which of two names would a router go by?", () => {
    const twice = encodeMessage(RawClientHello, hello([name("one.example"), name("two.example")]));
    expect(() => decodeMessage(RawClientHello, twice)).toThrow(
      expect.objectContaining({
        code: "duplicate_extension",
        message: "ClientHello.extensions[1] server_name: server_name comes twice",
      }),
    );
  });

  test("may have no extensions at all, as those of earlier versions", () => {
    const none = encodeMessage(RawClientHello, hello(undefined));
    expect(decodeMessage(RawClientHello, none).extensions).toBeUndefined();
    expect(extensionIn(decodeMessage(RawClientHello, none), serverNameList)).toBeUndefined();
  });

  test("is otherwise read as ever: what is behind its extensions is refused", () => {
    const whole = encodeMessage(RawClientHello, hello([versions]));
    const longer = Uint8Array.of(...whole, 0);
    longer[3] = (longer[3] ?? 0) + 1;
    expect(() => decodeMessage(RawClientHello, longer)).toThrow("ClientHello: 1 bytes too many");
    expect(decodeMessage(RawClientHello, whole).random).toEqual(asciiBytes("r".repeat(32)));
  });
});
