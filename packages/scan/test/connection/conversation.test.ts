import { nodeProvider } from "@tlskit/crypto-node";
import { decodeClientSession, RotatingTicketKeys, SealedTickets } from "@tlskit/sessions";
import { seededRandom } from "@tlskit/testing";
import { padToMultiple, tls12, tls13 } from "@tlskit/tls";
import { tls10, tls11 } from "@tlskit/tls/legacy";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { type ClientOffer, clientContext } from "../../src/connection/client-context.ts";
import { type Conversation, type ConversationPlan, converse } from "../../src/connection/conversation.ts";
import { maxConnectionOctets, maxDataOctets, maxMessagesSeen } from "../../src/connection/limits.ts";
import type { ByteStream } from "../../src/transport.ts";
import { connectionTo, host, now, rawConnection, serverContext } from "../helpers/in-memory-server.ts";

const client = (offer: Partial<ClientOffer> = {}) =>
  clientContext(
    { provider: nodeProvider, random: seededRandom(3), clock: () => now },
    { versions: "any", sessions: true, ...offer },
  );

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function talk(
  stream: ByteStream,
  plan: Partial<ConversationPlan> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Conversation> {
  return converse(stream, signal, { context: client(), host, ...plan });
}

const withTickets = () => ({
  tickets: new SealedTickets({
    provider: nodeProvider,
    keys: new RotatingTicketKeys({ random: seededRandom(4), clock: () => now }),
    random: seededRandom(5),
  }),
});

describe("a whole connection", () => {
  it.each([
    ["TLS 1.3", 0x0304, [tls13]],
    ["TLS 1.2", 0x0303, [tls12]],
    ["TLS 1.1", 0x0302, [tls11]],
    ["TLS 1.0", 0x0301, [tls10]],
  ] as const)("comes to %s, and closes in order", async (_, version, versions) => {
    const { end, info, data } = await talk(connectionTo(serverContext({ versions })));
    expect(end).toEqual({ how: "closed" });
    expect(info?.version).toBe(version);
    expect(data).toHaveLength(0);
  });

  it("brings the sessions that a server gives, though nothing is asked of it", async () => {
    const { sessions, seen } = await talk(connectionTo(serverContext(withTickets())));
    expect(sessions.map((session) => decodeClientSession(session)?.version)).toEqual([0x0304, 0x0304]);
    expect(seen.map(({ from, type, bytes }) => [from, type, bytes[0]])).toEqual(
      expect.arrayContaining([
        ["client", "handshake", 1],
        ["server", "handshake", 2],
        ["server", "handshake", 4],
      ]),
    );
  });

  it("resumes a session", async () => {
    const context = serverContext(withTickets());
    const { sessions } = await talk(connectionTo(context));
    const again = await talk(connectionTo(context), { session: sessions[0] });
    expect(again.info?.resumed).toBe(true);
  });

  it("sends a request, and reads as much of the answer as is wanted", async () => {
    const stream = connectionTo(serverContext(), {
      answer: (said, server) => {
        server.send(asciiBytes(`you said ${text(said)}`));
        server.send(asciiBytes("\n and more"));
      },
    });
    const { end, data, seen } = await talk(stream, {
      request: asciiBytes("hello"),
      isEnough: (bytes) => bytes.includes(10),
    });
    expect(end).toEqual({ how: "complete" });
    expect(text(data)).toMatch(/^you said hello\n/);
    expect(seen.filter(({ type }) => type === "application_data")[0]).toEqual({
      from: "client",
      type: "application_data",
      bytes: asciiBytes("hello"),
    });
  });

  it.each(["close", "cut"] as const)("tells of a server that ends it without an answer (%s)", async (how) => {
    const stream = connectionTo(serverContext(), { answer: (_, server) => server[how]() });
    const { end, info } = await talk(stream, { request: asciiBytes("hello") });
    expect(end).toEqual({ how: "closed" });
    expect(info).toBeDefined();
  });
});

describe("a whole connection to a server that does what it likes", () => {
  it("tells of an alert", async () => {
    const stream = rawConnection(({ writable }) => {
      void writable.getWriter().write(Uint8Array.of(21, 3, 3, 0, 2, 2, 40));
    });
    const { end, info, sessions } = await talk(stream);
    expect(end).toMatchObject({ how: "failed", error: { kind: "alert", alert: 40 } });
    expect([info, sessions]).toEqual([undefined, []]);
  });

  it("tells of what isn't TLS", async () => {
    const stream = rawConnection(({ writable }) => {
      void writable.getWriter().write(asciiBytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    expect((await talk(stream)).end).toMatchObject({ how: "failed", error: { kind: "peer" } });
  });

  it("tells of a stream that ends, or breaks, in the handshake", async () => {
    const ending = rawConnection(({ writable }) => void writable.getWriter().close());
    expect((await talk(ending)).end).toMatchObject({ how: "failed", error: { code: "truncated" } });
    const breaking = rawConnection(({ writable }) => void writable.getWriter().abort(new TypeError("reset")));
    expect((await talk(breaking)).end).toMatchObject({ how: "failed", error: { code: "transport_failed" } });
  });

  it("ends with a close_notify, or an alert, which the stream takes before it is cancelled", async () => {
    const order: string[] = [];
    const slow: ByteStream = {
      readable: new ReadableStream({
        start: (controller) => controller.enqueue(Uint8Array.of(9, 3, 3, 0, 1, 0)),
        cancel: () => void order.push("cancelled"),
      }),
      writable: new WritableStream({
        write: async (bytes) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          order.push(`record ${bytes[0]}`);
        },
        close: () => void order.push("closed"),
      }),
    };
    expect((await talk(slow)).end).toMatchObject({ how: "failed" });
    expect(order).toEqual(["record 22", "record 21", "closed", "cancelled"]);
  });

  it("waits no longer than it may for a stream that takes nothing", async () => {
    const stuck: ByteStream = {
      readable: new ReadableStream({ start: (controller) => controller.close() }),
      writable: new WritableStream({ write: () => new Promise<never>(() => {}) }),
    };
    expect((await talk(stuck)).end).toMatchObject({ how: "failed", error: { code: "truncated" } });
  });

  it("waits no longer than it may for one that says nothing", async () => {
    const { end } = await talk(
      rawConnection(() => {}),
      { silence: 5 },
    );
    expect(end).toEqual({ how: "silent", seconds: 0.005 });
  });

  it("waits no longer than it may in all for one that says a byte now and then", async () => {
    const stream = rawConnection(({ writable }) => {
      const writer = writable.getWriter();
      void (async () => {
        await writer.write(Uint8Array.of(22, 3, 3, 0x40, 0));
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          await writer.write(Uint8Array.of(0));
        }
      })().catch(() => {});
    });
    const { end } = await talk(stream, { time: 40 });
    expect(end).toEqual({ how: "silent", seconds: 0.04 });
  });

  it("reads no more data than it may", async () => {
    const endless = (said: number) =>
      talk(connectionTo(serverContext(), { answer: (_, server) => server.send(new Uint8Array(said)) }), {
        request: asciiBytes("hello"),
        isEnough: (data) => data.length >= maxDataOctets,
      });
    expect((await endless(maxDataOctets)).end).toEqual({ how: "complete" });
    const { end, data } = await endless(maxDataOctets + 1);
    expect(end).toEqual({ how: "too much", octets: maxDataOctets });
    expect(data).toHaveLength(maxDataOctets);
  });

  it("reads no more octets than it may, little as they say", async () => {
    const padded = (records: number) =>
      talk(
        connectionTo(serverContext({ recordPadding: padToMultiple(2 ** 14) }), {
          answer: (_, server) => {
            for (let count = 0; count < records; count += 1) server.send(Uint8Array.of(46));
            server.close();
          },
        }),
        { request: asciiBytes("hello") },
      );
    const octets = { how: "too much", octets: maxConnectionOctets };
    expect((await padded(maxConnectionOctets / 2 ** 14 - 3)).end).toEqual({ how: "closed" });
    expect((await padded(maxConnectionOctets / 2 ** 14 + 1)).end).toEqual(octets);
  });

  it("keeps no more messages as evidence than it may", async () => {
    const stream = connectionTo(serverContext(), {
      answer: (_, server) => {
        for (let count = 0; count < 2 * maxMessagesSeen; count += 1) server.send(Uint8Array.of(46));
        server.close();
      },
    });
    expect((await talk(stream, { request: asciiBytes("hello") })).seen.length).toBeLessThanOrEqual(maxMessagesSeen);
  });

  it("ends at once when it is given up", async () => {
    const controller = new AbortController();
    const talking = talk(
      rawConnection(() => {}),
      {},
      controller.signal,
    );
    controller.abort(new TypeError("enough"));
    await expect(talking).rejects.toThrow("enough");
    await expect(
      talk(
        rawConnection(() => {}),
        {},
        controller.signal,
      ),
    ).rejects.toThrow("enough");
  });
});
