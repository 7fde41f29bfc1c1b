/** Servers: what no client can do to them, and whom they show which certificate. */
import assert from "node:assert/strict";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import {
  acceptTls,
  createServerContext,
  listenTls,
  type ServerTlsConn,
  startTls,
  TlsListener,
} from "../../src/index.ts";
import {
  bytes,
  close,
  failsWith,
  identity,
  ourClient,
  ourListener,
  pki,
  random,
  rawPair,
  readText,
  serverPem,
} from "./world.ts";

/** A TCP connection to a listener of ours, that says nothing by itself. */
async function silent(port: number): Promise<Deno.TcpConn> {
  return await Deno.connect({ port, hostname: "127.0.0.1" });
}

Deno.test("a client that says nothing holds up nobody, and is cut off", async () => {
  using listener = ourListener({ handshakeTimeout: 20 });
  const quiet = await silent(listener.addr.port);
  const unspoken = await listener.accept();
  listener.context = createServerContext(identity);
  const accepting = listener.accept();
  const client = await ourClient(listener.addr.port);
  const server = await accepting;
  await client.handshake();
  await failsWith(unspoken.read(new Uint8Array(1)), "handshake_timeout");
  await failsWith(unspoken.handshake(), "handshake_timeout");
  await server.write(bytes("hello"));
  assert.equal(await readText(client, 5), "hello");
  quiet.close();
  await close(client, server, unspoken);
});

Deno.test("a client that is cut off isn't waited for by a handler that nobody wrote", async () => {
  using listener = ourListener({ handshakeTimeout: 20 });
  const quiet = await silent(listener.addr.port);
  const conn = await listener.accept();
  // Nobody has asked for anything, and nobody closes it: it is closed, and no rejection is left over.
  await conn.closed;
  quiet.close();
});

Deno.test("one that speaks no TLS is told nothing, and the listener goes on", async () => {
  using listener = ourListener();
  const accepting = (async () => {
    const conns: ServerTlsConn[] = [];
    for await (const conn of listener) {
      conns.push(conn);
      if (conns.length === 3) break;
    }
    return conns;
  })();
  const http = await silent(listener.addr.port);
  await http.write(bytes("GET / HTTP/1.1\r\n\r\n"));
  const gone = await silent(listener.addr.port);
  gone.close();
  const client = await ourClient(listener.addr.port);
  await client.handshake();
  const conns = await accepting;
  const said = await Promise.all(
    conns.map((conn) =>
      conn.handshake().then(
        () => "done",
        ({ code }) => code,
      ),
    ),
  );
  assert.deepEqual(said.toSorted(), ["done", "http_request", "truncated"]);
  assert.equal(await http.read(new Uint8Array(10)), null);
  http.close();
  await close(client, ...conns);
});

Deno.test("shows each client the certificate for the name that it asks for", async () => {
  const other = throwawayPki(nodeProvider, random, ["other.example"], Date.now());
  using listener = ourListener({ certificates: [pki.certificate, other.certificate] });
  for (const [hostname, anchors] of [
    ["localhost", pki.anchors],
    ["other.example", other.anchors],
  ] as const) {
    const accepting = listener.accept();
    const raw = await silent(listener.addr.port);
    const client = await startTls(raw, { hostname, anchors });
    const server = await accepting;
    assert.equal((await client.handshake()).serverName, hostname);
    assert.equal((await server.handshake()).serverName, hostname);
    await close(client, server);
  }
});

Deno.test("chooses what a client gets by its hello", async () => {
  const special = createServerContext({ ...identity, alpnProtocols: ["special"] });
  const common = createServerContext({
    ...identity,
    contextFor: ({ alpnProtocols = [] }) => (alpnProtocols.includes("special") ? special : common),
  });
  using listener = ourListener({ context: common });
  const accepting = listener.accept();
  const client = await ourClient(listener.addr.port, { alpnProtocols: ["special"] });
  assert.equal((await client.handshake()).alpnProtocol, "special");
  await close(client, await accepting);
});

Deno.test("goes over to another certificate for connections to come", async () => {
  const newer = throwawayPki(nodeProvider, random, ["localhost"], Date.now());
  using listener = ourListener();
  const first = listener.accept();
  const before = await ourClient(listener.addr.port);
  await before.handshake();
  listener.context = createServerContext({ certificates: newer.certificates });
  const second = listener.accept();
  const after = await ourClient(listener.addr.port, { anchors: newer.anchors });
  await after.handshake();
  assert.throws(() => Object.assign(listener, { context: {} }), { code: "invalid_argument" });
  await close(before, after, await first, await second);
});

Deno.test("a closed listener accepts nobody, and its connections go on", async () => {
  const listener = ourListener();
  const accepting = listener.accept();
  const client = await ourClient(listener.addr.port);
  const server = await accepting;
  const iterating = (async () => {
    for await (const _ of listener) assert.fail("nobody came");
  })();
  listener.close();
  listener.close();
  await iterating;
  await assert.rejects(listener.accept(), Deno.errors.BadResource);
  await server.write(bytes("still here"));
  assert.equal(await readText(client, 10), "still here");
  await close(client, server);
});

Deno.test("a process without room for another connection waits for it, and clients that are gone are passed over", async () => {
  const [rawClient, rawServer] = await rawPair();
  const shortage = Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
  const failures = [shortage, new Deno.errors.ConnectionAborted(), new Deno.errors.ConnectionReset()];
  const raw = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const failing: Deno.TcpListener = {
    addr: raw.addr,
    accept: async () => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return rawServer;
    },
    close: () => raw.close(),
    ref: () => raw.ref(),
    unref: () => raw.unref(),
    [Symbol.dispose]: () => raw.close(),
    [Symbol.asyncIterator]: () => raw[Symbol.asyncIterator](),
  };
  const listener = new TlsListener(failing, createServerContext(identity), {});
  const server = await listener.accept();
  const client = await startTls(rawClient, { hostname: "localhost", anchors: pki.anchors });
  await Promise.all([client.handshake(), server.handshake()]);
  listener.close();
  await close(client, server);
});

Deno.test("a place that is taken is Deno's error", () => {
  using listener = ourListener();
  assert.throws(
    () => listenTls({ ...identity, hostname: "127.0.0.1", port: listener.addr.port }),
    Deno.errors.AddrInUse,
  );
});

Deno.test("options that mean nothing are refused by name, before anything is listened to", () => {
  const context = createServerContext(identity);
  const wrong: readonly [options: object, code: string, named: RegExp][] = [
    [{ ...identity, nonsense: 1 }, "unknown_option", /nonsense/],
    [{ ...identity, certFile: "cert.pem" }, "unknown_option", /certFile/],
    [{ ...identity, caCerts: [serverPem.ca] }, "unknown_option", /caCerts/],
    [{ ...identity, keyFormat: "der" }, "invalid_argument", /keyFormat/],
    [{ cert: identity.cert }, "no_certificates", /key/],
    [{}, "no_certificates", /certificate/],
    [{ ...identity, port: "443" }, "invalid_argument", /port/],
    [{ ...identity, hostname: 5 }, "invalid_argument", /hostname/],
    [{ ...identity, tcpBacklog: "1" }, "invalid_argument", /tcpBacklog/],
    [{ ...identity, transport: "unix" }, "invalid_argument", /transport/],
    [{ ...identity, tickets: "some" }, "invalid_argument", /tickets/],
    [{ ...identity, trace: 1 }, "invalid_argument", /trace/],
    [{ ...identity, context }, "conflicting_options", /cert/],
    [{ context: {} }, "invalid_argument", /context/],
  ];
  for (const [options, code, named] of wrong) {
    assert.throws(() => listenTls({ port: 0, hostname: "127.0.0.1", ...options }), { code, message: named });
  }
  assert.throws(() => listenTls({ port: 0, cert: identity.cert, key: "no key" }), { name: "X509Error" });
});

Deno.test("what is wrong with acceptTls leaves the connection as it was", async () => {
  const [client, server] = await rawPair();
  const context = createServerContext(identity);
  assert.throws(() => acceptTls(server, Object.assign({ context }, { cert: "" })), { code: "unknown_option" });
  assert.throws(() => acceptTls(Object.assign({}), { context }), { code: "invalid_argument" });
  await server.write(bytes("x"));
  assert.equal(await client.read(new Uint8Array(1)), 1);
  client.close();
  server.close();
});

Deno.test("a trace tells of which connection it is", async () => {
  const conns = new Set<unknown>();
  using listener = ourListener({ trace: (_, conn) => conns.add(conn) });
  const accepting = listener.accept();
  const client = await ourClient(listener.addr.port);
  const server = await accepting;
  await Promise.all([client.handshake(), server.handshake()]);
  assert.deepEqual([...conns], [server]);
  await close(client, server);
});
