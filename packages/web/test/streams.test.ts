import { Duplex, duplexPair } from "node:stream";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  ClientContext,
  ExternalPsk,
  PskClient,
  PskClientContext,
  type PskClientInfo,
  TlsClient,
  TlsError,
  TrustAnchors,
} from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import {
  accept,
  type ConnectOptions,
  connect,
  createClientContext,
  createServerContext,
  type ServerContextOptions,
  TlsSocket,
} from "../src/index.ts";
import { codeOf, failure, read, say, text, turns, write } from "./helpers/streams.ts";
import { wire } from "./helpers/wire.ts";
import { clientContext, host, opened, pki, serverContext } from "./helpers/world.ts";

const provider = nobleProvider;

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof TlsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new TypeError("it wasn't refused");
}

describe("readable is a stream of bytes", () => {
  test("a reader may bring its own buffer, and gets it back at the end", async () => {
    const { client, server } = await opened({ provider });
    const reader = client.readable.getReader({ mode: "byob" });
    const reading = reader.read(new Uint8Array(3));
    await write(server.writable, "abcde");
    expect((await reading).value).toEqual(asciiBytes("abc"));
    expect((await reader.read(new Uint8Array(10))).value).toEqual(asciiBytes("de"));
    const last = reader.read(new Uint8Array(10));
    await server.writable.close();
    expect(await last).toMatchObject({ done: true, value: new Uint8Array(0) });
  });

  test("several reads at once get what comes one after the other", async () => {
    const { client, server } = await opened({ provider });
    const reader = client.readable.getReader();
    const [first, second] = [reader.read(), reader.read()];
    await write(server.writable, "one");
    await write(server.writable, "two");
    expect((await first).value).toEqual(asciiBytes("one"));
    expect((await second).value).toEqual(asciiBytes("two"));
  });

  test("it can be piped into writable: an echo", async () => {
    const { client, server } = await opened({ provider });
    const echo = server.readable.pipeTo(server.writable);
    await say(client.writable, "say it again");
    expect(await text(client.readable)).toBe("say it again");
    await echo;
    await Promise.all([client.closed, server.closed]);
  });

  test("the providers' buffers are handed over, not what they share with others", async () => {
    const { nodeProvider } = await import("@tlskit/crypto-node");
    const { client, server } = await opened({ provider: nodeProvider });
    for (let i = 10; i < 30; i += 1) await write(server.writable, `${i};`);
    expect(await read(client.readable, 20 * 3)).toMatch(/^10;11;.*;28;29;$/);
  });

  test("without streams of type bytes it is an ordinary one", async () => {
    const Own = globalThis.ReadableStream;
    // As a runtime that is too old has it.
    globalThis.ReadableStream = new Proxy(Own, {
      construct: (target, [source, strategy]: [UnderlyingSource, QueuingStrategy]) => {
        if (source.type !== undefined) throw new RangeError("type");
        return new target(source, strategy);
      },
    });
    try {
      const { client, server } = await opened({ provider });
      expect(() => client.readable.getReader({ mode: "byob" })).toThrow();
      await say(server.writable, "all the same");
      expect(await text(client.readable)).toBe("all the same");
    } finally {
      globalThis.ReadableStream = Own;
    }
  });
});

describe("the stream below", () => {
  test("is locked from the beginning", async () => {
    const { client: stream } = wire();
    connect(stream, await clientContext({ provider }), { host });
    expect([stream.readable.locked, stream.writable.locked]).toEqual([true, true]);
  });

  test.each(["readable", "writable"] as const)(
    "whose %s is somebody else's is refused, and left as it is",
    async (side) => {
      const { client: stream } = wire();
      const context = await clientContext({ provider });
      if (side === "readable") stream.readable.getReader();
      else stream.writable.getWriter();
      expect(refusal(() => connect(stream, context, { host }))).toMatch(/^locked_stream: /);
      const other = side === "readable" ? "writable" : "readable";
      expect(stream[other].locked).toBe(false);
    },
  );

  test("is left as it is where the options are wrong", async () => {
    const { client: stream } = wire();
    const context = await clientContext({ provider });
    expect(refusal(() => connect(stream, context, { host: "" }))).toMatch(/^invalid_host: /);
    expect([stream.readable.locked, stream.writable.locked]).toEqual([false, false]);
  });

  test("that gives something else than bytes fails", async () => {
    const { writable } = wire().client;
    const readable = new ReadableStream<unknown>({ start: (controller) => controller.enqueue("text") });
    const stream = { readable: readable as ReadableStream<Uint8Array>, writable }; // as JavaScript sees it
    const socket = connect(stream, await clientContext({ provider }), { host });
    expect(await failure(socket.opened)).toMatchObject({
      code: "transport_failed",
      message: "the stream below failed: what the stream gives is a string, not a Uint8Array",
    });
  });
});

describe("streams of other kinds, without a cast", () => {
  test("Node's", async () => {
    const [one, other] = duplexPair();
    const streams = { client: Duplex.toWeb(one), server: Duplex.toWeb(other) };
    const { client, server } = await opened({ provider, streams });
    const echo = server.readable.pipeTo(server.writable);
    await say(client.writable, "through Duplexes");
    expect(await text(client.readable)).toBe("through Duplexes");
    await Promise.all([echo, client.closed, server.closed]);
  });

  test("TLS in TLS", async () => {
    const outside = await opened({ provider });
    const { client, server } = await opened({ provider, streams: outside });
    const sent = "x".repeat(300_000);
    const [got] = await Promise.all([text(server.readable), say(client.writable, sent)]);
    expect(got).toBe(sent);
    await say(server.writable, "and back");
    expect(await text(client.readable.pipeThrough(new TransformStream()))).toBe("and back");
    await Promise.all([client.closed, server.closed, outside.client.closed, outside.server.closed]);
  });
});

describe("memory that somebody takes away", () => {
  test("of what the stream below is given, is its to take", async () => {
    const between = wire();
    const toServer = between.client.writable.getWriter();
    const taking = new WritableStream<Uint8Array>({
      write: async (chunk) => {
        await toServer.write(structuredClone(chunk, { transfer: [chunk.buffer] }));
      },
    });
    const client = { readable: between.client.readable, writable: taking };
    const { client: socket, server } = await opened({ provider, streams: { client, server: between.server } });
    const sent = "x".repeat(1_000_000);
    const [got] = await Promise.all([text(server.readable), say(socket.writable, sent)]);
    expect(got).toBe(sent);
  });

  test("of what is being written ends the connection", async () => {
    const { client, server } = await opened({ provider });
    const chunk = new Uint8Array(4_000_000);
    const writing = client.writable.getWriter().write(chunk);
    writing.catch(() => undefined);
    await turns();
    structuredClone(chunk, { transfer: [chunk.buffer] });
    expect(await codeOf(text(server.readable))).toBe("alert_internal_error");
    await expect(writing).rejects.toThrow();
    expect(await codeOf(client.closed)).toBe("aborted");
  });
});

describe("arguments", () => {
  const anything = JSON.parse("{}");

  test.each<[string, object, string]>([
    ["an unknown option", { host, alpn: ["h2"] }, 'unknown_option: target has no option "alpn"'],
    ["a key log that is none", { host, keyLog: "stdout" }, "invalid_argument: keyLog is a string, not a function"],
    ["no host", {}, "invalid_argument: host is undefined, not a string"],
    [
      "early data that is none",
      { host, earlyData: asciiBytes("x") },
      "invalid_argument: earlyData is not early data: earlyData.replayable is undefined, not a Uint8Array",
    ],
    [
      "early data of nothing",
      { host, earlyData: { replayable: new Uint8Array(0), outcome: () => {} } },
      "out_of_range: earlyData.replayable is empty: there is nothing that could become of it",
    ],
  ])("%s is refused by connect", async (_name, options, expected) => {
    const context = await clientContext({ provider });
    expect(refusal(() => connect(wire().client, context, options as ConnectOptions))).toBe(expected); // as JavaScript
  });

  test("a stream, a context and options that are none are refused", async () => {
    const [atClient, atServer] = [await clientContext({ provider }), await serverContext({ provider })];
    expect(refusal(() => connect(anything, atClient, { host }))).toMatch(/^invalid_argument: stream is not a stream/);
    expect(refusal(() => connect(wire().client, anything, { host }))).toMatch(
      /^invalid_argument: context is an object/,
    );
    expect(refusal(() => accept(wire().server, anything))).toMatch(/^invalid_argument: context is an object/);
    expect(refusal(() => accept(wire().server, atServer, JSON.parse('{"alpn":1}')))).toBe(
      'unknown_option: accept has no option "alpn"',
    );
    expect(refusal(() => TlsSocket.over(wire().client, () => anything, JSON.parse('{"host":1}')))).toBe(
      'unknown_option: TlsSocket.over has no option "host"',
    );
  });

  test("a client has to say whom it trusts, a server has to have a certificate", async () => {
    expect(await codeOf(createClientContext(anything))).toBe("invalid_argument");
    expect(await codeOf(createClientContext({ anchors: TrustAnchors.of([]) }))).toBe("no_trust_anchors");
    expect(await codeOf(createServerContext({ certificates: [] }))).toBe("no_certificates");
    expect(await codeOf(createServerContext(undefined as unknown as ServerContextOptions))).toBe("invalid_argument"); // as JavaScript
  });

  test("what completes WebCrypto has no meaning beside a provider", async () => {
    const { anchors } = pki;
    expect(await codeOf(createClientContext({ anchors, provider, besides: provider }))).toBe("conflicting_options");
    const { keyExchanges } = (await createClientContext({ anchors, besides: provider })).settings.provider;
    expect(keyExchanges[0]?.name).toBe("X25519MLKEM768");
  });
});

describe("contexts by WebCrypto", () => {
  const { anchors, certificate } = pki;
  const certificates = [certificate];

  test("have one provider, and another one where something else is besides", async () => {
    const first = await createClientContext({ anchors });
    const second = await createServerContext({ certificates });
    const other = await createClientContext({ anchors, besides: provider });
    expect(second.settings.provider).toBe(first.settings.provider);
    expect(other.settings.provider).not.toBe(first.settings.provider);
  });

  test("so that a server can choose a context for each client", async () => {
    const chosen = await createServerContext({ certificates, alpnProtocols: ["chosen"] });
    const server = { certificates: [], contextFor: () => chosen };
    const { client: stream, server: streamOfServer } = wire();
    const socket = connect(stream, await createClientContext({ anchors, alpnProtocols: ["chosen"] }), { host });
    accept(streamOfServer, await createServerContext(server));
    expect((await socket.opened).alpn).toBe("chosen");
  });
});

describe("over any connection of @tlskit/tls", () => {
  const psk = new ExternalPsk({ identity: asciiBytes("a page"), key: new Uint8Array(32).fill(7) });
  const own = { provider, random: (length: number) => crypto.getRandomValues(new Uint8Array(length)), clock: Date.now };

  test("a client with a pre-shared key", async () => {
    const { client: stream, server } = wire();
    const context = new PskClientContext({ ...own, externalPsks: [psk] });
    const socket = TlsSocket.over<PskClientInfo>(stream, (handlers) => new PskClient(context, { host }, handlers));
    const other = accept(server, await serverContext({ provider, certificates: [], externalPsks: [psk] }));
    const [atClient, atServer] = await Promise.all([socket.opened, other.opened]);
    expect([atClient.externalPsk, atServer.externalPsk]).toEqual([psk, psk]);
    expect(atClient.peer).toBeUndefined();
  });

  test.each<[string, Partial<ConnectOptions>]>([
    ["sessions", { keepSession: () => {} }],
    ["early data", { earlyData: { replayable: asciiBytes("x"), outcome: () => {} } }],
  ])("without what resumes sessions it has no %s", async (_, options) => {
    const context = await clientContext({ provider, resumption: undefined });
    expect(refusal(() => connect(wire().client, context, { host, ...options }))).toMatch(/^no_resumption/);
  });

  test("with a clock of its own", async () => {
    const { client: stream } = wire();
    const context = new ClientContext({ ...own, clock: () => 0, anchors: pki.anchors });
    const socket = TlsSocket.over(stream, (handlers) => new TlsClient(context, { host }, handlers), { clock: () => 0 });
    await socket.close();
  });
});
