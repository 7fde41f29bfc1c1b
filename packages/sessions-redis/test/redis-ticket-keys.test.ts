import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { SealedTickets, type TicketKey } from "@tlskit/sessions";
import { RedisTicketKeys, type RedisTicketKeysOptions } from "@tlskit/sessions-redis";
import { encodeBase64Url, equalBytes, type TlsError, toHex } from "@tlskit/wire";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeRedis, random } from "./helpers/fake-redis.ts";

const hour = 3600;
const key = new Uint8Array(32).fill(7);

/** A Redis, the time, and servers that share both. */
function fleet() {
  const redis = new FakeRedis();
  const failures: TlsError[] = [];
  const server = (options: Partial<RedisTicketKeysOptions> = {}) =>
    new RedisTicketKeys({
      ...{ redis, provider, random, key, clock: () => redis.now, failed: (error) => failures.push(error) },
      ...{ period: 12 * hour, lifetime: 24 * hour },
      ...options,
    });
  const codes = () => failures.splice(0).map(({ code }) => code);
  return { redis, server, codes };
}

/** Seconds pass, and what is asked meanwhile beside the handshakes is answered. */
async function pass(redis: FakeRedis, seconds: number, ...servers: readonly RedisTicketKeys[]): Promise<void> {
  redis.now += 1000 * seconds;
  for (const server of servers) await settled(server);
}

async function settled(server: RedisTicketKeys): Promise<readonly TicketKey[]> {
  await server.current();
  // All answers of a Redis in memory come within a turn of the event loop, and so do those of this provider.
  await new Promise(setImmediate);
  return server.current();
}

const names = (keys: readonly TicketKey[]) => keys.map(({ name }) => toHex(name));

describe("ticket keys in Redis", () => {
  it("are the same for all servers: one that seals, and the next one", async () => {
    const { server, redis, codes } = fleet();
    const keys = await server().current();
    expect(keys).toHaveLength(2);
    expect(keys.map(({ name, secret }) => [name.length, secret.length])).toEqual([
      [16, 32],
      [16, 32],
    ]);
    expect(await server().current()).toEqual(keys);
    expect(await server({ provider: nobleProvider }).current()).toEqual(keys);
    expect(redis.strings.size).toBe(2);
    expect(codes()).toEqual([]);
  });

  it("are made once, also if two servers are first at the same instant", async () => {
    const { server } = fleet();
    const [a, b] = await Promise.all([server().current(), server().current()]);
    expect(a).toEqual(b);
  });

  it("open at one server what was sealed at another", async () => {
    const { server } = fleet();
    const [ours, theirs] = [server(), server()].map((keys) => new SealedTickets({ provider, random, keys }));
    const ticket = await ours?.ticketFor(Uint8Array.of(1, 2, 3));
    expect(await theirs?.sessionOf(ticket ?? new Uint8Array())).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("are there at once when they have been looked at before", async () => {
    const { server, redis } = fleet();
    const keys = server();
    await keys.current();
    redis.commands.length = 0;
    expect(keys.current()).toHaveLength(2);
    await pass(redis, 59, keys);
    expect(redis.commands).toEqual([]);
    redis.now += 1000;
    expect(keys.current()).toHaveLength(2);
    expect(redis.sent).toEqual(["MGET"]);
  });

  it("seal for their period, and open for as long as their tickets are good", async () => {
    const { server, redis } = fleet();
    const keys = server();
    const [first, second] = names(await keys.current());
    await pass(redis, 12 * hour - 1, keys);
    expect(names(await keys.current()).slice(0, 1)).toEqual([first]);
    await pass(redis, 1, keys);
    // The next one was known before.
    expect(names(await keys.current()).slice(0, 2)).toEqual([second, first]);
    await pass(redis, 24 * hour - 1, keys);
    expect(names(await keys.current())).toContain(first);
    await pass(redis, 1, keys);
    expect(names(await keys.current())).not.toContain(first);
    expect(names(await keys.current())).toContain(second);
  });

  it("are overwritten when they are over, and stored until then alone", async () => {
    const { server, redis } = fleet();
    const keys = server();
    const [first] = await keys.current();
    expect([...redis.strings.values()].map(({ until }) => until)).toEqual([36, 48].map((hours) => hours * hour * 1000));
    await pass(redis, 36 * hour, keys);
    expect(first?.secret).toEqual(new Uint8Array(32));
    for (const { secret } of await keys.current()) expect(secret).not.toEqual(new Uint8Array(32));
  });

  it("are never more than those of the time for which tickets are good", async () => {
    const { server, redis } = fleet();
    const keys = server();
    for (let i = 0; i < 20; i += 1) await pass(redis, 12 * hour, keys);
    expect(await keys.current()).toHaveLength(4);
  });

  it("are sealed in Redis: who reads it sees neither names nor secrets", async () => {
    const { server, redis } = fleet();
    const keys = await server().current();
    const stored = JSON.stringify([...redis.strings, ...redis.commands]);
    for (const { name, secret } of keys) {
      for (const part of [name, secret]) {
        expect(stored).not.toContain(encodeBase64Url(part).slice(0, 10));
        expect(stored).not.toContain(toHex(part));
      }
    }
  });

  it("are others under another operator's key, and don't meet", async () => {
    const { server, codes } = fleet();
    const ours = await server().current();
    const theirs = await server({ key: new Uint8Array(32).fill(8) }).current();
    expect(theirs).toHaveLength(2);
    expect(names(theirs).filter((name) => names(ours).includes(name))).toEqual([]);
    expect(codes()).toEqual([]);
  });

  it("don't open under the name of another period", async () => {
    const { server, redis, codes } = fleet();
    await server().current();
    const [[first, a], [second, b]] = [...redis.strings] as [[string, never], [string, never]];
    redis.strings.set(first, b).set(second, a);
    expect(await server().current()).toEqual([]);
    expect(codes()).toEqual(["redis_answer"]);
  });

  it("survive a Redis that is emptied: those who know them bring them back", async () => {
    const { server, redis } = fleet();
    const keys = server();
    const before = await keys.current();
    redis.strings.clear();
    await pass(redis, 60, keys);
    expect(await server().current()).toEqual(before);
  });

  it("come together again if others were made after Redis was emptied", async () => {
    const { server, redis } = fleet();
    const old = server();
    const before = names(await old.current());
    redis.strings.clear();
    const fresh = server();
    const after = names(await fresh.current());
    await pass(redis, 60, old, fresh);
    // The new ones seal at both, and the old one opens what it has sealed.
    expect(names(await old.current())).toEqual([after[0], before[0], after[1], before[1]]);
    expect(names(await fresh.current())).toEqual(after);
  });

  it("are at most 64, however often Redis is emptied and others are made", async () => {
    const { server, redis } = fleet();
    const old = server();
    const [first] = await old.current();
    for (let i = 0; i < 31; i += 1) {
      redis.strings.clear();
      await server().current();
      await pass(redis, 60, old);
    }
    expect(await old.current()).toHaveLength(64);
    redis.strings.clear();
    const newest = await server().current();
    await pass(redis, 60, old);
    const keys = await old.current();
    expect(keys).toHaveLength(64);
    expect(names(keys)).toEqual(expect.arrayContaining(names(newest)));
    expect(names(keys)).not.toContain(names([first ?? { name: new Uint8Array(), secret: new Uint8Array() }])[0]);
    expect(first?.secret).toEqual(new Uint8Array(32));
  });

  it.each<[string, (redis: FakeRedis) => void, string]>([
    ["isn't connected", (redis) => Object.assign(redis, { isReady: false }), "redis_not_connected"],
    ["refuses", (redis) => Object.assign(redis, { answer: () => Promise.reject(new Error("OOM")) }), "redis_error"],
    [
      "throws at once",
      (redis) =>
        Object.assign(redis, {
          answer: () => {
            throw new Error("closed");
          },
        }),
      "redis_error",
    ],
    ["answers with a number", (redis) => Object.assign(redis, { answer: async () => 1 }), "redis_answer"],
    ["answers with too little", (redis) => Object.assign(redis, { answer: async () => [] }), "redis_answer"],
    [
      "answers with rubbish",
      (redis) => Object.assign(redis, { answer: async () => ["a", "!", 1, null] }),
      "redis_answer",
    ],
  ])("go on from what is known while Redis %s, and are none where nothing is known", async (_, ail, code) => {
    const { server, redis, codes } = fleet();
    const keys = server();
    const [first, second] = names(await keys.current());
    ail(redis);
    await pass(redis, 12 * hour, keys);
    expect(names(await keys.current())).toEqual([second, first]);
    await pass(redis, 23 * hour, keys);
    expect(names(await keys.current())).toEqual([second, first]);
    await pass(redis, hour, keys);
    expect(names(await keys.current())).toEqual([second]);
    expect(new Set(codes())).toEqual(new Set([code]));
    expect(await server().current()).toEqual([]);
    expect(codes()).toEqual([code]);
  });

  it("aren't asked for within a second of a failure", async () => {
    const { server, redis, codes } = fleet();
    const keys = server();
    redis.answer = () => Promise.reject(new Error("LOADING"));
    expect(await keys.current()).toEqual([]);
    redis.commands.length = 0;
    redis.now += 999;
    expect(keys.current()).toEqual([]);
    expect(redis.commands).toEqual([]);
    redis.answer = undefined;
    redis.now += 1;
    expect(await keys.current()).toHaveLength(2);
    expect(codes()).toEqual(["redis_error"]);
  });

  it("are looked at again after the clock has gone back", async () => {
    const { server, redis } = fleet();
    redis.now = 100 * hour * 1000;
    const keys = server();
    await keys.current();
    redis.now = 10 * hour * 1000;
    const [first] = await settled(keys);
    const [same] = await server().current();
    expect(equalBytes(first?.name ?? new Uint8Array(), same?.name ?? new Uint8Array(1))).toBe(true);
  });

  describe("when Redis never answers", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it("are none once the limit of time is over, and nobody waits for the answer", async () => {
      const { server, redis, codes } = fleet();
      let signal: AbortSignal | undefined;
      redis.answer = (_, given) => {
        signal = given;
        return new Promise(() => {});
      };
      const keys = server({ timeLimit: 100 }).current();
      await vi.advanceTimersByTimeAsync(99);
      expect(signal?.aborted).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await keys).toEqual([]);
      expect(signal?.aborted).toBe(true);
      expect(codes()).toEqual(["redis_timeout"]);
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
