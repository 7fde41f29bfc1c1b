import { asciiBytes } from "@tlskit/wire";
import { describe, expect, test, vi } from "vitest";
import {
  type ByteStream,
  creditWindow,
  maxCreditedMessage,
  maxUnreadWithoutCredits,
  maxUnsentWithoutCredits,
  relayStream,
  unsentPollTime,
  type WebSocketStream,
  webSocketStream,
} from "../src/index.ts";
import { CloseCode, relayPath, relayProtocol } from "../src/relay-protocol.ts";
import { asWebSocket, FakeWebSocket } from "./helpers/fake-web-socket.ts";
import { codeOf, say, text, turns, write } from "./helpers/streams.ts";

/** A stream over a WebSocket that has opened. */
async function opened(protocol = ""): Promise<{ readonly socket: FakeWebSocket; readonly stream: ByteStream }> {
  const socket = new FakeWebSocket();
  const streaming = webSocketStream(asWebSocket(socket));
  await turns();
  socket.opens(protocol);
  return { socket, stream: await streaming };
}

/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a WebSocket", () => {
  test("that can't be opened has no stream; its query is told to nobody", async () => {
    const socket = new FakeWebSocket();
    const streaming = webSocketStream(asWebSocket(socket));
    await turns();
    socket.closes(1006);
    const failure = await streaming.catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "TlsError", kind: "truncation", code: "websocket_failed" });
    expect(String(failure)).toContain("wss://relay.example/db.example:5432");
    expect(String(failure)).not.toContain("secret");
  });

  test("that was closed already has none either", async () => {
    const socket = new FakeWebSocket();
    socket.closes(1006);
    expect(await codeOf(webSocketStream(asWebSocket(socket)))).toBe("websocket_failed");
  });

  test("that is open already has one at once: no message is missed", async () => {
    const socket = new FakeWebSocket().opens();
    const streaming = webSocketStream(asWebSocket(socket));
    await turns();
    socket.comes(asciiBytes("early"));
    socket.closes(1000);
    expect(await text((await streaming).readable)).toBe("early");
  });

  test("misses no message that comes with its opening", async () => {
    const socket = new FakeWebSocket();
    const streaming = webSocketStream(asWebSocket(socket));
    await turns();
    socket.opens();
    socket.comes(asciiBytes("at once"));
    socket.closes(1000);
    expect(await text((await streaming).readable)).toBe("at once");
  });
});

describe("a stream over a WebSocket with credits", () => {
  test("grants its window, and sends what is granted", async () => {
    const { socket, stream } = await opened(relayProtocol);
    expect(socket.binaryType).toBe("arraybuffer");
    expect(socket.sent).toEqual([`{"grant":${creditWindow}}`]);
    const writing = write(stream.writable, "hello");
    await turns();
    expect(socket.sent.length).toBe(1);
    socket.comes('{"grant":5}');
    await writing;
    expect(socket.sent[1]).toEqual(asciiBytes("hello"));
  });

  test("ends each direction by itself, and closes when both have", async () => {
    const { socket, stream } = await opened(relayProtocol);
    socket.comes(asciiBytes("answer"));
    socket.comes('{"end":true}');
    expect(await text(stream.readable)).toBe("answer");
    expect(socket.closedWith).toBeUndefined();
    await stream.writable.close();
    expect(socket.sent.at(-1)).toBe('{"end":true}');
    expect(socket.closedWith).toBe(1000);
    socket.closes(1000);
  });

  test.each([
    ["stream_closed", 1000],
    ["stream_closed", 1006],
    ["relay_gone", CloseCode.goingAway],
    ["websocket_protocol_error", CloseCode.protocolError],
    ["message_too_long", CloseCode.messageTooBig],
    ["stream_reset", CloseCode.reset],
    ["target_unreachable", CloseCode.targetUnreachable],
    ["target_failed", CloseCode.targetFailed],
    ["idle_timeout", CloseCode.idleTimeout],
  ])("fails with %s, behind the data, when it is closed with %i before its end", async (code, closeCode) => {
    const { socket, stream } = await opened(relayProtocol);
    socket.comes(asciiBytes("x"));
    socket.closes(closeCode);
    const reader = stream.readable.getReader();
    expect((await reader.read()).value).toEqual(asciiBytes("x"));
    expect(await codeOf(reader.read())).toBe(code);
    expect(await codeOf(write(stream.writable, "y"))).toBe(code);
  });

  test.each(["", "{", "null", "1", "[]", "{}", '{"grant":0}', '{"grant":"1"}', `{"end":true${" ".repeat(64)}}`])(
    "is given up for the text %s",
    async (message) => {
      const { socket, stream } = await opened(relayProtocol);
      socket.comes(message);
      expect(socket.sent.at(-1)).toBe('{"reset":true}');
      expect(socket.closedWith).toBe(1000);
      expect(await codeOf(text(stream.readable))).toBe("invalid_credit_message");
    },
  );
});

describe("a stream over a WebSocket without credits", () => {
  test("carries binary messages, and ends with it", async () => {
    const { socket, stream } = await opened();
    await write(stream.writable, "question");
    expect(socket.sent).toEqual([asciiBytes("question")]);
    socket.comes(asciiBytes("ans"));
    socket.comes(new Uint8Array(0));
    socket.comes(asciiBytes("wer"));
    socket.closes(1005);
    expect(await text(stream.readable)).toBe("answer");
    expect(await codeOf(write(stream.writable, "late"))).toBe("stream_closed");
  });

  test("what was written may be changed as soon as it has gone, and large pieces are cut", async () => {
    const { socket, stream } = await opened();
    const piece = new Uint8Array(maxCreditedMessage + 1).fill(1);
    await stream.writable.getWriter().write(piece);
    piece.fill(0);
    expect(socket.sent).toEqual([new Uint8Array(maxCreditedMessage).fill(1), Uint8Array.of(1)]);
  });

  test("is closed with its writable, which settles when everything has gone", async () => {
    const { socket, stream } = await opened();
    const closing = say(stream.writable, "all");
    await turns();
    expect(socket.closedWith).toBe(1000);
    socket.closes(1000);
    await closing;
    expect(await text(stream.readable)).toBe("");
  });

  test("fails to close when it is cut off before that", async () => {
    const { socket, stream } = await opened();
    const closing = codeOf(stream.writable.close());
    await turns();
    socket.closes(1006);
    expect(await closing).toBe("stream_closed");
  });

  test("fails behind the data when it is cut off", async () => {
    const { socket, stream } = await opened();
    socket.comes(asciiBytes("half"));
    socket.closes(CloseCode.targetFailed);
    const reader = stream.readable.getReader();
    expect((await reader.read()).value).toEqual(asciiBytes("half"));
    expect(await codeOf(reader.read())).toBe("target_failed");
    expect(await codeOf(write(stream.writable, "x"))).toBe("target_failed");
  });

  test("takes as much as may wait unread, and not a byte more", async () => {
    const { socket, stream } = await opened();
    const piece = new Uint8Array(1024 * 1024);
    for (let waiting = 0; waiting < maxUnreadWithoutCredits; waiting += piece.length) socket.comes(piece);
    expect(socket.closedWith).toBeUndefined();
    socket.comes(Uint8Array.of(0));
    expect(socket.closedWith).toBe(CloseCode.reset);
    let got = 0;
    const reading = (async () => {
      const reader = stream.readable.getReader();
      for (;;) got += (await reader.read()).value?.length ?? 0;
    })();
    expect(await codeOf(reading)).toBe("too_much_unread");
    expect(got).toBe(maxUnreadWithoutCredits);
  });

  test("throws away what comes when nobody wants it, and still sends", async () => {
    const { socket, stream } = await opened();
    await stream.readable.cancel();
    const piece = new Uint8Array(1024 * 1024);
    for (let i = 0; i < 40; i += 1) socket.comes(piece);
    await write(stream.writable, "still here");
    expect(socket.sent).toEqual([asciiBytes("still here")]);
    expect(socket.closedWith).toBeUndefined();
  });

  test("lets writes wait while too much is unsent", async () => {
    const { socket, stream } = await opened();
    vi.useFakeTimers();
    try {
      socket.bufferedAmount = maxUnsentWithoutCredits + 1;
      const writing = write(stream.writable, "later");
      await vi.advanceTimersByTimeAsync(10 * unsentPollTime);
      expect(socket.sent).toEqual([]);
      socket.bufferedAmount = maxUnsentWithoutCredits;
      await vi.advanceTimersByTimeAsync(unsentPollTime);
      await writing;
      expect(socket.sent).toEqual([asciiBytes("later")]);
    } finally {
      vi.useRealTimers();
    }
  });

  test.each([1000, 1005, 1006])(
    "fails a write that waits when it is closed with %i, and leaves no timer",
    async (code) => {
      const { socket, stream } = await opened();
      vi.useFakeTimers();
      try {
        socket.bufferedAmount = maxUnsentWithoutCredits + 1;
        const writing = codeOf(write(stream.writable, "never"));
        await vi.advanceTimersByTimeAsync(unsentPollTime);
        // What is unsent stays unsent: as in browsers, bufferedAmount is what it was.
        socket.closes(code);
        await vi.advanceTimersByTimeAsync(0);
        expect(await writing).toBe("stream_closed");
        expect(vi.getTimerCount()).toBe(0);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  test.each<[string, (stream: ByteStream) => Promise<unknown>]>([
    ["is aborted", ({ writable }) => writable.abort(new Error("enough"))],
    ["is given something else to send", ({ writable }) => writable.getWriter().write(given("text"))],
  ])("is given up when its writable %s", async (_, abort) => {
    const { socket, stream } = await opened();
    await abort(stream).catch(() => undefined);
    expect(socket.closedWith).toBe(CloseCode.reset);
    expect(await codeOf(text(stream.readable))).toBe("aborted");
    socket.closes(1006);
  });

  test("is given up when a text comes", async () => {
    const { socket, stream } = await opened();
    socket.comes("hello");
    expect(socket.closedWith).toBe(CloseCode.reset);
    expect(await codeOf(text(stream.readable))).toBe("unexpected_text");
  });
});

/** A WebSocketStream whose other end is a test. */
class FakeWebSocketStream implements WebSocketStream {
  readonly url = "wss://relay.example/";
  readonly #incoming = new TransformStream<unknown, unknown>();
  readonly #outgoing = new TransformStream<unknown, unknown>(undefined, { highWaterMark: 1 });
  readonly #opened = Promise.withResolvers<Awaited<WebSocketStream["opened"]>>();
  readonly #closed = Promise.withResolvers<Awaited<WebSocketStream["closed"]>>();
  readonly opened = this.#opened.promise;
  readonly closed = this.#closed.promise;
  readonly incoming = this.#incoming.writable.getWriter();
  readonly outgoing = this.#outgoing.readable.getReader();
  closedWith: number | undefined;

  constructor() {
    for (const promise of [this.opened, this.closed, this.incoming.closed]) promise.catch(() => undefined);
  }

  opens(protocol = ""): this {
    const [{ readable }, { writable }] = [this.#incoming, this.#outgoing];
    this.#opened.resolve({ readable, writable, protocol });
    return this;
  }

  fails(): this {
    this.#opened.reject(new Error("no"));
    this.#closed.reject(new Error("no"));
    return this;
  }

  async closes(closeCode: number): Promise<void> {
    this.#closed.resolve({ closeCode });
    await this.incoming.close();
  }

  async breaks(): Promise<void> {
    this.#closed.reject(new Error("broken"));
    await this.incoming.abort(new Error("broken"));
  }

  close({ closeCode }: { readonly closeCode?: number } = {}): void {
    this.closedWith ??= closeCode;
  }
}

describe("a stream over a WebSocketStream", () => {
  test("that can't be opened isn't there", async () => {
    expect(await codeOf(webSocketStream(new FakeWebSocketStream().fails()))).toBe("websocket_failed");
  });

  test("carries bytes both ways, and is read no faster than its reader reads", async () => {
    const socket = new FakeWebSocketStream().opens();
    const { readable, writable } = await webSocketStream(socket);
    const writing = write(writable, "question");
    expect((await socket.outgoing.read()).value).toEqual(asciiBytes("question"));
    await writing;
    let taken = 0;
    for (const part of ["one", "two", "three"]) void socket.incoming.write(asciiBytes(part)).then(() => (taken += 1));
    await turns();
    expect(taken).toBe(0);
    const reader = readable.getReader();
    expect((await reader.read()).value).toEqual(asciiBytes("one"));
    await turns();
    expect(taken).toBe(1);
    expect((await reader.read()).value).toEqual(asciiBytes("two"));
    expect((await reader.read()).value).toEqual(asciiBytes("three"));
    await socket.closes(1000);
    expect((await reader.read()).done).toBe(true);
  });

  test("fails if it is closed with a reason, or cut off", async () => {
    const [closed, broken] = [new FakeWebSocketStream().opens(), new FakeWebSocketStream().opens()];
    const [one, other] = [await webSocketStream(closed), await webSocketStream(broken)];
    void closed.closes(CloseCode.targetFailed);
    expect(await codeOf(text(one.readable))).toBe("target_failed");
    expect(await codeOf(write(one.writable, "x"))).toBe("target_failed");
    void broken.breaks();
    expect(await codeOf(text(other.readable))).toBe("stream_closed");
  });

  test("is closed with its writable, and given up when that is aborted", async () => {
    const [closed, aborted] = [new FakeWebSocketStream().opens(), new FakeWebSocketStream().opens()];
    const closing = (await webSocketStream(closed)).writable.close();
    await turns();
    expect(closed.closedWith).toBe(1000);
    void closed.closes(1000);
    await closing;
    await (await webSocketStream(aborted)).writable.abort();
    expect(aborted.closedWith).toBe(CloseCode.reset);
  });

  test("gives a write up that is never done, when it is aborted", async () => {
    const socket = new FakeWebSocketStream().opens();
    const { writable } = await webSocketStream(socket);
    const writer = writable.getWriter();
    // One is taken by the stream below, and the other one by nobody.
    const writing = [writer.write(asciiBytes("x")), writer.write(asciiBytes("y"))].map((promise) =>
      promise.then(
        () => "done",
        () => "given up",
      ),
    );
    await turns();
    await writer.abort(new Error("enough"));
    expect(await Promise.all(writing)).toContain("given up");
    expect(socket.closedWith).toBe(CloseCode.reset);
  });

  test("throws away what comes when nobody wants it, and still sends", async () => {
    const socket = new FakeWebSocketStream().opens();
    const { readable, writable } = await webSocketStream(socket);
    await readable.cancel();
    for (let i = 0; i < 10; i += 1) await socket.incoming.write(asciiBytes("x"));
    const writing = write(writable, "still here");
    expect((await socket.outgoing.read()).value).toEqual(asciiBytes("still here"));
    await writing;
    expect(socket.closedWith).toBeUndefined();
  });

  test("is given up when a text comes", async () => {
    const socket = new FakeWebSocketStream().opens();
    const { readable } = await webSocketStream(socket);
    void socket.incoming.write("hello").catch(() => undefined);
    expect(await codeOf(text(readable))).toBe("unexpected_text");
    expect(socket.closedWith).toBe(CloseCode.reset);
  });

  test("takes no protocol of credits", async () => {
    const socket = new FakeWebSocketStream().opens(relayProtocol);
    expect(await codeOf(webSocketStream(socket))).toBe("unexpected_credits");
    expect(socket.closedWith).toBe(CloseCode.reset);
  });
});

describe("a relay's address", () => {
  test.each([
    ["db.example", 5432, "/db.example:5432"],
    ["::1", 443, "/[%3A%3A1]:443"],
    ["a/b?c#d%", 1, "/a%2Fb%3Fc%23d%25:1"],
  ])("has %s, port %i as %s", (host, port, path) => {
    expect(relayPath(host, port)).toBe(path);
  });

  test("is of no use without a WebSocket", async () => {
    vi.stubGlobal("WebSocket", undefined);
    try {
      expect(await codeOf(relayStream("wss://relay.example", { host: "db.example", port: 1 }))).toBe("no_websocket");
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("keeps its path and its query, and asks for the protocol of credits", async () => {
    const made: unknown[] = [];
    vi.stubGlobal("WebSocket", function (this: FakeWebSocket, ...args: readonly unknown[]) {
      made.push(...args.map(String));
      const socket = new FakeWebSocket();
      queueMicrotask(() => socket.opens(relayProtocol));
      return socket;
    });
    try {
      await relayStream("wss://relay.example/there/?token=1", { host: "db.example", port: 5432 });
      expect(made).toEqual(["wss://relay.example/there/db.example:5432?token=1", relayProtocol]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  describe("ends with a signal", () => {
    const target = { host: "db.example", port: 5432 };

    /** What is opened meanwhile. */
    async function opening(use: (socket: FakeWebSocket) => Promise<void>): Promise<void> {
      const socket = new FakeWebSocket();
      vi.stubGlobal("WebSocket", function (this: FakeWebSocket) {
        return socket;
      });
      try {
        await use(socket);
      } finally {
        vi.unstubAllGlobals();
      }
    }

    test("while it opens, with the signal's reason", async () => {
      await opening(async (socket) => {
        const controller = new AbortController();
        const opened = relayStream("wss://relay.example", target, { signal: controller.signal });
        const failure = opened.catch((error: unknown) => error);
        await turns();
        controller.abort("no more");
        expect(socket.readyState).toBe(2);
        socket.closes(1006);
        expect(await failure).toBe("no more");
      });
    });

    test("when it is open, though its reader is held", async () => {
      await opening(async (socket) => {
        queueMicrotask(() => socket.opens(relayProtocol));
        const controller = new AbortController();
        const stream = await relayStream("wss://relay.example", target, { signal: controller.signal });
        const read = codeOf(stream.readable.getReader().read());
        controller.abort();
        expect(socket.readyState).toBe(2);
        socket.closes(1005);
        expect(await read).toBe("stream_closed");
      });
    });

    test("and isn't begun if that has come already", async () => {
      const opened = relayStream("wss://relay.example", target, { signal: AbortSignal.abort("before") });
      expect(await opened.catch((error: unknown) => error)).toBe("before");
    });
  });

  test.each<[string, () => Promise<unknown>]>([
    ["invalid_argument", () => webSocketStream(given({}))],
    ["invalid_argument", () => relayStream("wss://r.example", { host: "a", port: 1 }, { signal: given("now") })],
    ["invalid_argument", () => webSocketStream(given(undefined))],
    ["invalid_argument", () => relayStream("wss://relay.example", given({ host: "db.example" }))],
    ["invalid_argument", () => relayStream(given(1), { host: "db.example", port: 1 })],
    ["unknown_option", () => relayStream("wss://relay.example", given({ host: "a", port: 1, tls: true }))],
    ["out_of_range", () => relayStream("wss://relay.example", { host: "db.example", port: 0 })],
    ["out_of_range", () => relayStream("wss://relay.example", { host: "db.example", port: 65_536 })],
    ["out_of_range", () => relayStream("wss://relay.example", { host: "db.example", port: 1.5 })],
    ["invalid_url", () => relayStream("relay.example", { host: "db.example", port: 1 })],
    ["invalid_url", () => relayStream("ftp://relay.example", { host: "db.example", port: 1 })],
  ])("that can't be one is %s", async (code, call) => {
    expect(await codeOf(call())).toBe(code);
  });
});
