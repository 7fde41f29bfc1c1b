import { nodeProvider } from "@tlskit/crypto-node";
import {
  applicationLayerProtocolNegotiation,
  ClientHello,
  decodeMessage,
  encodeMessage,
  extensionIn,
  HandshakeType,
  hostNameIn,
  messageLimits,
  RawClientHello,
  serverNameList,
} from "@tlskit/messages";
import { maxPlaintextLength, recordHeaderLength } from "@tlskit/record";
import { seededRandom } from "@tlskit/testing";
import { ClientContext, ClientHelloReader, type FoundClientHello, readClientHello, TlsClient } from "@tlskit/tls";
import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { now, sharedPki } from "./helpers/world.ts";

/** What a client of ours sends first. */
function firstFlight(): Uint8Array {
  const sent: Uint8Array[] = [];
  const ignored = (): void => {};
  const context = new ClientContext({
    provider: nodeProvider,
    random: seededRandom(1),
    clock: () => now,
    anchors: sharedPki().anchors,
    alpnProtocols: ["h2", "http/1.1"],
  });
  const client = new TlsClient(
    context,
    { host: "host.example" },
    { ciphertext: (bytes) => sent.push(bytes), plaintext: ignored, closed: ignored },
  );
  client.start();
  return concat(...sent);
}

function record(type: number, content: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(type, 3, 1, content.length >> 8, content.length & 0xff), content);
}

/** A ClientHello whose body has so many bytes. */
function helloOf(length: number): Uint8Array {
  const hello = (padding: number): Uint8Array =>
    encodeMessage(RawClientHello, {
      legacyVersion: 0x0303,
      random: new Uint8Array(32),
      legacySessionId: new Uint8Array(0),
      cipherSuites: Array.from({ length: 1000 }, () => 0x1301),
      legacyCompressionMethods: Uint8Array.of(0),
      extensions: [{ code: 21, data: new Uint8Array(padding) }],
    });
  return hello(length + 4 - hello(0).length);
}

function inRecords(message: Uint8Array, size: number = maxPlaintextLength): Uint8Array {
  const records: Uint8Array[] = [];
  for (let at = 0; at < message.length; at += size) records.push(record(22, message.subarray(at, at + size)));
  return concat(...records);
}

function serverNameOf(found: FoundClientHello | undefined): string | undefined {
  return found && hostNameIn(extensionIn(found.hello, serverNameList) ?? []);
}

describe("the ClientHello of a stream", () => {
  const flight = firstFlight();

  it("is read with what it is for", () => {
    const found = readClientHello(flight);
    expect(serverNameOf(found)).toBe("host.example");
    expect(found && extensionIn(found.hello, applicationLayerProtocolNegotiation)).toEqual(
      ["h2", "http/1.1"].map(asciiBytes),
    );
    expect(found?.consumed).toBe(flight.length);
    expect(found?.message).toEqual(flight.subarray(recordHeaderLength));
  });

  it("is not there as long as one byte is missing", () => {
    for (let length = 0; length < flight.length; length += 1) {
      expect(readClientHello(flight.subarray(0, length))).toBeUndefined();
    }
  });

  it("may come byte by byte, in records of one byte each", () => {
    const stream = inRecords(flight.subarray(recordHeaderLength), 1);
    const reader = new ClientHelloReader();
    const answers = Array.from(stream, (byte) => reader.push(Uint8Array.of(byte)));
    expect(answers.slice(0, -1).every((answer) => answer === undefined)).toBe(true);
    expect(serverNameOf(answers.at(-1))).toBe("host.example");
    expect(answers.at(-1)?.consumed).toBe(stream.length);
  });

  it("ends where its last record ends, whatever is behind that", () => {
    const early = record(23, new Uint8Array(100));
    expect(readClientHello(concat(flight, early))?.consumed).toBe(flight.length);
    expect(readClientHello(concat(flight, asciiBytes("no record")))?.consumed).toBe(flight.length);
  });

  it("is read though an extension of no interest is malformed", () => {
    const hello = decodeMessage(RawClientHello, flight.subarray(recordHeaderLength));
    const extensions = hello.extensions?.map(({ code, data }) => ({
      code,
      data: code === 51 ? data.subarray(1) : data,
    }));
    const message = encodeMessage(RawClientHello, { ...hello, extensions });
    expect(() => decodeMessage(ClientHello, message)).toThrow("key_share");
    expect(serverNameOf(readClientHello(inRecords(message)))).toBe("host.example");
  });

  it("may be as long as messageLimits.ClientHello, and no byte longer, which its header tells", () => {
    const longest = inRecords(helloOf(messageLimits.ClientHello));
    expect(readClientHello(longest)?.consumed).toBe(longest.length);
    const tooLong = helloOf(messageLimits.ClientHello + 1);
    expect(() => readClientHello(record(22, tooLong.subarray(0, 4)))).toThrow(
      expect.objectContaining({ code: "message_too_long", alert: Alert.internalError }),
    );
  });
});

describe("a stream is refused", () => {
  it.each([
    ["that isn't TLS", asciiBytes("garbage"), "unknown_record_type", Alert.unexpectedMessage],
    ["of plain HTTP", asciiBytes("GET / HTTP/1.1\r\n"), "http_request", undefined],
    ["in the form of SSL 2.0", Uint8Array.of(0x80, 0x2e, 1, 3, 1), "ssl_2_client_hello", Alert.protocolVersion],
    ["that begins with an alert", record(21, Uint8Array.of(2, 40)), "unexpected_record", Alert.unexpectedMessage],
    ["that begins with data", record(23, new Uint8Array(20)), "unexpected_record", Alert.unexpectedMessage],
    ["that begins with change_cipher_spec", record(20, Uint8Array.of(1)), "unexpected_record", Alert.unexpectedMessage],
    ["that begins with an empty record", record(22, new Uint8Array(0)), "unexpected_record", Alert.unexpectedMessage],
    ["with a record too long", Uint8Array.of(22, 3, 1, 0x40, 1), "record_overflow", Alert.recordOverflow],
    [
      "that begins with another message",
      record(22, Uint8Array.of(HandshakeType.finished, 0, 0, 0)),
      "unexpected_message",
      Alert.unexpectedMessage,
    ],
    ["with a ClientHello cut short", record(22, Uint8Array.of(1, 0, 0, 1, 3)), "decode_error", Alert.decodeError],
  ])("%s", (_name, bytes, code, alert) => {
    expect(() => readClientHello(bytes)).toThrow(expect.objectContaining({ kind: "peer", code, alert }));
  });

  it("in the middle of a ClientHello, once and for all", () => {
    const reader = new ClientHelloReader();
    reader.push(record(22, Uint8Array.of(1, 0, 0, 100)));
    expect(() => reader.push(record(21, Uint8Array.of(2, 40)))).toThrow("alert came where a ClientHello was expected");
    expect(() => reader.push(new Uint8Array(1))).toThrow(expect.objectContaining({ code: "client_hello_over" }));
  });

  it("that has been read", () => {
    const reader = new ClientHelloReader();
    expect(reader.push(firstFlight())).toBeDefined();
    expect(() => reader.push(new Uint8Array(1))).toThrow(
      expect.objectContaining({ kind: "caller", code: "client_hello_over" }),
    );
  });
});
