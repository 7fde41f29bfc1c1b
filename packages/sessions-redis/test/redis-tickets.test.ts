import { nodeProvider as provider } from "@tlskit/crypto-node";
import { RedisTickets, type RedisTicketsOptions } from "@tlskit/sessions-redis";
import { encodeBase64Url, type TlsError, toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { FakeRedis, random } from "./helpers/fake-redis.ts";

const session = Uint8Array.from("a session", (character) => character.charCodeAt(0));
const key = new Uint8Array(32).fill(7);

function fleet() {
  const redis = new FakeRedis();
  const failures: TlsError[] = [];
  const server = (options: Partial<RedisTicketsOptions> = {}) =>
    new RedisTickets({
      ...{ redis, provider, random, key, clock: () => redis.now, failed: (error) => failures.push(error) },
      ...options,
    });
  return { redis, server, codes: () => failures.splice(0).map(({ code }) => code) };
}

async function ticketOf(tickets: RedisTickets, expiresAt = 1000): Promise<Uint8Array> {
  const ticket = await tickets.ticketFor(session, expiresAt);
  if (ticket === undefined) throw new TypeError("there is no ticket");
  return ticket;
}

describe("tickets whose sessions are in Redis", () => {
  it("are 32 bytes, another one each time, and give the session at every server", async () => {
    const { server, codes } = fleet();
    const [first, second] = [await ticketOf(server()), await ticketOf(server())];
    expect(first).toHaveLength(32);
    expect(toHex(first)).not.toBe(toHex(second));
    for (const ticket of [first, second, first]) expect(await server().sessionOf(ticket)).toEqual(session);
    expect(codes()).toEqual([]);
  });

  it("are over when they expire, in Redis as well", async () => {
    const { server, redis } = fleet();
    const ticket = await ticketOf(server(), 10.5);
    expect([...redis.strings.values()].map(({ until }) => until)).toEqual([10]);
    redis.now = 10;
    expect(await server().sessionOf(ticket)).toBeUndefined();
  });

  it("give nothing if one bit is another, and aren't asked for if they have another length", async () => {
    const { server, redis, codes } = fleet();
    const tickets = server();
    const ticket = await ticketOf(tickets);
    for (let bit = 0; bit < 256; bit += 1) {
      const changed = ticket.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await tickets.sessionOf(changed)).toBeUndefined();
    }
    redis.commands.length = 0;
    expect(tickets.sessionOf(ticket.subarray(1))).toBeUndefined();
    expect(tickets.sessionOf(Uint8Array.of(...ticket, 0))).toBeUndefined();
    expect(redis.commands).toEqual([]);
    expect(codes()).toEqual([]);
  });

  it("tell who reads Redis neither the ticket nor the session", async () => {
    const { server, redis } = fleet();
    const ticket = await ticketOf(server());
    const stored = JSON.stringify(redis.commands);
    for (const part of [ticket, session]) {
      expect(stored).not.toContain(encodeBase64Url(part).slice(0, 8));
      expect(stored).not.toContain(toHex(part));
    }
  });

  it("give nothing under another operator's key, or in place of another ticket", async () => {
    const { server, redis, codes } = fleet();
    const [first, second] = [await ticketOf(server()), await ticketOf(server())];
    expect(await server({ key: new Uint8Array(32) }).sessionOf(first)).toBeUndefined();
    expect(codes()).toEqual([]);
    const [[a], [, b]] = [...redis.strings] as [[string, never], [string, never]];
    redis.strings.set(a, b);
    expect(await server().sessionOf(first)).toBeUndefined();
    expect(codes()).toEqual(["redis_answer"]);
    expect(await server().sessionOf(second)).toEqual(session);
  });

  it.each<[string, Partial<FakeRedis>, string]>([
    ["isn't connected", { isReady: false }, "redis_not_connected"],
    ["refuses", { answer: () => Promise.reject(new Error("OOM")) }, "redis_error"],
    ["answers oddly", { answer: async () => 1 }, "redis_answer"],
  ])("are none when Redis %s", async (_, ailing, code) => {
    const { server, redis, codes } = fleet();
    const ticket = await ticketOf(server());
    Object.assign(redis, ailing);
    expect(await server().ticketFor(session, 1000)).toBeUndefined();
    expect(await server().sessionOf(ticket)).toBeUndefined();
    expect(codes()).toEqual([code, code]);
  });

  it("are known by names that were there before them, at every server, until they are forgotten", async () => {
    const { server, redis, codes } = fleet();
    const name = server().identifiers.next();
    expect(name).toHaveLength(32);
    expect(redis.commands).toEqual([]);
    expect(await server().sessionOf(name)).toBeUndefined();
    await server().identifiers.keep(name, session, 10);
    expect(await server().sessionOf(name)).toEqual(session);
    await server().identifiers.forget(name);
    expect(await server().sessionOf(name)).toBeUndefined();
    await server().identifiers.forget(name);
    expect(redis.strings.size).toBe(0);
    expect(codes()).toEqual([]);
  });

  it("are neither kept nor forgotten when Redis is gone, which is told and no error", async () => {
    const { server, redis, codes } = fleet();
    const { identifiers } = server();
    redis.isReady = false;
    await identifiers.keep(identifiers.next(), session, 10);
    await identifiers.forget(identifiers.next());
    expect(codes()).toEqual(["redis_not_connected", "redis_not_connected"]);
  });

  it("are looked up as they were given, whatever becomes of the bytes meanwhile", async () => {
    const { server } = fleet();
    const ticket = await ticketOf(server());
    const found = server().sessionOf(ticket);
    ticket.fill(0);
    expect(await found).toEqual(session);
  });
});
