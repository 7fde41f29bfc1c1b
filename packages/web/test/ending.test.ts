import { nobleProvider } from "@tlskit/crypto-noble";
import { seededRandom } from "@tlskit/testing";
import { Alert } from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { accept, connect, createClientContext, lingerTime, maxLingerBytes, type TlsSocket } from "../src/index.ts";
import { codeOf, failure, read, say, text, turns, write } from "./helpers/streams.ts";
import { type Wire, wire } from "./helpers/wire.ts";
import { clientContext, opened, type Pair, pair, providers, serverContext } from "./helpers/world.ts";

/** The streams below are nobody's any more, and have ended. */
async function expectReleased({ client, server, toServer, toClient }: Wire): Promise<void> {
  await turns();
  for (const { readable, writable } of [client, server]) {
    expect([readable.locked, writable.locked]).toEqual([false, false]);
  }
  for (const pipe of [toServer, toClient]) expect(pipe.isClosed || pipe.aborted !== undefined).toBe(true);
}

/** What a socket ends with: the kind and code of its error, or nothing. */
async function outcome({ closed }: TlsSocket<never> | Pair["client"] | Pair["server"]): Promise<string | undefined> {
  try {
    await closed;
    return undefined;
  } catch {
    const { kind, code } = await failure(closed);
    return `${kind}: ${code}`;
  }
}

describe.each(providers)("in order, by $name", (provider) => {
  test("a close_notify ends readable alone", async () => {
    const { client, server } = await opened({ provider });
    await client.writable.close();
    expect(await text(server.readable)).toBe("");
    await write(server.writable, "still open");
    expect(await read(client.readable, 10)).toBe("still open");
  });

  test("when both have ended the streams below are closed and nobody's", async () => {
    const made = await opened({ provider });
    const { client, server } = made;
    await Promise.all([say(client.writable, "x"), say(server.writable, "y")]);
    expect([await text(client.readable), await text(server.readable)]).toEqual(["y", "x"]);
    await Promise.all([client.closed, server.closed]);
    await expectReleased(made.wire);
  });

  test("the end waits for the handshake, and comes behind what was written before", async () => {
    const { client, server } = await pair({ provider });
    const writer = client.writable.getWriter();
    void writer.write(asciiBytes("before it has opened"));
    const ending = writer.close();
    expect(await text(server.readable)).toBe("before it has opened");
    await ending;
  });

  test("who cancels readable can still write, and what comes is dropped", async () => {
    const { client, server } = await opened({ provider });
    await client.readable.cancel();
    await write(server.writable, "x".repeat(1_000_000));
    await write(client.writable, "still writing");
    expect(await read(server.readable, 13)).toBe("still writing");
  });

  test("who has cancelled the one and closed the other doesn't wait for the peer", async () => {
    const { client, server } = await opened({ provider });
    await client.readable.cancel();
    await client.writable.close();
    await client.closed;
    expect(await text(server.readable)).toBe("");
  });

  test("who has closed the one and cancels the other doesn't either", async () => {
    const { client } = await opened({ provider });
    await client.writable.close();
    await client.readable.cancel();
    await client.closed;
  });
});

describe.each(providers)("by close, by $name", (provider) => {
  test("the peer gets a close_notify behind what was written, whoever doesn't wait for its", async () => {
    const made = await opened({ provider });
    const { client, server } = made;
    await write(client.writable, "all of it");
    const reading = codeOf(text(client.readable));
    await client.close();
    expect(await reading).toBe("closed");
    expect(await text(server.readable)).toBe("all of it");
    expect(await codeOf(write(client.writable, "x"))).toBe("closed");
    await server.close();
    await expectReleased(made.wire);
  });

  test("a write that isn't done is cut short, and the peer doesn't take it for whole", async () => {
    const { client, server } = await opened({ provider });
    const reason = new RangeError("enough");
    const writer = client.writable.getWriter();
    const [writing, waiting] = [
      failure(writer.write(new Uint8Array(1_000_000))),
      failure(writer.write(asciiBytes("x"))),
    ];
    const reading = failure(text(client.readable));
    await client.close(reason);
    expect(await writing).toMatchObject({ code: "closed", cause: reason });
    expect(await waiting).toMatchObject({ code: "closed", cause: reason });
    expect(await reading).toMatchObject({ code: "closed", cause: reason });
    expect(await codeOf(text(server.readable))).toBe("alert_internal_error");
    expect(await outcome(server)).toBe("alert: alert_internal_error");
  });

  test("also a write that was made in the same turn", async () => {
    const { client, server } = await opened({ provider });
    const writing = codeOf(client.writable.getWriter().write(asciiBytes("x")));
    await client.close();
    expect(await writing).toBe("closed");
    expect(await codeOf(text(server.readable))).toBe("alert_internal_error");
  });

  test("the handshake is given up", async () => {
    const { client, server } = await pair({ provider });
    const opening = failure(client.opened);
    await client.close("no more");
    expect(await opening).toMatchObject({ kind: "caller", code: "closed", cause: "no more" });
    expect(await outcome(server)).toBe("alert: closed_during_handshake");
  });

  test("a handshake that hasn't begun doesn't begin", async () => {
    const { client: stream, toServer } = wire();
    const client = connect(stream, await clientContext({ provider }), { host: "server.example" });
    await client.close();
    expect(await codeOf(client.opened)).toBe("closed");
    expect(toServer.bytes).toHaveLength(0);
    expect(toServer.isClosed).toBe(true);
  });

  test("a second time is the first", async () => {
    const { client } = await opened({ provider });
    expect(client.close()).toBe(client.closed);
    expect(client.close("again")).toBe(client.closed);
    await client.closed;
    await client.close();
  });

  test("behind an orderly end of the peer's, what it said is whole", async () => {
    const { client, server } = await opened({ provider });
    await say(server.writable, "all of it");
    expect(await text(client.readable)).toBe("all of it");
    await client.close();
    expect(await text(server.readable)).toBe("");
    await server.closed;
  });
});

describe.each(providers)("with an error, by $name", (provider) => {
  test("who aborts writable sends an alert, and ends both directions", async () => {
    const made = await opened({ provider });
    const { client, server } = made;
    const reason = new RangeError("can't go on");
    const reading = failure(text(client.readable));
    await client.writable.abort(reason);
    expect(await reading).toMatchObject({ kind: "caller", code: "aborted", alert: Alert.internalError, cause: reason });
    expect(await outcome(client)).toBe("caller: aborted");
    expect(await codeOf(text(server.readable))).toBe("alert_internal_error");
    expect(await outcome(server)).toBe("alert: alert_internal_error");
    await expectReleased(made.wire);
  });

  test("also while a write waits for a peer that doesn't read", async () => {
    const { client } = await opened({ provider });
    const writer = client.writable.getWriter();
    const writing = codeOf(writer.write(new Uint8Array(4_000_000)));
    await writer.abort("enough");
    expect(await writing).toBe("aborted");
    expect(await outcome(client)).toBe("caller: aborted");
  });

  test("what is no bytes ends it as aborting does", async () => {
    const { client, server } = await opened({ provider });
    const writer = (client.writable as WritableStream<unknown>).getWriter(); // as JavaScript sees it
    expect(await failure(writer.write("text"))).toMatchObject({
      code: "invalid_argument",
      message: "chunk is a string, not a Uint8Array",
    });
    expect(await outcome(client)).toBe("caller: aborted");
    expect(await codeOf(text(server.readable))).toBe("alert_internal_error");
  });

  test("a stream that ends without a close_notify is cut off, behind what came before", async () => {
    const made = await opened({ provider });
    const { client, server } = made;
    await write(server.writable, "half of an ans");
    await made.wire.toClient.end();
    const reader = client.readable.getReader();
    expect((await reader.read()).value).toEqual(asciiBytes("half of an ans"));
    expect(await failure(reader.read())).toMatchObject({ kind: "truncation", code: "truncated" });
    expect(await codeOf(reader.read())).toBe("truncated");
    expect(await codeOf(write(client.writable, "x"))).toBe("truncated");
    expect(await outcome(client)).toBe("truncation: truncated");
  });

  test("what came is still there to be read when nobody had read before it was cut off", async () => {
    const made = await opened({ provider });
    const { client, server } = made;
    for (const piece of ["half ", "of ", "an ans"]) await write(server.writable, piece);
    await made.wire.toClient.end();
    expect(await outcome(client)).toBe("truncation: truncated");
    const reader = client.readable.getReader();
    let got = "";
    const code = await codeOf(
      (async () => {
        for (;;) got += new TextDecoder().decode((await reader.read()).value);
      })(),
    );
    expect([got, code]).toEqual(["half of an ans", "truncated"]);
  });

  test("an end in the middle of the handshake fails it", async () => {
    const made = await pair({ provider });
    await made.wire.toClient.end();
    expect(await failure(made.client.opened)).toMatchObject({ kind: "truncation", code: "truncated" });
  });

  test("who says so takes a truncation for an end, and can still write", async () => {
    const made = await opened({ provider, connect: { dangerouslyAcceptTruncation: true } });
    const { client, server } = made;
    await write(server.writable, "an answer");
    await made.wire.toClient.end();
    expect(await text(client.readable)).toBe("an answer");
    await say(client.writable, "still writing");
    expect(await text(server.readable)).toBe("still writing");
    await client.closed;
  });

  test("a handshake that is cut off fails even so", async () => {
    const made = await pair({ provider, connect: { dangerouslyAcceptTruncation: true } });
    await made.wire.toClient.end();
    expect(await codeOf(made.client.opened)).toBe("truncated");
  });

  test.each([false, true])(
    "what fails below is told, behind what came before (truncation accepted: %s)",
    async (dangerouslyAcceptTruncation) => {
      const made = await opened({ provider, connect: { dangerouslyAcceptTruncation } });
      const { client, server } = made;
      await write(server.writable, "half");
      expect(await read(client.readable, 4)).toBe("half");
      const cause = new RangeError("the cable was pulled");
      made.wire.toClient.failReading(cause);
      expect(await failure(client.closed)).toMatchObject({ kind: "truncation", code: "transport_failed", cause });
      expect(await codeOf(text(client.readable))).toBe("transport_failed");
      expect(await codeOf(write(client.writable, "x"))).toBe("transport_failed");
      expect(made.wire.client.readable.locked).toBe(false);
    },
  );

  test("a callback that throws ends it", async () => {
    const reason = new RangeError("no room for a key log");
    const { client, server } = await pair({
      provider,
      connect: {
        keyLog: () => {
          throw reason;
        },
      },
    });
    expect(await failure(client.opened)).toMatchObject({ kind: "caller", code: "aborted", cause: reason });
    expect((await failure(server.opened)).kind).toBe("alert");
  });
});

// With noble, which answers at once, nothing but microtasks and these timers is waited for.
describe("limits of time", () => {
  const provider = nobleProvider;

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("a handshake that takes too long is given up", async () => {
    const { client: stream } = wire();
    const client = connect(stream, await clientContext({ provider, handshakeTimeout: 5_000 }), {
      host: "server.example",
    });
    const opening = failure(client.opened);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(client.info).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(await opening).toMatchObject({ kind: "timeout", code: "handshake_timeout" });
    await vi.runAllTimersAsync();
    expect(vi.getTimerCount()).toBe(0);
    expect(stream.readable.locked).toBe(false);
  });

  test("by the context's clock, however that goes", async () => {
    let time = 1_000_000;
    const { server: stream } = wire();
    const context = await serverContext({ provider, handshakeTimeout: 5_000, clock: () => time });
    const server = accept(stream, context);
    const opening = codeOf(server.opened);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(stream.readable.locked).toBe(true);
    time += 5_000;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await opening).toBe("handshake_timeout");
  });

  test("no timer is left behind a handshake, nor behind an end", async () => {
    const { client, server } = await opened({ provider });
    expect(vi.getTimerCount()).toBe(0);
    await Promise.all([client.close(), text(server.readable)]);
    await Promise.all([server.close(), client.closed]);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("what can't be written fails the socket, if nothing has come that tells why", async () => {
    const made = await opened({ provider });
    const cause = new RangeError("broken pipe");
    made.wire.toServer.failWriting(cause);
    const writing = failure(write(made.client.writable, "x"));
    expect(await writing).toMatchObject({ code: "transport_failed", cause });
    let isOver = false;
    made.client.closed.catch(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(lingerTime - 1);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome(made.client)).toBe("truncation: transport_failed");
    expect(vi.getTimerCount()).toBe(0);
    expect([made.wire.client.readable.locked, made.wire.client.writable.locked]).toEqual([false, false]);
  });

  test("the alert that tells why is waited for, where a write learns first that the peer has gone", async () => {
    const made = await opened({ provider });
    made.wire.toServer.failWriting(new RangeError("broken pipe"));
    const writing = codeOf(write(made.client.writable, "x"));
    await made.server.writable.abort("the server can't go on");
    expect(await writing).toBe("transport_failed");
    expect(await outcome(made.client)).toBe("alert: alert_internal_error");
    expect(made.wire.client.readable.locked).toBe(false);
  });

  test("a peer that never reads doesn't keep a socket that is closed", async () => {
    const made = await opened({ provider });
    const writing = codeOf(made.client.writable.getWriter().write(new Uint8Array(4_000_000)));
    await vi.advanceTimersByTimeAsync(0);
    const closing = made.client.close();
    await vi.advanceTimersByTimeAsync(lingerTime);
    await closing;
    expect(await writing).toBe("closed");
    expect(made.wire.toServer.aborted).toBeDefined();
    await vi.runAllTimersAsync();
    expect(made.wire.client.readable.locked).toBe(false);
  });

  test("behind an alert the peer has some time to hang up, and not more", async () => {
    const { client: stream, server: peer, toClient, toServer } = wire();
    const client = connect(stream, await clientContext({ provider }), { host: "server.example" });
    await peer.writable.getWriter().write(Uint8Array.of(0x16, 3, 3, 0xff, 0xff)); // no record is so long
    expect((await failure(client.opened)).kind).toBe("peer");
    await vi.advanceTimersByTimeAsync(lingerTime - 1);
    expect([toServer.isClosed, toClient.cancelled]).toEqual([true, undefined]);
    await vi.advanceTimersByTimeAsync(1);
    expect(toClient.cancelled).toBeDefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});

test("a peer that goes on sending behind an alert is cut off", async () => {
  const { client: stream, server: peer, toClient } = wire();
  const client = connect(stream, await clientContext({ provider: nobleProvider }), { host: "server.example" });
  const writer = peer.writable.getWriter();
  const garbage = new Uint8Array(64 * 1024).fill(0x16);
  await writer.write(garbage);
  expect((await failure(client.opened)).kind).toBe("peer");
  let sent = 0;
  for (; sent < 4 * maxLingerBytes && toClient.cancelled === undefined; sent += garbage.length) {
    await writer.write(garbage);
  }
  expect(sent).toBeLessThan(2 * maxLingerBytes);
});

test("nobody is asked for randomness, and nothing is begun, where a context is made", async () => {
  vi.useFakeTimers();
  const random = vi.fn(seededRandom(1));
  const clock = vi.fn(() => 0);
  await createClientContext({ anchors: (await clientContext()).trust.anchors, random, clock });
  expect([random.mock.calls, clock.mock.calls, vi.getTimerCount()]).toEqual([[], [], 0]);
  vi.useRealTimers();
});
