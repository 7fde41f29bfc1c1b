import { TLS_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { Certificate, EncryptedExtensions, encodeMessage, extensionCodes } from "@tlskit/messages";
import {
  altered,
  type Deviation,
  InMemoryNetwork,
  privateUse,
  RawClientHello,
  type ScriptedClient,
  scriptedClient,
  scriptedServer,
  seededRandom,
  serverDeviations,
  throwawayPki,
} from "@tlskit/testing";
import { ClientContext, resumption, ServerContext, TlsClient, TlsServer } from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { only, sent } from "./helpers/sent.ts";
import { Recorder } from "./helpers/under-test.ts";
import { alpnProtocols, connect, host, now, pair, sharedPki } from "./helpers/world.ts";

const quick = { cipherSuites: [TLS_AES_128_GCM_SHA256], namedGroups: [x25519] };

/** A client that asks for what isn't answered here, beside what is. */
const asking: Deviation<ScriptedClient> = {
  name: "asking_for_more",
  section: "4.3#responses-sent",
  expected: "accepted",
  phase: "handshake",
  apply: altered<ScriptedClient, RawClientHello>("ClientHello", RawClientHello, (hello) => ({
    ...hello,
    extensions: [
      { code: 49, data: new Uint8Array(0) }, // post_handshake_auth
      { code: 45, data: Uint8Array.of(1, 1) }, // psk_key_exchange_modes
      { code: 17, data: Uint8Array.of(0, 7, 2, 0, 4, 0, 0, 0, 0) }, // status_request_v2
      { code: 5, data: Uint8Array.of(1, 0, 0, 0, 0) }, // status_request
      { code: 20, data: Uint8Array.of(1, 1) }, // server_certificate_type: OpenPGP
      { code: privateUse.extension, data: Uint8Array.of(1) },
      ...hello.extensions,
    ],
  })),
};

describe("a server's EncryptedExtensions", () => {
  const codesFor = (made: ReturnType<typeof pair>): readonly number[] =>
    extensionCodes(only(sent(connect(made).atServer, EncryptedExtensions)));

  // RFC 9846 §4.3#responses-sent
  it("answer what the client asked for, and no more", () => {
    const server = { alpnProtocols };
    expect(codesFor(pair({ ...quick, server, client: { alpnProtocols } }))).toEqual([0, 16]);
    expect(codesFor(pair({ ...quick, server }))).toEqual([0]);
    const addressed = throwawayPki(nodeProvider, seededRandom(9), ["127.0.0.1"], now);
    const client = { anchors: addressed.anchors };
    const certificates = addressed.certificates;
    expect(codesFor(pair({ ...quick, host: "127.0.0.1", client, server: { ...server, certificates } }))).toEqual([]);
  });

  // RFC 9846 §4.3.6#never-sent, §4.3.9#never-sent, §4.5.1.1#status-v2-unused, §4.5.1#openpgp
  it("have no answer to what isn't done here, nor have certificates", () => {
    const network = new InMemoryNetwork({ now });
    const { left, right } = network.link();
    const context = new ServerContext({
      provider: nodeProvider,
      random: seededRandom(1),
      clock: () => now,
      certificates: sharedPki().certificates,
    });
    const atServer = new Recorder<unknown>(right.write, right.end);
    const server = new TlsServer(context, atServer);
    const peer = scriptedClient({
      provider: nodeProvider,
      random: seededRandom(2),
      ciphertext: left.write,
      ended: left.end,
      host,
      deviation: asking,
    });
    right.attach(server);
    left.attach(peer);
    server.start();
    peer.start();
    network.run();
    expect(peer.finishedWasRight).toBe(true);
    const codes = extensionCodes(only(sent(atServer, EncryptedExtensions)));
    for (const code of [49, 45, 17, 5, 20, privateUse.extension]) expect(codes).not.toContain(code);
    for (const { extensions } of only(sent(atServer, Certificate)).certificateList) expect(extensions).toEqual([]);
  });
});

describe("a server's certificate", () => {
  // RFC 9846 §4.5.1#sent, §4.5.1#no-context, §4.5.1#leaf-first, §4.5.1#extensions-offered
  it("is sent leaf first, without a context and without extensions", () => {
    const message = only(sent(connect(pair(quick)).atServer, Certificate));
    expect(message.certificateRequestContext).toHaveLength(0);
    const expected = sharedPki().certificate.chain.map(({ der }) => toHex(der));
    expect(message.certificateList.map(({ certData }) => toHex(certData))).toEqual(expected);
    expect(message.certificateList.flatMap(({ extensions }) => extensions)).toEqual([]);
  });
});

describe("a client", () => {
  const against = (name: string) => {
    const network = new InMemoryNetwork({ now });
    const { left, right } = network.link();
    const context = new ClientContext({
      resumption,
      provider: nodeProvider,
      random: seededRandom(1),
      clock: () => now,
      anchors: sharedPki().anchors,
    });
    const atClient = new Recorder<unknown>(left.write, left.end);
    const client = new TlsClient(context, { host }, atClient);
    const peer = scriptedServer({
      provider: nodeProvider,
      random: seededRandom(2),
      ciphertext: right.write,
      ended: right.end,
      pki: sharedPki(),
      deviation: serverDeviations.find((deviation) => deviation.name === name),
    });
    left.attach(client);
    right.attach(peer);
    peer.start();
    client.start();
    network.run();
    return { atClient, peer };
  };

  // RFC 9846 §4.5.1#sent-if-asked, §4.5.1#empty-if-none, §4.5.1#finished-anyway
  it("that is asked for a certificate sends an empty one, and Finished; otherwise Finished alone", () => {
    const asked = against("certificate_request");
    expect(asked.peer.messages).toEqual(["client_hello", "certificate", "finished"]);
    expect(asked.peer.finishedWasRight).toBe(true);
    const empty = encodeMessage(Certificate, only(sent(asked.atClient, Certificate)));
    expect(toHex(empty)).toBe("0b00000400000000");
    const plain = against("nothing_odd");
    expect(plain.peer.messages).toEqual(["client_hello", "finished"]);
    expect(plain.peer.finishedWasRight).toBe(true);
  });
});
