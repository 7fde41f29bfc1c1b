import { encodeMessage, RawClientHello, ServerHello } from "@tlskit/messages";
import { ContentType } from "@tlskit/record";
import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { pair } from "./helpers/world.ts";

const random = new Uint8Array(32).fill(1);
const protocolVersion = { kind: "peer", alert: Alert.protocolVersion };

function record(type: ContentType, version: number, content: Uint8Array): Uint8Array {
  const header = Uint8Array.of(type, version >> 8, version & 0xff, content.length >> 8, content.length & 0xff);
  return concat(header, content);
}

/** What a client sends that has nothing later than this version, with extensions of its time. */
function clientHello(version: number, recordVersion: number = 0x0301): Uint8Array {
  const hello = encodeMessage(RawClientHello, {
    legacyVersion: version,
    random,
    legacySessionId: new Uint8Array(0),
    cipherSuites: [0xc013, 0x002f, 0x000a],
    legacyCompressionMethods: Uint8Array.of(0),
    extensions: [
      { code: 10, data: Uint8Array.of(0, 2, 0, 23) },
      { code: 11, data: Uint8Array.of(1, 0) },
    ],
  });
  return record(ContentType.handshake, recordVersion, hello);
}

function serverHello(version: number): Uint8Array {
  const hello = encodeMessage(ServerHello, {
    legacyVersion: version,
    random,
    legacySessionIdEcho: new Uint8Array(0),
    cipherSuite: 0xc013,
    legacyCompressionMethod: 0,
    extensions: [],
  });
  return record(ContentType.handshake, version, hello);
}

/** What a server makes of bytes. */
function atServer(bytes: Uint8Array): unknown {
  const { server, atServer } = pair();
  server.start();
  server.receive(bytes);
  return atServer.outcome;
}

/** What a client makes of bytes that answer its hello. */
function atClient(bytes: Uint8Array): unknown {
  const { client, atClient } = pair();
  client.start();
  client.receive(bytes);
  return atClient.outcome;
}

describe("a server that hasn't the client's version", () => {
  // RFC 5246 §E.1#older-version, RFC 8996 §4#answered, §4#not-answered, §5#answered, §5#not-answered, RFC 9325 §3.1.1#no-ssl, RFC 7627 §6.4#no-ssl3
  it.each([
    ["SSL 3.0", 0x0300],
    ["TLS 1.0", 0x0301],
    ["TLS 1.1", 0x0302],
  ])("says protocol_version to %s", (_name, version) => {
    expect(atServer(clientHello(version))).toMatchObject(protocolVersion);
  });

  // RFC 5246 §E.1#record-version, RFC 8996 §4#record-version
  it.each([0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x03ff])("reads a hello in a record of version %i", (version) => {
    expect(atServer(clientHello(0x0301, version))).toMatchObject(protocolVersion);
  });

  // RFC 9325 §3.1.1#no-ssl
  it("refuses a hello in the form of SSL 2.0", () => {
    const body = concat(Uint8Array.of(1, 3, 1, 0, 3, 0, 0, 0, 16, 0, 0, 0x2f), new Uint8Array(16));
    const hello = concat(Uint8Array.of(0x80, body.length), body);
    expect(atServer(hello)).toMatchObject({ ...protocolVersion, code: "ssl_2_client_hello" });
  });
});

describe("a client that hasn't the server's version", () => {
  // RFC 5246 §E.1#version-checked, RFC 8996 §4#answered, §4#not-used, §5#answered, §5#not-used, RFC 9325 §3.1.1#no-ssl, RFC 7627 §6.4#no-ssl3
  it.each([
    ["SSL 3.0", 0x0300],
    ["TLS 1.0", 0x0301],
    ["TLS 1.1", 0x0302],
  ])("says protocol_version to %s", (_name, version) => {
    expect(atClient(serverHello(version))).toMatchObject(protocolVersion);
  });

  // RFC 9325 §3.1.1#no-ssl
  it("refuses a hello in the form of SSL 2.0", () => {
    const hello = concat(Uint8Array.of(0x80, 11, 4, 0, 1, 0, 2), asciiBytes("certif"));
    expect(atClient(hello)).toMatchObject({ ...protocolVersion, code: "ssl_2_server_hello" });
  });
});
