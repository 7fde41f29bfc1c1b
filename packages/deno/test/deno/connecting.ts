/** Clients: whom they believe, what they are told, what is refused. */
import assert from "node:assert/strict";
import { runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { MemorySessionStore } from "@tlskit/sessions";
import { ocspResponse, revokedSince } from "@tlskit/testing";
import { notChecked, TrustAnchors, tls12 } from "@tlskit/tls";
import { createCertificateSync, generatePrivateKeySync } from "@tlskit/x509";
import { connectTls, createClientContext, createServerContext, listenTls, startTls } from "../../src/index.ts";
import {
  bytes,
  clientPki,
  close,
  failsWith,
  identity,
  ourClient,
  ourListener,
  pair,
  pki,
  random,
  rawPair,
  readText,
  serverPem,
  trusting,
} from "./world.ts";

Deno.test("tells what was negotiated and verified", async () => {
  const { client, server } = await pair({ alpnProtocols: ["h2", "http/1.1"] }, { alpnProtocols: ["http/1.1"] });
  const [ofClient, ofServer] = await Promise.all([client.handshake(), server.handshake()]);
  assert.equal(ofClient.alpnProtocol, "http/1.1");
  assert.equal(ofServer.alpnProtocol, "http/1.1");
  assert.equal(ofServer.serverName, "localhost");
  assert.equal(ofClient.version, 0x0304);
  assert.deepEqual(ofClient.peer.leaf.serialNumber, pki.certificate.chain[0]?.serialNumber);
  assert.deepEqual(
    client.exportKeyingMaterial("EXPORTER-test", undefined, 16),
    server.exportKeyingMaterial("EXPORTER-test", undefined, 16),
  );
  assert.deepEqual(client.channelBinding("tls-exporter"), server.channelBinding("tls-exporter"));
  assert.equal(client.info?.cipherSuite, server.info?.cipherSuite);
  await close(client, server);
});

Deno.test("without ALPN there is no application protocol", async () => {
  const { client, server } = await pair();
  assert.equal((await client.handshake()).alpnProtocol, null);
  await close(client, server);
});

Deno.test("speaks TLS 1.2 with who has nothing newer", async () => {
  const { client, server } = await pair({}, { versions: [tls12] });
  assert.equal((await client.handshake()).version, 0x0303);
  await client.write(bytes("hello"));
  assert.equal(await readText(server, 5), "hello");
  assert.throws(() => client.updateKeys(), { code: "no_key_update" });
  await close(client, server);
});

Deno.test("goes over to new keys in the middle of everything", async () => {
  const { client, server } = await pair();
  await client.handshake();
  for (const message of ["one", "two"]) {
    client.updateKeys(true);
    await client.write(bytes(message));
    assert.equal(await readText(server, 3), message);
    await server.write(bytes(message));
    assert.equal(await readText(client, 3), message);
  }
  await close(client, server);
});

Deno.test("believes nobody by whom it wasn't told to", async () => {
  const { client, server } = await pair({ caCerts: [] });
  await failsWith(client.handshake(), "certificate_unknown_issuer");
  await failsWith(client.write(bytes("secret")), "certificate_unknown_issuer");
  await failsWith(server.handshake(), "alert_unknown_ca");
  await failsWith(server.read(new Uint8Array(1)), "alert_unknown_ca");
  await close(client, server);
});

Deno.test("believes nobody under another name", async () => {
  const { client, server } = await pair({ hostname: "example.com" });
  await failsWith(client.handshake(), "certificate_name_mismatch");
  await failsWith(server.handshake(), "alert_bad_certificate");
  await close(client, server);
});

Deno.test("anchors stand for Mozilla's roots, and caCerts come beside them", async () => {
  const others = clientPki;
  const refused = await pair({ anchors: others.anchors, caCerts: undefined });
  // Of the same name, with another key.
  await failsWith(refused.client.handshake(), "certificate_bad_signature");
  const taken = await pair({ anchors: others.anchors });
  await taken.client.handshake();
  await close(refused.client, refused.server, taken.client, taken.server);
});

Deno.test("a server that shows that its certificate was revoked is refused, unless told otherwise", async () => {
  const [leaf] = pki.certificate.chain;
  assert(leaf !== undefined);
  const response = runSync(ocspResponse(pki, leaf, revokedSince(new Date(Date.now() - 60_000))));
  const showing = { ocspResponseFor: () => response };
  const { client, server } = await pair({}, showing);
  await failsWith(client.handshake(), "certificate_revoked");
  await failsWith(server.handshake(), "alert_certificate_revoked");
  const unasked = await pair({ revocation: notChecked }, showing);
  await unasked.client.handshake();
  await close(client, server, unasked.client, unasked.server);
});

Deno.test("an address is verified as one", async () => {
  using listener = ourListener();
  const accepting = listener.accept();
  const client = await ourClient(listener.addr.port, { hostname: "127.0.0.1" });
  const server = await accepting;
  assert.equal((await server.handshake()).serverName, undefined);
  assert.deepEqual(client.remoteAddr, listener.addr);
  assert.deepEqual(server.remoteAddr, client.localAddr);
  await close(client, server);
});

Deno.test({ name: "IPv6 addresses may be in brackets", ignore: !hasIpv6(), fn: inBrackets });

function hasIpv6(): boolean {
  try {
    Deno.listen({ port: 0, hostname: "::1" }).close();
    return true;
  } catch {
    return false;
  }
}

async function inBrackets(): Promise<void> {
  const key = generatePrivateKeySync({ provider: nodeProvider, random });
  const validity = { from: new Date(Date.now() - 60_000) };
  const about = { subject: { commonName: "loopback" }, ipAddresses: ["::1"], validity };
  const certificate = createCertificateSync({ provider: nodeProvider, random, publicKey: key, signer: key, ...about });
  using listener = listenTls({ port: 0, hostname: "[::1]", certificates: [{ chain: [certificate], key }] });
  const accepting = listener.accept();
  const anchors = TrustAnchors.of([certificate]);
  const client = await connectTls({ hostname: "[::1]", port: listener.addr.port, anchors });
  await client.handshake();
  await close(client, await accepting);
}

Deno.test("the application may refuse a server besides", async () => {
  const { client, server } = await pair({
    checkServer: (chain) => {
      throw new Error(`not ${chain.leaf.subject.toString()}`);
    },
  });
  await failsWith(client.handshake(), "internal_error");
  await failsWith(server.handshake(), "alert_internal_error");
  await close(client, server);
});

Deno.test("what Deno refuses comes through as it is", async () => {
  await assert.rejects(connectTls({ ...trusting, hostname: "192.0.2.1", port: 443 }), Deno.errors.NotCapable);
  const signal = AbortSignal.abort();
  await assert.rejects(connectTls({ ...trusting, port: 443, signal }), { name: "AbortError" });
});

Deno.test("nobody listening is Deno's error", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  await assert.rejects(connectTls({ ...trusting, port }), Deno.errors.ConnectionRefused);
});

Deno.test("options that mean nothing are refused by name, before anybody is connected to", async () => {
  const context = createClientContext({ caCerts: [serverPem.ca] });
  const wrong: readonly [options: object, code: string, named: RegExp][] = [
    [{ nonsense: 1 }, "unknown_option", /nonsense/],
    [{ certFile: "cert.pem" }, "unknown_option", /certFile/],
    [{ unsafelyDisableHostnameVerification: true }, "refused_option", /unsafelyDisableHostnameVerification/],
    [{ keyFormat: "der" }, "invalid_argument", /keyFormat/],
    [{ cert: serverPem.cert }, "no_certificates", /key/],
    [{ key: serverPem.key }, "no_certificates", /cert/],
    [{ caCerts: serverPem.ca }, "invalid_argument", /caCerts/],
    [{ caCerts: [serverPem.ca, "no certificate"] }, "no_certificates", /caCerts\[1\]/],
    [{ alpnProtocols: "h2" }, "invalid_argument", /alpnProtocols/],
    [{ port: "443" }, "invalid_argument", /port/],
    [{ port: 65_536 }, "out_of_range", /port/],
    [{ port: -1 }, "out_of_range", /port/],
    [{ hostname: 5 }, "invalid_argument", /hostname/],
    [{ transport: "udp" }, "invalid_argument", /transport/],
    [{ session: "text" }, "invalid_argument", /session/],
    [{ earlyData: { replayable: new Uint8Array(0), outcome: () => {} } }, "out_of_range", /earlyData/],
    [{ context, alpnProtocols: ["h2"] }, "conflicting_options", /alpnProtocols/],
    [{ context: createServerContext(identity) }, "invalid_argument", /context/],
    [{ versions: [] }, "unsupported_choice", /version/],
    [{ anchors: TrustAnchors.of([]), caCerts: [] }, "no_trust_anchors", /anchors/],
  ];
  for (const [options, code, named] of wrong) {
    const error = await failsWith(connectTls({ port: 1, ...options }), code);
    assert.match(error.message, named);
  }
  await assert.rejects(connectTls({ port: 1, cert: serverPem.cert, key: "no key" }), { name: "X509Error" });
  await failsWith(connectTls(Object.assign(Object.create(null))), "invalid_argument");
});

Deno.test("what is wrong with startTls leaves the connection as it was", async () => {
  const [client, server] = await rawPair();
  await failsWith(startTls(client, Object.assign({ ...trusting }, { nonsense: 1 })), "unknown_option");
  await failsWith(startTls(client, { ...trusting, hostname: "no name" }), "invalid_host");
  await client.write(bytes("still there"));
  const into = new Uint8Array(11);
  assert.equal(await server.read(into), 11);
  client.close();
  server.close();
});

Deno.test("calls with the same options share what is made of them, others don't", async () => {
  const sessions = new MemorySessionStore({ clock: Date.now });
  using listener = ourListener();
  const resumed: boolean[] = [];
  for (const options of [{ sessions }, { sessions }, { sessions, alpnProtocols: [] }, {}]) {
    const accepting = listener.accept();
    const client = await ourClient(listener.addr.port, options);
    const server = await accepting;
    await server.write(bytes("x"));
    await readText(client, 1); // what comes before it, a ticket, has been seen then
    resumed.push(client.info?.resumed ?? false);
    await close(client, server);
  }
  assert.deepEqual(resumed.slice(0, 2), [false, true]);
  assert.equal(resumed[3], false);
});

Deno.test("a key log and a trace are those of the connection", async () => {
  const lines: string[] = [];
  const events: string[] = [];
  const { client, server } = await pair({ keyLog: (line) => lines.push(line), trace: ({ type }) => events.push(type) });
  await client.handshake();
  assert.equal(lines.length, 5);
  assert.match(lines[0] ?? "", /^CLIENT_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]{64} [0-9a-f]+$/);
  assert(events.includes("message") && events.includes("keys"));
  await close(client, server);
});

Deno.test("what a callback throws ends the connection, and is told", async () => {
  const thrown = new Error("no room for that");
  const { client, server } = await pair({
    trace: () => {
      throw thrown;
    },
  });
  assert.equal((await failsWith(client.handshake(), "aborted")).cause, thrown);
  await server.handshake().catch(() => undefined);
  await close(client, server);
});
