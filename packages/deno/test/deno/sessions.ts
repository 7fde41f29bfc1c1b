/** Resumption and early data. */
import assert from "node:assert/strict";
import { MemoryReplayGuard, MemorySessionStore } from "@tlskit/sessions";
import { tls12 } from "@tlskit/tls";
import {
  type ConnectTlsOptions,
  createClientContext,
  createServerContext,
  type EarlyDataOutcome,
  type TlsListener,
} from "../../src/index.ts";
import { bytes, close, identity, ourClient, ourListener, readText, serverPem, text } from "./world.ts";

/** Connects, waits for the server's tickets, and leaves. */
async function visit(listener: TlsListener, options: Partial<ConnectTlsOptions> = {}): Promise<{ resumed: boolean }> {
  const accepting = listener.accept();
  const client = await ourClient(listener.addr.port, options);
  const server = await accepting;
  await server.write(bytes("x"));
  assert.equal(await readText(client, 1), "x");
  const { resumed = false } = client.info ?? {};
  assert.equal(server.info?.resumed, resumed);
  await close(client, server);
  return { resumed };
}

for (const versions of [undefined, [tls12]]) {
  const name = versions === undefined ? "TLS 1.3" : "TLS 1.2";

  Deno.test(`a session that was kept is resumed: ${name}`, async () => {
    using listener = ourListener({ versions });
    const kept: Uint8Array[] = [];
    assert.deepEqual(await visit(listener, { keepSession: (session) => kept.push(session) }), { resumed: false });
    const session = kept.at(-1);
    assert(session !== undefined);
    assert.deepEqual(await visit(listener, { session }), { resumed: true });
    assert.deepEqual(await visit(listener, { session, requireFullHandshake: true }), { resumed: false });
    assert.deepEqual(await visit(listener, { session: session.slice(1) }), { resumed: false });
  });

  Deno.test(`a store keeps sessions and gives them: ${name}`, async () => {
    using listener = ourListener({ versions });
    const context = createClientContext({
      caCerts: [serverPem.ca],
      sessions: new MemorySessionStore({ clock: Date.now }),
    });
    assert.deepEqual(await visit(listener, { context }), { resumed: false });
    assert.deepEqual(await visit(listener, { context }), { resumed: true });
    assert.deepEqual(await visit(listener, { context, sessionsFor: "another place" }), { resumed: false });
  });

  Deno.test(`a server without tickets resumes nothing: ${name}`, async () => {
    using listener = ourListener({ versions, tickets: false });
    const context = createClientContext({
      caCerts: [serverPem.ca],
      sessions: new MemorySessionStore({ clock: Date.now }),
    });
    await visit(listener, { context });
    assert.deepEqual(await visit(listener, { context }), { resumed: false });
  });
}

/** A server that takes early data, and a session for it. */
async function servingEarly(): Promise<{ listener: TlsListener; session: Uint8Array; early: string[] }> {
  const early: string[] = [];
  // It was made a minute ago: in its first seconds it declines all, since it can't know what came before it.
  let ago = 60_000;
  const guard = new MemoryReplayGuard({ clock: () => Date.now() - ago });
  ago = 0;
  const context = createServerContext({ ...identity, earlyData: { maxSize: 1000, guard } });
  const listener = ourListener({ context, earlyPlaintext: (data) => early.push(text(data)) });
  const kept: Uint8Array[] = [];
  await visit(listener, { keepSession: (session) => kept.push(session) });
  const session = kept.at(-1);
  assert(session !== undefined);
  return { listener, session, early };
}

Deno.test("early data comes before the handshake is done, apart from all else", async () => {
  const { listener, session, early } = await servingEarly();
  const outcomes: EarlyDataOutcome[] = [];
  const accepting = listener.accept();
  const earlyData = { replayable: bytes("GET /"), outcome: (outcome: EarlyDataOutcome) => outcomes.push(outcome) };
  const client = await ourClient(listener.addr.port, { session, earlyData });
  const server = await accepting;
  await client.write(bytes("behind it"));
  assert.equal(await readText(server, 9), "behind it");
  assert.deepEqual([early, outcomes], [["GET /"], ["accepted"]]);
  await close(client, server);
  listener.close();
});

Deno.test("early data that isn't taken is given back, once", async () => {
  const { listener, early } = await servingEarly();
  const given: [string, string][] = [];
  const accepting = listener.accept();
  const outcome = (outcome: EarlyDataOutcome, data: Uint8Array) => given.push([outcome, text(data)]);
  // There is no session to send it under.
  const client = await ourClient(listener.addr.port, { earlyData: { replayable: bytes("GET /"), outcome } });
  await client.handshake();
  assert.deepEqual([early, given], [[], [["not_sent", "GET /"]]]);
  await close(client, await accepting);
  listener.close();
});
