/** Reading, writing, streams, and every way in which a connection ends. */
import assert from "node:assert/strict";
import { tls12 } from "@tlskit/tls";
import { acceptTls, createServerContext, startTls } from "../../src/index.ts";
import {
  bytes,
  close,
  failsWith,
  identity,
  ourClient,
  ourListener,
  pair,
  rawPair,
  readAll,
  readText,
  text,
  trusting,
} from "./world.ts";

for (const versions of [undefined, [tls12]]) {
  const name = versions === undefined ? "TLS 1.3" : "TLS 1.2";

  Deno.test(`what is written before the handshake is done goes behind it: ${name}`, async () => {
    const { client, server } = await pair({ versions });
    const writing = Promise.all([client.write(bytes("hello, ")), client.write(bytes("world")), client.closeWrite()]);
    assert.equal(await readAll(server), "hello, world");
    await writing;
    await close(client, server);
  });

  Deno.test(`a connection that ended in order in both directions closes itself: ${name}`, async () => {
    const { client, server } = await pair({ versions });
    await client.write(bytes("bye"));
    await Promise.all([client.closeWrite(), server.closeWrite()]);
    assert.equal(await readAll(server), "bye");
    assert.equal(await readAll(client), "");
    await Promise.all([client.closed, server.closed]);
    client.close();
    server.close();
  });

  Deno.test(`close takes leave behind what was written: ${name}`, async () => {
    const { client, server } = await pair({ versions });
    await client.write(bytes("all of it"));
    client.close();
    assert.equal(await readAll(server), "all of it");
    await close(client, server);
  });
}

Deno.test("a write that nobody waited for goes before the end", async () => {
  const { client, server } = await pair();
  await client.handshake();
  client.write(bytes("in a hurry"));
  client.close();
  assert.equal(await readAll(server), "in a hurry");
  await close(client, server);
});

Deno.test("close cuts a long write short, and the peer doesn't take it for whole", async () => {
  const { client, server } = await pair();
  await Promise.all([client.handshake(), server.handshake()]);
  const writing = client.write(new Uint8Array(64 * 1024 * 1024));
  await server.read(new Uint8Array(1));
  client.close();
  await failsWith(writing, "closed");
  const error = await readAll(server).catch((error: unknown) => error);
  assert(error instanceof Error, "the peer took it for whole");
  await close(client, server);
});

Deno.test("after close everything fails, and closing again is no error", async () => {
  const { client, server } = await pair();
  await client.handshake();
  const waiting = client.read(new Uint8Array(1));
  client.close();
  client.close();
  await failsWith(waiting, "closed");
  await failsWith(client.read(new Uint8Array(1)), "closed");
  await failsWith(client.write(bytes("x")), "closed");
  await failsWith(client.closeWrite(), "closed");
  await close(client, server);
});

Deno.test("close during the handshake gives it up, and the peer is told", async () => {
  const { client, server } = await pair();
  const shaking = client.handshake();
  client.close();
  await failsWith(shaking, "closed");
  await server.handshake().then(
    () => assert.fail("the handshake was given up"),
    () => undefined,
  );
  await close(client, server);
});

Deno.test("close during the handshake, with something written, isn't taken for an end", async () => {
  const { client, server } = await pair();
  server.write(bytes("never sent")).catch(() => undefined);
  server.close();
  await assert.rejects(readAll(client), { name: "TlsError" });
  await close(client, server);
});

Deno.test("leaving a scope closes a connection and a listener", async () => {
  const { server, client } = await pair();
  {
    using scoped = client;
    await scoped.handshake();
    using _listener = ourListener();
  }
  assert.equal(await readAll(server), "");
  await close(client, server);
});

Deno.test("readers that wait get what comes in the order in which they asked", async () => {
  const { client, server } = await pair();
  const [first, second, third] = [new Uint8Array(3), new Uint8Array(3), new Uint8Array(9)];
  const reading = Promise.all([client.read(first), client.read(second), client.read(third)]);
  await server.write(bytes("123456789"));
  assert.deepEqual(await reading, [3, 3, 3]);
  assert.equal(`${text(first)} ${text(second)} ${text(third.subarray(0, 3))}`, "123 456 789");
  assert.equal(await client.read(new Uint8Array(0)), 0);
  await close(client, server);
});

Deno.test("both directions are streams", async () => {
  const { client, server } = await pair();
  const echo = server.readable.pipeTo(server.writable);
  const sent = "0123456789".repeat(100_000);
  const [heard] = await Promise.all([
    new Response(client.readable).text(),
    new Blob([sent]).stream().pipeTo(client.writable),
  ]);
  assert.equal(heard, sent);
  await echo;
  await Promise.all([client.closed, server.closed]);
});

Deno.test("a reader may bring its own buffer", async () => {
  const { client, server } = await pair();
  const reader = client.readable.getReader({ mode: "byob" });
  const reading = reader.read(new Uint8Array(10));
  await server.write(bytes("hello"));
  const { value } = await reading;
  assert.equal(text(value ?? new Uint8Array(0)), "hello");
  const last = reader.read(new Uint8Array(10));
  await server.closeWrite();
  assert.equal((await last).done, true);
  await close(client, server);
});

Deno.test("who cancels reading may write, and who closes writing besides has closed", async () => {
  const { client, server } = await pair();
  await client.readable.cancel();
  await server.write(bytes("for nobody"));
  await client.write(bytes("hello"));
  assert.equal(await readText(server, 5), "hello");
  await client.writable.close();
  assert.equal(await readAll(server), "");
  await close(server);
  await client.closed;
});

Deno.test("aborting writable tells the peer that something is missing", async () => {
  const { client, server } = await pair();
  const writer = client.writable.getWriter();
  writer.closed.catch(() => undefined);
  await writer.write(bytes("half of"));
  const reason = new Error("the other half is lost");
  await writer.abort(reason);
  assert.equal((await failsWith(client.read(new Uint8Array(1)), "aborted")).cause, reason);
  assert.equal(await readText(server, 7), "half of");
  await failsWith(server.read(new Uint8Array(1)), "alert_internal_error");
  await close(client, server);
});

Deno.test("aborting writable without a reason takes leave, if everything was written", async () => {
  const { client, server } = await pair();
  const writer = client.writable.getWriter();
  writer.closed.catch(() => undefined);
  await writer.write(bytes("all of it"));
  await writer.abort();
  assert.equal(await readAll(server), "all of it");
  await close(client, server);
});

Deno.test("aborting writable without a reason is no leave where something was dropped", async () => {
  const { client, server } = await pair();
  const writer = client.writable.getWriter();
  await Promise.all([client.handshake(), server.handshake()]);
  const writing = [bytes("something"), bytes("dropped")].map((chunk) => writer.write(chunk));
  for (const promise of [writer.closed, ...writing]) promise.catch(() => undefined);
  await writer.abort();
  await readText(server, 9);
  await failsWith(server.read(new Uint8Array(1)), "alert_internal_error");
  await close(client, server);
});

Deno.test("streams fail as the connection does", async () => {
  const { client, server, rawClient } = await pair();
  await Promise.all([client.handshake(), server.handshake()]);
  const [reader, writer] = [server.readable.getReader(), server.writable.getWriter()];
  rawClient.close();
  await assert.rejects(reader.read(), { name: "TlsError", kind: "truncation" });
  await assert.rejects(writer.closed, { name: "TlsError", kind: "truncation" });
  await close(client, server);
});

Deno.test("a cut is an error behind what came before it", async () => {
  const { client, server, rawClient } = await pair();
  await client.write(bytes("the beginning"));
  await rawClient.closeWrite();
  assert.equal(await readText(server, 13), "the beginning");
  await failsWith(server.read(new Uint8Array(1)), "truncated");
  await failsWith(server.write(bytes("x")), "truncated");
  await close(client, server);
});

Deno.test("a cut is an end for who says so, and what is written still goes", async () => {
  const [rawClient, rawServer] = await rawPair();
  const server = acceptTls(rawServer, { context: createServerContext(identity), dangerouslyAcceptTruncation: true });
  const client = await startTls(rawClient, trusting);
  await client.write(bytes("no goodbye"));
  await rawClient.closeWrite();
  assert.equal(await readAll(server), "no goodbye");
  await server.write(bytes("heard"));
  assert.equal(await readText(client, 5), "heard");
  await close(server, client);
});

Deno.test("what fails below comes through as the cause", async () => {
  const { client, server, rawClient } = await pair();
  await Promise.all([client.handshake(), server.handshake()]);
  const reading = client.read(new Uint8Array(1));
  rawClient.close();
  const { cause, kind } = await failsWith(reading, "transport_failed");
  assert(cause instanceof Error && kind === "truncation");
  await failsWith(client.write(bytes("x")), "transport_failed");
  await close(client, server);
});

Deno.test("everything that a connection of Deno's has, ours has", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const [theirs, accepted] = await Promise.all([
    Deno.connect({ port: listener.addr.port, hostname: "127.0.0.1" }),
    listener.accept(),
  ]);
  const ours = ourListener();
  const client = await ourClient(ours.addr.port);
  const members = (value: object | null): readonly PropertyKey[] =>
    value === null || value === Object.prototype
      ? []
      : [...Reflect.ownKeys(value), ...members(Object.getPrototypeOf(value))];
  // Of TCP alone; and a listener of Deno's is its own iterator, which its declaration doesn't say.
  const apart = ["setNoDelay", "setKeepAlive", "next", "return"];
  const isPublic = (name: PropertyKey): boolean => typeof name === "string" && !apart.includes(name);
  const shared: readonly [object, object][] = [
    [theirs, client],
    [listener, ours],
  ];
  for (const [deno, own] of shared) {
    const missing = members(deno).filter((name) => isPublic(name) && !(name in own));
    assert.deepEqual(missing, []);
    assert(Symbol.dispose in own);
  }
  await close(client, await ours.accept());
  for (const conn of [theirs, accepted, listener, ours]) conn.close();
});
