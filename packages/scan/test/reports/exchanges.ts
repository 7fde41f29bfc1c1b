import {
  Certificate,
  ClientHello,
  clientShares,
  EcdheServerKeyExchange,
  EncryptedExtensions,
  encodeMessage,
  extension,
  Finished,
  type MessageType,
  namedCurve,
  ServerHello,
  ServerHelloDone,
  selectedVersion,
  serverNameList,
  serverShare,
  supportedGroups,
  supportedVersions,
  Tls12Certificate,
} from "@tlskit/messages";
import { asciiBytes } from "@tlskit/wire";
import type { Evidence } from "../../src/facts.ts";
import type { SeenMessage } from "../../src/probe/answer.ts";

const random = new Uint8Array(32).fill(0x5a);
const share = { group: 29, keyExchange: new Uint8Array(32).fill(0xc1) };
const certificate = new Uint8Array(300).fill(0x30);

function handshake<T>(from: SeenMessage["from"], type: MessageType<T>, message: T): SeenMessage {
  return { from, type: "handshake", bytes: encodeMessage(type, message) };
}

function clientHello(versions: readonly number[]): SeenMessage {
  return handshake("client", ClientHello, {
    legacyVersion: 0x0303,
    random,
    legacySessionId: new Uint8Array(0),
    cipherSuites: [0x1301, 0xc02b],
    legacyCompressionMethods: Uint8Array.of(0),
    extensions: [
      extension(serverNameList, [{ nameType: 0, name: asciiBytes("example.com") }]),
      extension(supportedGroups, [29, 23]),
      extension(supportedVersions, versions),
      extension(clientShares, [share]),
    ],
  });
}

function serverHello(version: number, cipherSuite: number): SeenMessage {
  return handshake("server", ServerHello, {
    legacyVersion: Math.min(version, 0x0303),
    random,
    legacySessionIdEcho: new Uint8Array(0),
    cipherSuite,
    legacyCompressionMethod: 0,
    extensions: version === 0x0304 ? [extension(selectedVersion, version), extension(serverShare, share)] : [],
  });
}

/** A handshake of TLS 1.3 as far as a probe reads it. */
export const flightOfTls13: Evidence = {
  about: "a hello that offers TLS 1.3",
  messages: [
    clientHello([0x0304]),
    serverHello(0x0304, 0x1301),
    handshake("server", EncryptedExtensions, { extensions: [] }),
    handshake("server", Certificate, {
      certificateRequestContext: new Uint8Array(0),
      certificateList: [{ certData: certificate, extensions: [] }],
    }),
    handshake("server", Finished, { verifyData: new Uint8Array(32) }),
  ],
};

/** The same of TLS 1.2, with ECDHE. */
export const flightOfTls12: Evidence = {
  about: "a hello that offers TLS 1.2",
  messages: [
    clientHello([0x0303]),
    serverHello(0x0303, 0xc02b),
    handshake("server", Tls12Certificate, { certificateList: [certificate] }),
    handshake("server", EcdheServerKeyExchange, {
      params: { curveType: namedCurve, namedCurve: 29, public: share.keyExchange },
      signedParams: { algorithm: 0x0403, signature: new Uint8Array(70).fill(0x51) },
    }),
    handshake("server", ServerHelloDone, null),
  ],
};

/** A hello that is refused. */
export const refusalOfTls11: Evidence = {
  about: "a hello that offers TLS 1.1",
  messages: [clientHello([0x0302]), { from: "server", type: "alert", bytes: Uint8Array.of(2, 70) }],
};

/** What isn't TLS, and what can't be read. */
export const oddMessages: Evidence = {
  about: "a hello of SSL 2.0",
  messages: [
    { from: "client", type: "ssl2", bytes: Uint8Array.of(1, 0, 2, 0, 3, 0, 0, 0, 16, 1, 0, 128) },
    { from: "server", type: "unknown", bytes: asciiBytes("HTTP/1.0 400 Bad Request\r\n\r\n") },
    { from: "server", type: "handshake", bytes: Uint8Array.of(2, 0, 0, 5, 3, 3) },
    { from: "server", type: "handshake", bytes: Uint8Array.of(99, 0, 0, 1, 7) },
    { from: "server", type: "application_data", bytes: Uint8Array.of(1, 2, 3) },
    { from: "server", type: "alert", bytes: Uint8Array.of(2) },
  ],
};
