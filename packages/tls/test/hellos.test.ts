import {
  secp256r1,
  TLS_AES_128_GCM_SHA256,
  TLS_AES_256_GCM_SHA384,
  X25519MLKEM768,
  x25519,
} from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  ClientHello,
  clientShares,
  cookie,
  extensionCodes,
  extensionIn,
  HelloRetryRequest,
  ServerHello,
  selectedVersion,
  serverShare,
  signatureAlgorithms,
  supportedGroups,
  supportedVersions,
} from "@tlskit/messages";
import { InMemoryNetwork, scriptedClient, scriptedServer, seededRandom, serverDeviations } from "@tlskit/testing";
import { ClientContext, resumption, ServerContext, TlsClient, TlsServer } from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { only, sent } from "./helpers/sent.ts";
import { Recorder } from "./helpers/under-test.ts";
import { connect, host, now, pair, sharedPki } from "./helpers/world.ts";

const quick = { cipherSuites: [TLS_AES_128_GCM_SHA256], namedGroups: [x25519, secp256r1] };

const groupsOf = (hello: ClientHello): readonly number[] =>
  (extensionIn(hello, clientShares) ?? []).map(({ group }) => group);

describe("a client's hello", () => {
  const helloOf = (options: Parameters<typeof pair>[0] = quick): ClientHello =>
    only(sent(connect(pair(options)).atClient, ClientHello));

  // RFC 9846 §4.2.2#hello-first, §5.1#key-change-alignment-sent
  it("is all that it sends at first, in a record of its own", () => {
    const made = pair(quick);
    made.client.start();
    const { messageType, bytes } = only(made.atClient.traced.filter((event) => event.type === "message"));
    expect(messageType).toBe(ClientHello);
    expect(toHex(only(made.link.left.written).subarray(5))).toBe(toHex(bytes));
  });

  // RFC 9846 §4.2.2#legacy-version-sent, §4.2.2#compression-sent, RFC 9325 §3.3#no-compression
  it("says 0x0303 and no compression, as TLS 1.2 would", () => {
    const { legacyVersion, legacyCompressionMethods } = helloOf();
    expect(legacyVersion).toBe(0x0303);
    expect([...legacyCompressionMethods]).toEqual([0]);
  });

  // RFC 9846 §4.2.2#session-id-compatible, §4.2.2#session-id-plain
  it("has a new session id of 32 bytes if it is to look like TLS 1.2, and else none", () => {
    const ids = [1, 2].map((seed) => helloOf({ ...quick, seed }).legacySessionId);
    expect(ids.map(({ length }) => length)).toEqual([32, 32]);
    expect(ids[0]).not.toEqual(ids[1]);
    expect(helloOf({ ...quick, client: { middleboxCompatibility: false } }).legacySessionId).toHaveLength(0);
  });

  // RFC 9846 §4.3.1#sent, §4.3.3#sent, §9.2#sent-together, §4.3#no-trailing-data-sent, §4.3#no-duplicates
  // RFC 9325 §4.2.1#supported-groups, §4.5#asks-for-sha256
  it("has the extensions that it must have, each once and to the last byte", () => {
    const hello = helloOf();
    expect(extensionIn(hello, supportedVersions)).toEqual([0x0304]);
    expect(extensionIn(hello, signatureAlgorithms)).toContain(0x0403);
    expect(extensionIn(hello, supportedGroups)).toEqual([x25519.code, secp256r1.code]);
    expect(groupsOf(hello)).toEqual([x25519.code]);
    const codes = extensionCodes(hello);
    expect(new Set(codes).size).toBe(codes.length);
  });

  // RFC 9846 §4.3.8#shares-in-order, §4.3.8#one-share-a-group
  it("has its key shares in the order of its groups, one for each, however they were asked for", () => {
    const hello = helloOf({ ...quick, client: { keyShareGroups: [secp256r1, x25519] } });
    expect(groupsOf(hello)).toEqual([x25519.code, secp256r1.code]);
  });

  // RFC 9846 §4.3.8#shares-independent
  it("has an X25519 share beside a hybrid's that isn't the same", () => {
    const shares = extensionIn(helloOf({ ...quick, namedGroups: [X25519MLKEM768, x25519] }), clientShares) ?? [];
    expect(shares.map(({ group }) => group)).toEqual([X25519MLKEM768.code, x25519.code]);
    const [hybrid, alone] = shares.map(({ keyExchange }) => toHex(keyExchange.subarray(-32)));
    expect(hybrid).not.toBe(alone);
  });
});

describe("a client that is asked again", () => {
  const retrying = { ...quick, server: { namedGroups: [secp256r1] } };

  // RFC 9846 §4.2.2#second-hello, §4.3.8#retry-share
  it("sends the same hello with one share, for the group that was asked for", () => {
    const { atClient } = connect(pair(retrying));
    const [first, second, ...others] = sent(atClient, ClientHello);
    if (first === undefined || second === undefined) throw new Error("there are two hellos");
    expect(others).toEqual([]);
    expect(groupsOf(second)).toEqual([secp256r1.code]);
    const shares = first.extensions?.find(({ code }) => code === clientShares.code);
    const fixed = second.extensions?.map((each) => (each.code === clientShares.code ? shares : each));
    expect({ ...second, extensions: fixed }).toEqual(first);
  });

  // RFC 9846 §4.3.2#echoed, §4.3.2#not-kept
  it("gives a cookie back, and keeps none for the next connection", () => {
    const asking = serverDeviations.find(({ name }) => name === "hello_retry_request_with_cookie");
    if (asking === undefined) throw new Error("there is such a deviation");
    const context = new ClientContext({
      resumption,
      provider: nodeProvider,
      random: seededRandom(1),
      clock: () => now,
      anchors: sharedPki().anchors,
    });
    const cookies = [0, 1].map((seed) => {
      const network = new InMemoryNetwork({ now });
      const { left, right } = network.link();
      const client = new TlsClient(context, { host }, new Recorder<unknown>(left.write, left.end));
      const peer = scriptedServer({
        provider: nodeProvider,
        random: seededRandom(seed),
        ciphertext: right.write,
        ended: right.end,
        pki: sharedPki(),
        deviation: asking,
      });
      left.attach(client);
      right.attach(peer);
      peer.start();
      client.start();
      network.run();
      return peer.clientHellos.map(({ extensions }) => extensions.find(({ code }) => code === cookie.code)?.data);
    });
    const echoed = Uint8Array.of(0, 4, 1, 2, 3, 4);
    expect(cookies).toEqual([
      [undefined, echoed],
      [undefined, echoed],
    ]);
  });
});

describe("a server's hello", () => {
  const helloOf = (options: Parameters<typeof pair>[0] = quick): ServerHello =>
    only(sent(connect(pair(options)).atServer, ServerHello));

  // RFC 9846 §4.2.3#legacy-version-sent, §4.2.3#compression-sent, §4.2.3#version-sent, §4.2.3#extensions-sent
  it("says what TLS 1.3 has it say, and nothing that can be protected", () => {
    const hello = helloOf();
    expect([hello.legacyVersion, hello.legacyCompressionMethod]).toEqual([0x0303, 0]);
    expect(extensionIn(hello, selectedVersion)).toBe(0x0304);
    expect(extensionCodes(hello)).toEqual([selectedVersion.code, serverShare.code]);
  });

  // RFC 9846 §4.2.3#random
  it("has a random that its source of randomness gave, whatever the client's is", () => {
    const given: string[] = [];
    const source = seededRandom(3);
    const random = (length: number): Uint8Array => {
      const bytes = source(length);
      given.push(toHex(bytes));
      return bytes;
    };
    const randoms = [1, 2].map((seed) =>
      toHex(helloOf({ ...quick, client: { random: seededRandom(seed) }, server: { random } }).random),
    );
    expect(new Set(randoms).size).toBe(2);
    for (const each of randoms) expect(given).toContain(each);
  });

  // RFC 9846 §4.3.8#share-group
  it("has a share for a group that the client sent one for", () => {
    for (const group of [x25519, secp256r1]) {
      const hello = helloOf({ ...quick, client: { keyShareGroups: [group] } });
      expect(extensionIn(hello, serverShare)?.group).toBe(group.code);
    }
  });

  // RFC 9846 §4.2.1#retry-for-share, §4.2.4#version-sent, §4.2.4#extensions-sent
  it("is a HelloRetryRequest, with nothing that wasn't offered, if there is no share that it wants", () => {
    const { atServer, atClient } = connect(pair({ ...quick, server: { namedGroups: [secp256r1] } }));
    const retry = only(sent(atServer, HelloRetryRequest));
    expect([retry.legacyVersion, retry.legacyCompressionMethod]).toEqual([0x0303, 0]);
    expect(extensionIn(retry, selectedVersion)).toBe(0x0304);
    expect(extensionCodes(retry)).toEqual([selectedVersion.code, clientShares.code]);
    expect(atClient.info?.helloRetryRequest).toBe(true);
  });

  // RFC 9846 §4.2.4#cipher-suite-kept, §4.2.4#version-kept
  it("says the same as the HelloRetryRequest before it", () => {
    for (const cipherSuites of [
      [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384],
      [TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256],
    ]) {
      const options = { ...quick, cipherSuites, server: { namedGroups: [secp256r1] } };
      const atServer = connect(pair(options)).atServer;
      const [retry, hello] = [only(sent(atServer, HelloRetryRequest)), only(sent(atServer, ServerHello))];
      expect(hello.cipherSuite).toBe(cipherSuites[0]?.code);
      expect(retry.cipherSuite).toBe(hello.cipherSuite);
      expect(extensionIn(retry, selectedVersion)).toBe(extensionIn(hello, selectedVersion));
    }
  });

  // RFC 9846 §5.1#key-change-alignment-sent, §5.1#second-hello-version, §5.1#version-sent
  it("has a record of its own, of version 0x0303", () => {
    const made = connect(pair(quick));
    const plain = made.link.right.written.filter(([type]) => type === 22);
    const [hello] = made.atServer.traced.filter((event) => event.type === "message" && event.direction === "sent");
    expect(hello?.type === "message" ? toHex(hello.bytes) : "").toBe(toHex(only(plain).subarray(5)));
    expect([...only(plain).subarray(1, 3)]).toEqual([3, 3]);
  });
});

describe("key shares", () => {
  // RFC 9846 §4.3.8#no-reuse
  it("are new in each connection, from both sides, though the contexts are the same", () => {
    const options = { provider: nodeProvider, random: seededRandom(1), clock: () => now };
    const clientContext = new ClientContext({ resumption, ...options, ...quick, anchors: sharedPki().anchors });
    const serverContext = new ServerContext({ ...options, ...quick, certificates: sharedPki().certificates });
    const shares = [1, 2].flatMap(() => {
      const network = new InMemoryNetwork({ now });
      const { left, right } = network.link();
      const atClient = new Recorder<unknown>(left.write, left.end);
      const atServer = new Recorder<unknown>(right.write, right.end);
      const client = new TlsClient(clientContext, { host }, atClient);
      const server = new TlsServer(serverContext, atServer);
      left.attach(client);
      right.attach(server);
      server.start();
      client.start();
      network.run();
      const hello = only(sent(atServer, ServerHello));
      const offered = (extensionIn(only(sent(atClient, ClientHello)), clientShares) ?? []).map(
        (each) => each.keyExchange,
      );
      return [...offered, extensionIn(hello, serverShare)?.keyExchange ?? new Uint8Array(0)].map(toHex);
    });
    expect(new Set(shares).size).toBe(4);
  });

  // RFC 9846 §4.3.8#peer-reuse
  it("of a peer that repeats them are taken", () => {
    const context = new ServerContext({
      provider: nodeProvider,
      random: seededRandom(1),
      clock: () => now,
      certificates: sharedPki().certificates,
    });
    const shares = [1, 2].map(() => {
      const network = new InMemoryNetwork({ now });
      const { left, right } = network.link();
      const server = new TlsServer(context, new Recorder<unknown>(right.write, right.end));
      // noble makes its keys of the randomness that it is given, so the same seed makes the same share.
      const peer = scriptedClient({
        provider: nobleProvider,
        random: seededRandom(9),
        ciphertext: left.write,
        ended: left.end,
        host,
      });
      right.attach(server);
      left.attach(peer);
      server.start();
      peer.start();
      network.run();
      expect(peer.finishedWasRight).toBe(true);
      return peer.firstHello?.extensions.find(({ code }) => code === clientShares.code)?.data;
    });
    expect(shares[0]).toBeDefined();
    expect(shares[0]).toEqual(shares[1]);
  });
});
