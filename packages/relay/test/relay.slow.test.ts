import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { RelayOptions } from "@tlskit/relay";
import { type CreditMessage, creditWindow, maxCredit, maxCreditedMessage } from "@tlskit/web/relay-protocol";
import { afterEach, describe, expect, it, vi } from "vitest";
import { maxFragments, maxRequestLength } from "../src/limits.ts";
import { Page } from "./helpers/page.ts";
import { echo, origin, RelayPlace } from "./helpers/places.ts";

const places: RelayPlace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.stop();
});

async function relay(serve: (socket: Socket) => void, options?: Partial<RelayOptions>): Promise<RelayPlace> {
  const place = await RelayPlace.start(serve, options);
  places.push(place);
  return place;
}

const window: CreditMessage = { grant: creditWindow };
const grantOf = (said: CreditMessage | undefined) => (said !== undefined && "grant" in said ? said.grant : 0);
const closing = (place: RelayPlace) =>
  vi.waitUntil(() => place.events.find((event) => event.type === "closed"), { timeout: 30_000 });

/** Time goes by without a timer, and whatever can go on does. */
async function comingsAndGoings(place: RelayPlace): Promise<void> {
  for (let i = 0; i < 20; i += 1) {
    const page = await place.plainPage();
    page.socket.terminate();
    await page.closed;
  }
}

describe("who may connect", () => {
  it.each<[string, number, string, (place: RelayPlace) => Page]>([
    [
      "a page of another site",
      403,
      "origin_not_allowed",
      (place) => new Page(place.url(), undefined, "https://x.example"),
    ],
    ["whoever names no site", 403, "origin_not_allowed", (place) => new Page(place.url())],
    ["a page that has no site", 403, "origin_not_allowed", (place) => new Page(place.url(), undefined, "null")],
    ["another target", 403, "target_not_allowed", (place) => new Page(place.url("127.0.0.1:1"), undefined, origin)],
    [
      "the target under another name",
      403,
      "target_not_allowed",
      (place) => new Page(place.url(place.target.name.replace("127.0.0.1", "localhost")), undefined, origin),
    ],
    ["no target", 400, "malformed_target", (place) => new Page(place.url(""), undefined, origin)],
    ["a target with a path", 400, "malformed_target", (place) => new Page(`${place.url()}/a`, undefined, origin)],
  ])("isn't %s", async (_, status, reason, open) => {
    const place = await relay(echo);
    expect(await open(place).refused()).toBe(status);
    expect(place.events).toEqual([expect.objectContaining({ type: "refused", reason, address: "127.0.0.1" })]);
    expect(place.target.connections).toEqual([]);
  });

  it("is nobody, if nobody is named", async () => {
    const place = await relay(echo, { targets: [], origins: [] });
    expect(await new Page(place.url(), undefined, origin).refused()).toBe(403);
  });

  it("is who names no site, if that is allowed; but no page of another site", async () => {
    const place = await relay(echo, { allowWithoutOrigin: true });
    const page = await new Page(place.url()).open();
    expect(await new Page(place.url(), undefined, "https://x.example").refused()).toBe(403);
    page.socket.close();
  });

  it("is asked of the application too, by a query that nobody else sees", async () => {
    const place = await relay(echo, {
      authorize: async ({ url }, target) => {
        if (url?.endsWith("?token=none")) throw new Error("no token");
        return target === place.target.name && url === `/${target}?token=good`;
      },
    });
    for (const token of ["none", "bad"]) {
      expect(await new Page(`${place.url()}?token=${token}`, undefined, origin).refused()).toBe(403);
    }
    const page = await new Page(`${place.url()}?token=good`, undefined, origin).open();
    expect(place.events.map((event) => (event.type === "refused" ? event.reason : event.type))).toEqual([
      "not_authorized",
      "not_authorized",
      "opened",
    ]);
    expect(JSON.stringify(place.events)).not.toContain("token");
    page.socket.close();
  });

  it("is nobody whose request is too long", async () => {
    const place = await relay(echo);
    const socket = connect(place.port, "127.0.0.1");
    let answer = "";
    socket.on("data", (data) => (answer += data)).on("error", () => {});
    socket.write(`GET /${place.target.name} HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(maxRequestLength)}\r\n\r\n`);
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
  });

  it("is told to use a WebSocket otherwise", async () => {
    const place = await relay(echo);
    const response = await fetch(`http://127.0.0.1:${place.port}/${place.target.name}`);
    expect(response.status).toBe(426);
  });

  it("is no more than there may be", async () => {
    const place = await relay(echo, { maxConnections: 1 });
    const page = await place.page();
    const second = new Page(place.url(), undefined, origin);
    expect(await second.closed).toEqual([1006, ""]);
    expect(place.events.map(({ type }) => type)).toEqual(["opened", "refused"]);
    page.socket.close();
    await closing(place);
    (await place.page()).socket.close();
  });
});

describe("a page with credits", () => {
  it("sends and gets data, within the credit that each end has", async () => {
    const place = await relay(echo);
    const page = await place.page();
    await page.until(() => page.said.length === 1);
    expect(page.said).toEqual([window]);
    page.say({ grant: 5 });
    page.send("hello, relay");
    await page.until(() => page.data.length === 5);
    page.say({ grant: 3 });
    await page.until(() => page.data.length === 8);
    page.say({ grant: 100 });
    await page.until(() => page.data.length === 12);
    expect(String(page.data)).toBe("hello, relay");
  });

  it("ends one direction, and gets data nevertheless", async () => {
    const place = await relay((socket) => {
      const chunks: (string | Buffer)[] = [];
      socket.on("data", (chunk) => chunks.push(chunk));
      socket.on("end", () => socket.end(`${chunks.join("")} answer`));
    });
    const page = await place.page();
    page.say({ grant: 1000 });
    page.send("question");
    page.say({ end: true });
    expect(await page.closed).toEqual([1000, "normal"]);
    expect(String(page.data)).toBe("question answer");
    expect(page.said).toEqual([window, { end: true }]);
    expect(await closing(place)).toMatchObject({ code: 1000, reason: "normal", bytesToTarget: 8, bytesToPage: 15 });
  });

  it("gets the target's end, and sends data nevertheless", async () => {
    const received: (string | Buffer)[] = [];
    const place = await relay((socket) => {
      socket.end("greeting");
      socket.on("data", (chunk) => received.push(chunk));
    });
    const page = await place.page();
    page.say({ grant: 1000 });
    await page.until(() => page.said.some((said) => "end" in said));
    expect(String(page.data)).toBe("greeting");
    page.send("late");
    page.say({ end: true });
    expect(await page.closed).toEqual([1000, "normal"]);
    await vi.waitUntil(() => place.target.connections[0]?.closed, { timeout: 30_000 });
    expect(received.join("")).toBe("late");
  });

  it("gets more credit when the target has taken what it has sent", async () => {
    const place = await relay((socket) => socket.resume());
    const page = await place.page();
    await page.until(() => page.said.length === 1);
    for (let sent = 0; sent < creditWindow; sent += maxCreditedMessage) page.send(Buffer.alloc(maxCreditedMessage));
    const granted = () => page.said.reduce((sum, said) => sum + grantOf(said), 0);
    await page.until(() => granted() >= 1.5 * creditWindow);
  });

  it("gets none while the target takes nothing, and may send no byte more", async () => {
    const place = await relay((socket) => socket.pause());
    const page = await place.page();
    await page.until(() => page.said.length === 1);
    // What the system buffers for a socket that nobody reads is taken as well, until there is no more of it.
    let credit = creditWindow;
    let seen = 1;
    for (let quiet = 0; quiet < 5; ) {
      for (; credit > 0; credit -= Math.min(credit, maxCreditedMessage))
        page.send(Buffer.alloc(Math.min(credit, maxCreditedMessage)));
      await comingsAndGoings(place);
      quiet = page.said.length === seen ? quiet + 1 : 0;
      for (; seen < page.said.length; seen += 1) credit += grantOf(page.said[seen]);
    }
    page.send(Uint8Array.of(0));
    expect(await page.closed).toEqual([1002, "protocolError"]);
    await vi.waitUntil(
      () => place.events.some((event) => event.type === "closed" && event.cause === "credit_exceeded"),
      { timeout: 30_000 },
    );
  });

  it("that doesn't read keeps the target from sending", async () => {
    let written = 0;
    const place = await relay((socket) => {
      if (place.target.connections[0] !== socket) return;
      const write = (): void => {
        while (written < 256 * 1024 * 1024 && !socket.writableNeedDrain) {
          socket.write(Buffer.alloc(65_536));
          written += 65_536;
        }
      };
      socket.on("drain", write);
      write();
    });
    const page = await place.page();
    page.say({ grant: 1000 });
    await page.until(() => page.data.length === 1000);
    for (let before = -1; before !== written; ) {
      before = written;
      await comingsAndGoings(place);
    }
    expect(written).toBeLessThan(256 * 1024 * 1024);
    expect(page.data.length).toBe(1000);
  });

  it.each<[string, string, (page: Page) => void]>([
    ["data beyond its credit", "credit_exceeded", (page) => [1, 2, 3].map(() => page.send(Buffer.alloc(50)))],
    ["a message too long for credits", "credit_exceeded", (page) => page.send(Buffer.alloc(maxCreditedMessage + 1))],
    ["data behind its end", "data_after_end", (page) => [page.say({ end: true }), page.send("x")]],
    ["a second end", "data_after_end", (page) => [page.say({ end: true }), page.say({ end: true })]],
    ["credit without end", "credit_exceeded", (page) => [page.say({ grant: 1 }), page.say({ grant: maxCredit })]],
    ...[
      ...['{"grant":0}', '{"grant":-1}', '{"grant":1.5}', '{"grant":"1"}', '{"grant":1e400}', '{"end":false}'],
      ...["", "end", "null", "1", "{}", "[]", '{"grant":', `{"grant":1${" ".repeat(64)}}`, '{"stop":true}'],
    ].map((text): [string, string, (page: Page) => void] => [
      `the text ${text}`,
      "invalid_credit_message",
      (page) => page.say(text),
    ]),
  ])("is cut off for %s", async (_, cause, send) => {
    const place = await relay((socket) => socket.pause(), { maxWaiting: cause === "credit_exceeded" ? 100 : 1000 });
    const page = await place.page();
    send(page);
    expect(await page.closed).toEqual([1002, "protocolError"]);
    expect(await closing(place)).toMatchObject({ code: 1002, reason: "protocolError", cause });
  });

  it("gives the connection up, and the target's is cut off", async () => {
    const failed = Promise.withResolvers<NodeJS.ErrnoException>();
    const place = await relay((socket) => {
      socket.on("error", failed.resolve);
      socket.write("x");
    });
    const page = await place.page();
    page.say({ grant: 1 });
    await page.until(() => page.data.length === 1);
    page.say({ reset: true });
    expect(await page.closed).toEqual([4000, "reset"]);
    expect((await failed.promise).code).toBe("ECONNRESET");
  });
});

describe("a message", () => {
  it("that is too long is refused at its header", async () => {
    const most = maxCreditedMessage + 1000;
    const place = await relay(echo, { maxMessageLength: most });
    const page = await place.plainPage();
    page.send(Buffer.alloc(most));
    await page.until(() => page.data.length === most);
    page.send(Buffer.alloc(most + 1));
    expect(await page.closed).toEqual([1009, ""]);
  });

  it.each([
    [maxFragments, "passes"],
    [maxFragments + 1, "is too many"],
  ])("in %i fragments %s", async (count, verdict) => {
    const place = await relay(echo);
    const page = await place.plainPage();
    for (let left = count; left > 0; left -= 1) page.socket.send(Uint8Array.of(1), { fin: left === 1, binary: true });
    if (verdict === "passes") await page.until(() => page.data.length === count);
    else expect(await page.closed).toEqual([1008, ""]);
    page.socket.terminate();
  });
});

describe("a page without credits", () => {
  it("sends and gets data", async () => {
    const place = await relay(echo);
    const page = await place.plainPage();
    expect(page.socket.protocol).toBe("");
    page.send("hello");
    await page.until(() => page.data.length === 5);
    expect(page.said).toEqual([]);
  });

  it("has another protocol that the relay doesn't know: it gets none", async () => {
    const place = await relay(echo);
    const page = new Page(place.url(), "binary", origin);
    expect((await page.closed)[0]).toBe(1006);
  });

  it("sends no texts", async () => {
    const place = await relay(echo);
    const page = await place.plainPage();
    page.say({ grant: 1000 });
    expect(await page.closed).toEqual([1003, "unsupportedData"]);
  });

  it("ends with the target, whose data it gets, and which gets its own", async () => {
    let received = "";
    const place = await relay((socket) => {
      socket.on("data", (chunk) => {
        received += chunk;
        socket.end("answer");
      });
    });
    const page = await place.plainPage();
    page.send("question");
    expect(await page.closed).toEqual([1000, "normal"]);
    expect(String(page.data)).toBe("answer");
    expect(received).toBe("question");
  });

  it("ends the target's connection in order when it closes", async () => {
    let received = 0;
    const ended = new Promise<void>((resolve) => {
      void relay((socket) => {
        socket.on("data", (chunk) => (received += chunk.length));
        socket.once("end", resolve);
      }).then(async (place) => {
        const page = await place.plainPage();
        page.send(Buffer.alloc(200_000));
        page.socket.close(1000);
      });
    });
    await ended;
    expect(received).toBe(200_000);
  });

  it("isn't read while the target takes nothing", async () => {
    const place = await relay((socket) => socket.pause());
    const page = await place.plainPage();
    const total = 32 * 1024 * 1024;
    for (let sent = 0; sent < total; sent += 65_536) page.send(Buffer.alloc(65_536));
    for (let before = -1; before !== page.socket.bufferedAmount; ) {
      before = page.socket.bufferedAmount;
      await comingsAndGoings(place);
    }
    expect(page.socket.bufferedAmount).toBeGreaterThan(0);
    let received = 0;
    const all = new Promise<void>((resolve) => {
      place.target.connections[0]?.resume().on("data", (chunk) => {
        received += chunk.length;
        if (received === total) resolve();
      });
    });
    await all;
  });
});

describe("a connection", () => {
  it("ends with a word if the target can't be connected to", async () => {
    const place = await relay(echo);
    place.target.stop();
    const page = await place.page();
    expect(await page.closed).toEqual([4001, "targetUnreachable"]);
    expect(await closing(place)).toMatchObject({ code: 4001, cause: "ECONNREFUSED", bytesToTarget: 0, bytesToPage: 0 });
  });

  it("ends with a word if the target's name can't be resolved", async () => {
    const place = await relay(echo, { targets: ["nobody.invalid:1"] });
    const page = await new Page(place.url("nobody.invalid:1"), "tlskit-relay", origin).open();
    expect(await page.closed).toEqual([4001, "targetUnreachable"]);
  });

  it("ends with a word if the target doesn't answer in time", async () => {
    // Of an address for documentation (RFC 5737): nobody answers, or the network says at once that there is nobody.
    const place = await relay(echo, { targets: ["192.0.2.1:1"], connectTimeout: 20 });
    const page = await new Page(place.url("192.0.2.1:1"), "tlskit-relay", origin).open();
    expect(await page.closed).toEqual([4001, "targetUnreachable"]);
  });

  it("ends with a word if the target resets it", async () => {
    const place = await relay((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const page = await place.page();
    page.send("x");
    expect(await page.closed).toEqual([4002, "targetFailed"]);
    expect(await closing(place)).toMatchObject({ code: 4002, cause: "ECONNRESET" });
  });

  it.each(["tlskit-relay", undefined])("is cut off for the target if the page is (%s)", async (protocol) => {
    const failed = Promise.withResolvers<NodeJS.ErrnoException>();
    const place = await relay((socket) => {
      socket.on("error", failed.resolve);
      socket.write("x");
    });
    const page = await new Page(place.url(), protocol, origin).open();
    if (protocol !== undefined) page.say({ grant: 1 });
    await page.until(() => page.data.length === 1);
    page.socket.terminate();
    expect((await failed.promise).code).toBe("ECONNRESET");
    expect(await closing(place)).toMatchObject({ code: 1006, reason: undefined });
  });

  it("with credits is cut off for the target if the page closes without an end", async () => {
    const failed = Promise.withResolvers<NodeJS.ErrnoException>();
    const place = await relay((socket) => {
      socket.on("error", failed.resolve);
      socket.write("x");
    });
    const page = await place.page();
    page.say({ grant: 1 });
    await page.until(() => page.data.length === 1);
    page.socket.close(1000);
    expect((await failed.promise).code).toBe("ECONNRESET");
  });

  it("ends if no byte goes for too long; pings and credit are none", async () => {
    const place = await relay((socket) => socket.resume(), { idleTimeout: 200 });
    const page = await place.page();
    const lively = setInterval(() => {
      page.socket.ping();
      page.say({ grant: 1 });
    }, 20);
    expect(await page.closed).toEqual([4003, "idleTimeout"]);
    clearInterval(lively);
    expect(await closing(place)).toMatchObject({ code: 4003, reason: "idleTimeout" });
  });

  it("is hung up on if the page doesn't answer to its end", async () => {
    const place = await relay((socket) => socket.resume(), { idleTimeout: 50 });
    const page = await place.page();
    page.socket.pause();
    expect(await closing(place)).toMatchObject({ code: 1006, reason: "idleTimeout" });
    page.socket.terminate();
  });

  it("ends when the relay does", async () => {
    const place = await relay(echo);
    const [page, plain] = [await place.page(), await place.plainPage()];
    await place.relay.close();
    expect(await page.closed).toEqual([1001, "goingAway"]);
    expect(await plain.closed).toEqual([1001, "goingAway"]);
  });

  it("outlives what isn't a WebSocket's on the same port", async () => {
    const place = await relay(echo);
    const page = await place.page();
    page.say({ grant: 5 });
    const stranger = connect(place.port, "127.0.0.1");
    stranger.on("error", () => {});
    stranger.write("\x16\x03\x01 this is no HTTP\r\n\r\n");
    await once(stranger.resume(), "close");
    page.send("hello");
    await page.until(() => page.data.length === 5);
  });

  it("tells of what goes over it how much it was, and nothing else", async () => {
    const place = await relay(echo);
    const page = await place.page();
    page.say({ grant: 100 });
    page.send("topsecret");
    await page.until(() => page.data.length === 9);
    page.say({ end: true });
    await page.closed;
    await closing(place);
    expect(place.events).toEqual([
      { type: "opened", id: 1, target: place.target.name, origin, address: "127.0.0.1", credits: true },
      { type: "closed", id: 1, code: 1000, reason: "normal", cause: undefined, bytesToTarget: 9, bytesToPage: 9 },
    ]);
  });
});
