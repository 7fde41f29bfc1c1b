import { nodeProvider as provider } from "@tlskit/crypto-node";
import { defaultKeyPeriod, type TicketKey } from "@tlskit/sessions";
import {
  maxClockDifference,
  type RedisOptions,
  RedisReplayGuard,
  RedisTicketKeys,
  RedisTickets,
} from "@tlskit/sessions-redis";
import type { TlsError } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { Fleet } from "./helpers/fleet.ts";
import { operatorKey } from "./helpers/operator-key.ts";
import { type Client, connectedAgain, disconnected, RedisServer } from "./helpers/redis-server.ts";

/** So long that no test is at the mercy of a machine's speed; time passes as the mark in Redis is made older. */
const window = 600_000;
const timeLimit = 30_000;
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const sealed = { provider, random, key: operatorKey };
const session = Uint8Array.of(1, 2, 3);

const attempt = (binder: Uint8Array, ticket = binder) => ({ binder, ticket, freshUntil: Date.now() + window / 2 });

/** What one server has, and what it was told of failures. */
async function server(redis: RedisServer, own: Partial<RedisOptions & { clock: () => number }> = {}) {
  const client = await redis.client();
  const failures: TlsError[] = [];
  const shared = {
    redis: client,
    clock: Date.now,
    timeLimit,
    failed: (error: TlsError) => failures.push(error),
    ...own,
  };
  return {
    client,
    guard: new RedisReplayGuard({ ...shared, window }),
    tickets: new RedisTickets({ ...shared, ...sealed, window }),
    keys: new RedisTicketKeys({ ...shared, ...sealed }),
    codes: () => failures.splice(0).map(({ code }) => code),
  };
}

/** As if the mark had been made an hour ago. */
async function anHourLater(client: Client): Promise<void> {
  expect(await client.sendCommand(["HINCRBY", "tlskit:guard", "since", "-3600000"])).toBeTypeOf("number");
}

const names = (keys: readonly TicketKey[]) => keys.map(({ name }) => [...name].join());

// RFC 9846 §8#at-most-once
describe("a guard in a real Redis", () => {
  it("takes each ClientHello once, at whichever server, and remembers it while it is fresh", async (context) => {
    const redis = await RedisServer.start(context);
    const [a, b] = [await server(redis), await server(redis)];
    await a.guard.start();
    await anHourLater(a.client);
    const [first, second] = [attempt(random(32)), attempt(random(32))];
    expect(await a.guard.admit(first)).toBe(true);
    expect(await b.guard.admit(first)).toBe(false);
    expect(await a.guard.admit(first)).toBe(false);
    expect(await b.guard.admit(second)).toBe(true);
    const [kept] = (await a.client.keys("tlskit:seen:*")).filter((key) => key.includes("seen"));
    expect(await a.client.sendCommand(["PEXPIRETIME", kept ?? ""])).toBeGreaterThanOrEqual(
      Math.min(first.freshUntil, second.freshUntil) + maxClockDifference,
    );
    expect([a.codes(), b.codes()]).toEqual([[], []]);
  });

  it("takes nothing until its beginning is a window and twice the difference of clocks ago", async (context) => {
    const redis = await RedisServer.start(context);
    const { client, guard } = await server(redis);
    expect(await guard.admit(attempt(random(32)))).toBe(false);
    const since = Number(await client.hGet("tlskit:guard", "since"));
    // A minute is left of it, whatever the time of this test was.
    await client.hSet("tlskit:guard", "since", since - window - 2 * maxClockDifference + 60_000);
    expect(await guard.admit(attempt(random(32)))).toBe(false);
    await client.hSet("tlskit:guard", "since", since - window - 2 * maxClockDifference);
    expect(await guard.admit(attempt(random(32)))).toBe(true);
  });

  it.for(["remember", "take"] as const)("admits at exactly one of several processes: %s", async (type, context) => {
    const redis = await RedisServer.start(context);
    const { client, guard, tickets } = await server(redis);
    const fleet = await Fleet.start(redis, 3, window);
    await guard.start();
    await anHourLater(client);
    const subjects: string[] = [];
    for (let i = 0; i < 300; i += 1) {
      const ticket = await tickets.ticketFor(session, Date.now() + window);
      subjects.push(Buffer.from(ticket ?? []).toString("hex"));
    }
    const answers = await fleet.ask({ type, subjects, freshUntil: Date.now() + window / 2 });
    expect(answers.flat()).toHaveLength(subjects.length);
    expect(answers.flat().sort().join()).toBe(subjects.sort().join());
    const again = await fleet.ask({ type, subjects, freshUntil: Date.now() + window / 2 });
    expect(again.flat()).toEqual([]);
  });

  it("takes nothing after Redis was emptied, until that is long ago", async (context) => {
    const redis = await RedisServer.start(context);
    const { client, guard, codes } = await server(redis);
    await guard.start();
    await anHourLater(client);
    const seen = attempt(random(32));
    expect(await guard.admit(seen)).toBe(true);
    await client.flushAll();
    expect(await guard.admit(seen)).toBe(false);
    expect(await guard.admit(attempt(random(32)))).toBe(false);
    await anHourLater(client);
    expect(await guard.admit(attempt(random(32)))).toBe(true);
    expect(codes()).toEqual([]);
  });

  it("takes nothing while Redis is gone, nor when it is back with what it had saved", async (context) => {
    const redis = await RedisServer.start(context);
    const { client, guard, tickets, codes } = await server(redis);
    await guard.start();
    await anHourLater(client);
    const ticket = (await tickets.ticketFor(session, Date.now() + window)) ?? new Uint8Array();
    await client.sendCommand(["SAVE"]);
    const seen = attempt(random(32), ticket);
    expect(await guard.admit(seen)).toBe(true);
    expect(await tickets.singleUse.admit(seen)).toBe(true);
    expect(await tickets.sessionOf(ticket)).toBeUndefined();
    await redis.kill();
    await disconnected(client);
    expect(await guard.admit(attempt(random(32)))).toBe(false);
    expect(codes()).toEqual(["redis_not_connected"]);
    await redis.start();
    await connectedAgain(client);
    // What was saved knows the ticket, and the mark of a guard that is old enough.
    expect(await tickets.sessionOf(ticket)).toEqual(session);
    expect(await client.hGet("tlskit:guard", "since")).toBeTypeOf("string");
    expect(await guard.admit(seen)).toBe(false);
    expect(await tickets.singleUse.admit(seen)).toBe(false);
    await anHourLater(client);
    expect(await guard.admit(attempt(random(32)))).toBe(true);
    expect(codes()).toEqual([]);
  });

  it("takes nothing at a replica, nor when that has been promoted, also if it is for the second time", async (context) => {
    const primary = await RedisServer.start(context, { listens: true });
    const replica = await RedisServer.start(context, { listens: true });
    const [a, b] = [await server(primary), await server(replica)];
    const follow = async ({ client }: typeof a, { port }: RedisServer) => {
      await client.sendCommand(["REPLICAOF", "127.0.0.1", String(port)]);
      while (!(await client.info("replication")).includes("master_link_status:up")) await pause();
    };
    await follow(b, primary);
    await a.guard.start();
    await anHourLater(a.client);
    await a.client.sendCommand(["WAIT", "1", "0"]);
    expect(await b.guard.admit(attempt(random(32)))).toBe(false);
    expect(b.codes()).toEqual(["redis_replica"]);

    const lost = attempt(random(32));
    await b.client.sendCommand(["REPLICAOF", "NO", "ONE"]);
    expect(await a.guard.admit(lost)).toBe(true);
    expect(await b.client.hGet("tlskit:guard", "since")).toBe(await a.client.hGet("tlskit:guard", "since"));

    // Before anybody asks the new primary, the old one comes back as its replica, and is promoted in turn: the same
    // process with the mark that it has made itself, and without what it had seen.
    await follow(a, replica);
    await a.client.sendCommand(["REPLICAOF", "NO", "ONE"]);
    for (const { guard, codes } of [a, b]) {
      expect(await guard.admit(lost)).toBe(false);
      expect(await guard.admit(attempt(random(32)))).toBe(false);
      expect(codes()).toEqual([]);
    }
  });

  it("is refused where Redis evicts, at its start and later, and after anything was evicted", async (context) => {
    const redis = await RedisServer.start(context);
    const { client, guard, codes } = await server(redis);
    await client.configSet("maxmemory-policy", "volatile-ttl");
    await expect(guard.start()).rejects.toMatchObject({ kind: "caller", code: "redis_evicts" });
    await client.configSet("maxmemory-policy", "noeviction");
    await guard.start();
    await anHourLater(client);
    expect(await guard.admit(attempt(random(32)))).toBe(true);
    expect(codes()).toEqual([]);

    await client.configSet("maxmemory-policy", "volatile-ttl");
    expect(await guard.admit(attempt(random(32)))).toBe(false);
    expect(codes()).toEqual(["redis_evicts"]);

    // Meanwhile something else fills it: what has a deadline goes.
    await client.set("filling", "x".repeat(100_000));
    await client.configSet("maxmemory", "1");
    // It may be refused, for lack of memory, or make Redis throw something out: only that is of interest.
    await client.set("more", "x").catch(() => {});
    await client.configSet({ maxmemory: "0", "maxmemory-policy": "noeviction" });
    expect(await client.info("stats")).toMatch(/evicted_keys:[1-9]/);
    expect(await guard.admit(attempt(random(32)))).toBe(false);
    expect(codes()).toEqual([]);
    await anHourLater(client);
    expect(await guard.admit(attempt(random(32)))).toBe(true);
  });

  it("takes nothing when Redis is full", async (context) => {
    const redis = await RedisServer.start(context);
    const { client, guard, codes } = await server(redis);
    await guard.start();
    await anHourLater(client);
    await client.configSet("maxmemory", "1");
    expect(await guard.admit(attempt(random(32)))).toBe(false);
    expect(codes()).toEqual(["redis_error"]);
  });

  it("takes nothing at a server that tells another time than Redis", async (context) => {
    const redis = await RedisServer.start(context);
    // The difference that is allowed, and a minute.
    for (const difference of [-1, 1].map((sign) => sign * (maxClockDifference + 60_000))) {
      const { client, guard, codes } = await server(redis, { clock: () => Date.now() + difference });
      await guard.start();
      await anHourLater(client);
      codes();
      expect(await guard.admit(attempt(random(32)))).toBe(false);
      expect(codes()).toEqual(["redis_clock"]);
    }
  });

  it("takes nothing from a Redis that answers too late", async (context) => {
    const redis = await RedisServer.start(context);
    const patient = await server(redis);
    const { guard, codes } = await server(redis, { timeLimit: 50 });
    await patient.guard.start();
    await anHourLater(patient.client);
    redis.freeze();
    const seen = attempt(random(32));
    expect(await guard.admit(seen)).toBe(false);
    expect(codes()).toEqual(["redis_timeout"]);
    redis.goOn();
    expect(await patient.guard.admit(attempt(random(32)))).toBe(true);
  });
});

describe("tickets in a real Redis", () => {
  it("give their session at every server, until they are over", async (context) => {
    const redis = await RedisServer.start(context);
    const [a, b] = [await server(redis), await server(redis)];
    const ticket = (await a.tickets.ticketFor(session, Date.now() + window)) ?? new Uint8Array();
    expect(await b.tickets.sessionOf(ticket)).toEqual(session);
    const over = (await a.tickets.ticketFor(session, Date.now() - 1)) ?? new Uint8Array();
    expect(over).toHaveLength(32);
    expect(await b.tickets.sessionOf(over)).toBeUndefined();
    expect([a.codes(), b.codes()]).toEqual([[], []]);
  });

  it("are known by names that were there before them, until a server forgets them", async (context) => {
    const redis = await RedisServer.start(context);
    const [a, b] = [await server(redis), await server(redis)];
    const name = a.tickets.identifiers.next();
    await a.tickets.identifiers.keep(name, session, Date.now() + window);
    expect(await b.tickets.sessionOf(name)).toEqual(session);
    await b.tickets.identifiers.forget(name);
    expect(await a.tickets.sessionOf(name)).toBeUndefined();
    expect(await a.client.dbSize()).toBe(0);
    expect([a.codes(), b.codes()]).toEqual([[], []]);
  });

  it("are none while Redis is gone, and go on when it is back", async (context) => {
    const redis = await RedisServer.start(context);
    const { client, tickets, codes } = await server(redis);
    const ticket = (await tickets.ticketFor(session, Date.now() + window)) ?? new Uint8Array();
    await redis.kill();
    await disconnected(client);
    expect(await tickets.ticketFor(session, Date.now() + window)).toBeUndefined();
    expect(await tickets.sessionOf(ticket)).toBeUndefined();
    expect(codes()).toEqual(["redis_not_connected", "redis_not_connected"]);
    await redis.start();
    await connectedAgain(client);
    expect(await tickets.sessionOf(ticket)).toBeUndefined();
    expect(await tickets.ticketFor(session, Date.now() + window)).toHaveLength(32);
    expect(codes()).toEqual([]);
  });
});

describe("ticket keys in a real Redis", () => {
  it("are the same in several processes that are there first at the same time", async (context) => {
    const redis = await RedisServer.start(context);
    const fleet = await Fleet.start(redis, 3, window);
    const [first, ...others] = await fleet.ask({ type: "keys" });
    expect(first?.length).toBeGreaterThanOrEqual(2);
    for (const other of others) expect(other).toEqual(first);
  });

  it("go on while Redis is gone, and are brought back to one that has forgotten them", async (context) => {
    const redis = await RedisServer.start(context);
    // At the beginning of a period, so that none begins meanwhile.
    let time = Date.now() - (Date.now() % (1000 * defaultKeyPeriod));
    const { client, keys, codes } = await server(redis, { clock: () => time });
    const before = names(await keys.current());
    await redis.kill();
    await disconnected(client);
    time += 60_000;
    await asked(keys);
    expect(names(await keys.current())).toEqual(before);
    expect(codes()).toEqual(["redis_not_connected"]);
    await redis.start();
    await connectedAgain(client);
    time += 60_000;
    await asked(keys);
    while ((await client.dbSize()) < 2) await pause();
    const fresh = await server(redis, { clock: () => time });
    expect(names(await fresh.keys.current())).toEqual(before);
    expect(codes()).toEqual([]);
  });

  it("are none at a server that starts while Redis is gone, until it is back", async (context) => {
    const redis = await RedisServer.start(context);
    let time = Date.now();
    const { client, keys, codes } = await server(redis, { clock: () => time });
    await redis.kill();
    await disconnected(client);
    expect(await keys.current()).toEqual([]);
    expect(codes()).toEqual(["redis_not_connected"]);
    await redis.start();
    await connectedAgain(client);
    time += 1000;
    expect((await keys.current()).length).toBeGreaterThanOrEqual(2);
  });
});

/** Keys are looked at beside the handshakes: what is asked here is under way then. */
async function asked(keys: RedisTicketKeys): Promise<void> {
  await keys.current();
  await pause();
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
