import { MemorySessionStore, RotatingTicketKeys, SealedTickets } from "@tlskit/sessions";
import type { EarlyDataOutcome, ServerOptions } from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { maxUnreadBytes, type ServerContextOptions } from "../src/index.ts";
import { codeOf, read, say, text, write } from "./helpers/streams.ts";
import { host, opened, type Pair, type PairOptions, pair, providers } from "./helpers/world.ts";

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const clock = Date.now;

/** What a client was told of its early data. */
class Told {
  readonly outcomes: [EarlyDataOutcome, string][] = [];
  readonly outcome = (outcome: EarlyDataOutcome, data: Uint8Array): void => {
    this.outcomes.push([outcome, new TextDecoder().decode(data)]);
  };
}

/** Says something to and fro and ends in order: tickets have come by then. */
async function conversation({ client, server }: Pair): Promise<void> {
  const answering = (async () => {
    await text(server.readable);
    await say(server.writable, "answer");
  })();
  await Promise.all([say(client.writable, "question"), text(client.readable), answering]);
  await Promise.all([client.closed, server.closed]);
}

describe.each(providers)("sessions, by $name", (provider) => {
  const tickets = (): Pick<ServerOptions, "tickets"> => ({
    tickets: new SealedTickets({ provider, random, keys: new RotatingTicketKeys({ random, clock }) }),
  });
  const taking = (): Partial<ServerContextOptions> => ({
    ...tickets(),
    earlyData: { maxSize: 1_000, guard: { admit: () => true } },
  });

  test("a context with a store resumes by itself, and the server is verified again", async () => {
    const options: PairOptions = {
      provider,
      client: { sessions: new MemorySessionStore({ clock }) },
      server: tickets(),
    };
    const first = await opened(options);
    expect(first.client.info?.resumed).toBe(false);
    await conversation(first);
    const { client, server } = await opened(options);
    expect([client.info?.resumed, server.info?.resumed]).toEqual([true, true]);
    expect(client.info?.peer.certificates).toHaveLength(2);
  });

  test("a session can be kept, and given to another connection", async () => {
    const kept: Uint8Array[] = [];
    const options = {
      provider,
      server: tickets(),
      connect: { keepSession: (session: Uint8Array) => kept.push(session) },
    };
    await conversation(await opened(options));
    expect(kept.length).toBeGreaterThan(0);
    const { client } = await opened({ ...options, connect: { session: kept[0] } });
    expect(client.info?.resumed).toBe(true);
  });

  test("early data is told apart, before the handshake is done, and can be answered before that", async () => {
    const early: string[] = [];
    const told = new Told();
    const options: PairOptions = {
      provider,
      client: { sessions: new MemorySessionStore({ clock }) },
      server: taking(),
      accept: { earlyData: (bytes) => early.push(new TextDecoder().decode(bytes)) },
    };
    await conversation(await opened(options));
    const { client, server } = await pair({
      ...options,
      connect: { earlyData: { replayable: asciiBytes("asked early"), outcome: told.outcome } },
    });
    await write(server.writable, "answered");
    expect(await read(client.readable, 8)).toBe("answered");
    await write(client.writable, ", and later");
    expect(await read(server.readable, 11)).toBe(", and later");
    expect(early).toEqual(["asked early"]);
    expect(told.outcomes).toEqual([["accepted", ""]]);
    const label = ["EXPERIMENTAL test", asciiBytes("context"), 32] as const;
    expect(client.exportEarlyKeyingMaterial(...label)).toEqual(server.exportEarlyKeyingMaterial(...label));
  });

  test("more early data than may wait unread is taken all the same", async () => {
    let early = 0;
    const told = new Told();
    const options: PairOptions = {
      provider,
      client: { sessions: new MemorySessionStore({ clock }) },
      server: { ...tickets(), earlyData: { maxSize: 4 * maxUnreadBytes, guard: { admit: () => true } } },
      accept: {
        earlyData: ({ length }) => {
          early += length;
        },
      },
    };
    await conversation(await opened(options));
    const replayable = new Uint8Array(3 * maxUnreadBytes);
    await opened({ ...options, connect: { earlyData: { replayable, outcome: told.outcome } } });
    expect([early, told.outcomes]).toEqual([replayable.length, [["accepted", ""]]]);
  });

  test("more early data than may wait unread is passed over all the same", async () => {
    const told = new Told();
    const options: PairOptions = {
      provider,
      client: { sessions: new MemorySessionStore({ clock }) },
      server: {
        ...tickets(),
        earlyData: { maxSize: 4 * maxUnreadBytes, guard: { admit: () => true } },
        maxSkippedEarlyData: 4 * maxUnreadBytes,
      },
    };
    await conversation(await opened({ ...options, accept: { earlyData: () => {} } }));
    const replayable = new Uint8Array(3 * maxUnreadBytes);
    const { server } = await opened({ ...options, connect: { earlyData: { replayable, outcome: told.outcome } } });
    expect([server.info?.resumed, told.outcomes.map(([outcome]) => outcome)]).toEqual([true, ["rejected"]]);
  });

  test("early data is given back by a server that listens to none", async () => {
    const told = new Told();
    const options: PairOptions = {
      provider,
      client: { sessions: new MemorySessionStore({ clock }) },
      server: taking(),
    };
    await conversation(await opened({ ...options, accept: { earlyData: () => {} } }));
    const { client, server } = await opened({
      ...options,
      connect: { earlyData: { replayable: asciiBytes("asked early"), outcome: told.outcome } },
    });
    expect(told.outcomes).toEqual([["rejected", "asked early"]]);
    expect(client.info?.earlyData).toBe("rejected");
    await write(client.writable, "asked again");
    expect(await read(server.readable, 11)).toBe("asked again");
  });

  test("early data is given back where there is no session", async () => {
    const told = new Told();
    await opened({
      provider,
      server: taking(),
      connect: { earlyData: { replayable: asciiBytes("early"), outcome: told.outcome } },
    });
    expect(told.outcomes).toEqual([["not_sent", "early"]]);
  });

  test.each<[string, (made: Pair) => unknown]>([
    ["the stream is cut off", ({ wire }) => wire.cut()],
    ["the socket is closed", ({ client }) => client.close()],
    ["the socket is aborted", ({ client }) => client.writable.abort().catch(() => {})],
  ])("what became of early data is told, once, if %s first", async (_name, end) => {
    const told = new Told();
    const made = await pair({
      provider,
      connect: { earlyData: { replayable: asciiBytes("early"), outcome: told.outcome } },
    });
    end(made);
    await made.client.closed.catch(() => {});
    expect(told.outcomes).toEqual([["not_sent", "early"]]);
  });

  test("an answer to early data ends the connection if the callback throws", async () => {
    const options: PairOptions = {
      provider,
      client: { sessions: new MemorySessionStore({ clock }) },
      server: taking(),
      accept: {
        earlyData: () => {
          throw new RangeError("not now");
        },
      },
    };
    await conversation(await opened(options));
    const { client, server } = await pair({
      ...options,
      connect: { host, earlyData: { replayable: asciiBytes("x"), outcome: () => {} } },
    });
    expect(await codeOf(server.closed)).toBe("aborted");
    expect(await codeOf(client.closed)).toBe("alert_internal_error");
  });
});
