/** Deno's own TLS at the other end. */
import assert from "node:assert/strict";
import { acceptTls, createServerContext, startTls } from "../../src/index.ts";
import {
  bytes,
  clientPem,
  clientPki,
  close,
  failsWith,
  identity,
  ourClient,
  ourListener,
  readAll,
  readText,
  serverPem,
  trusting,
} from "./world.ts";

const large = "0123456789abcdef".repeat(100_000);

/** A question and an answer, large ones, and both ends. */
async function talk(client: Deno.TlsConn, server: Deno.TlsConn): Promise<void> {
  const heard = new Response(server.readable).text();
  const writing = (async () => {
    const all = bytes(large);
    for (let at = 0; at < all.length; ) at += await client.write(all.subarray(at));
    await client.closeWrite();
  })();
  assert.equal(await heard, large);
  await writing;
}

Deno.test("our client and Deno's server", async () => {
  using listener = Deno.listenTls({ port: 0, hostname: "127.0.0.1", ...identity, alpnProtocols: ["one", "two"] });
  const accepting = listener.accept();
  const client = await ourClient(listener.addr.port, { alpnProtocols: ["two"] });
  const server = await accepting;
  assert.equal((await client.handshake()).alpnProtocol, "two");
  assert.equal((await server.handshake()).alpnProtocol, "two");
  await server.write(bytes("hello"));
  assert.equal(await readText(client, 5), "hello");
  await talk(client, server);
  assert.equal(await readAll(client), "");
  await close(client);
});

Deno.test("Deno's client and our server", async () => {
  using listener = ourListener({ alpnProtocols: ["two", "one"] });
  const accepting = listener.accept();
  const client = await Deno.connectTls({ ...trusting, port: listener.addr.port, alpnProtocols: ["one", "two"] });
  const server = await accepting;
  assert.equal((await server.handshake()).alpnProtocol, "two");
  assert.equal((await client.handshake()).alpnProtocol, "two");
  await server.write(bytes("hello"));
  assert.equal(await readText(client, 5), "hello");
  await talk(client, server);
  await server.closeWrite();
  assert.equal(await client.read(new Uint8Array(1)), null);
  client.close();
  await close(server);
});

Deno.test("Deno's client shows its certificate to our server", async () => {
  using listener = ourListener({ clientCertificates: { demand: "required", anchors: clientPki.anchors } });
  const accepting = listener.accept();
  const mine = { cert: clientPem.cert, key: clientPem.key };
  const client = await Deno.connectTls({ ...trusting, port: listener.addr.port, ...mine });
  const server = await accepting;
  await client.handshake();
  assert.deepEqual((await server.handshake()).peer?.leaf.der, clientPki.certificate.chain[0]?.der);
  client.close();
  await close(server);
});

Deno.test("Deno's client begins TLS on a connection that was spoken over before", async () => {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const [raw, rawServer] = await Promise.all([
    Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port }),
    listener.accept(),
  ]);
  await raw.write(bytes("STARTTLS\r\n"));
  assert.equal(await readText(rawServer, 10), "STARTTLS\r\n");
  const server = acceptTls(rawServer, { context: createServerContext(identity) });
  const client = await Deno.startTls(raw, { hostname: "localhost", caCerts: [serverPem.ca] });
  await client.write(bytes("hello"));
  assert.equal(await readText(server, 5), "hello");
  client.close();
  await close(server);
});

Deno.test("our client begins TLS on a connection that was spoken over before", async () => {
  using listener = Deno.listenTls({ port: 0, hostname: "127.0.0.1", ...identity });
  const accepting = listener.accept();
  const raw = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  const client = await startTls(raw, trusting);
  const server = await accepting;
  await Promise.all([client.handshake(), server.handshake()]);
  server.close();
  // Deno's says close_notify when it is closed.
  assert.equal(await readAll(client), "");
  await close(client);
});

Deno.test("each refuses the other where it isn't whom it says", async () => {
  using theirs = Deno.listenTls({ port: 0, hostname: "127.0.0.1", ...identity });
  const accepting = theirs.accept();
  const client = await ourClient(theirs.addr.port, { caCerts: [clientPem.ca] });
  const server = await accepting;
  const refused = server.handshake().catch((error: unknown) => error);
  await assert.rejects(client.handshake(), { name: "TlsError" });
  assert((await refused) instanceof Deno.errors.InvalidData);
  server.close();
  await close(client);

  using ours = ourListener();
  const second = ours.accept();
  const stranger = await Deno.connectTls({ hostname: "localhost", port: ours.addr.port });
  const asked = stranger.handshake().catch((error: unknown) => error);
  const told = await second;
  assert.equal((await failsWith(told.handshake(), "alert_unknown_ca")).kind, "alert");
  assert((await asked) instanceof Deno.errors.InvalidData);
  stranger.close();
  await close(told);
});
