/** Resumption and early data. */
import assert from "node:assert/strict";
import { createWebProvider } from "@tlskit/crypto-web";
import { MemoryReplayGuard, MemorySessionStore } from "@tlskit/sessions";
import { tls12 } from "@tlskit/tls";
import {
  type ConnectTlsOptions,
  createClientContext,
  createServerContext,
  type EarlyDataOutcome,
  maxUnreadBytes,
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

/** A session of a server that takes its time to make one. */
async function sessionOf(listener: TlsListener): Promise<Uint8Array> {
  const accepting = listener.accept();
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  const client = await ourClient(listener.addr.port, { keepSession: resolve });
  // It is read for as long as somebody waits for something.
  const reading = client.read(new Uint8Array(1)).catch(() => undefined);
  const session = await promise;
  await close(client, await accepting);
  await reading;
  return session;
}

for (const [what, maxSkippedEarlyData, earlyPlaintext] of [
  ["taken", undefined, true],
  ["passed over", 4 * maxUnreadBytes, false],
] as const) {
  const name = `more early data than may wait unread is ${what} all the same, by a provider that answers late`;
  // What WebCrypto was asked for, and nobody waits for any more, may still be under way at the end.
  Deno.test({ name, sanitizeOps: false }, async () => {
    const provider = await createWebProvider(crypto.subtle);
    let early = 0;
    const earlyData = { maxSize: 4 * maxUnreadBytes, guard: { admit: () => true } };
    const context = createServerContext({ ...identity, provider, earlyData, maxSkippedEarlyData });
    const take = ({ length }: Uint8Array): void => {
      early += length;
    };
    using promising = ourListener({ context, earlyPlaintext: take });
    using listener = ourListener({ context, ...(earlyPlaintext ? { earlyPlaintext: take } : {}) });
    const session = await sessionOf(promising);
    const outcomes: EarlyDataOutcome[] = [];
    const accepting = listener.accept();
    const replayable = new Uint8Array(3 * maxUnreadBytes);
    const outcome = (outcome: EarlyDataOutcome): void => void outcomes.push(outcome);
    const client = await ourClient(listener.addr.port, { session, earlyData: { replayable, outcome } });
    const server = await accepting;
    await Promise.all([client.handshake(), server.handshake()]);
    assert.deepEqual([outcomes, early], earlyPlaintext ? [["accepted"], replayable.length] : [["rejected"], 0]);
    await close(client, server);
  });
}
