import { nodeProvider as provider } from "@tlskit/crypto-node";
import type { ReplayGuard } from "@tlskit/sessions";
import {
  maxClockDifference,
  type RedisGuard,
  RedisReplayGuard,
  type RedisReplayGuardOptions,
  RedisTickets,
} from "@tlskit/sessions-redis";
import type { TlsError } from "@tlskit/wire";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeRedis, random } from "./helpers/fake-redis.ts";

const window = 1000;
const attempt = { binder: new Uint8Array(32).fill(1), ticket: new Uint8Array(32).fill(2), freshUntil: 5500 };

/** What a real Redis makes of it is in redis.slow.test.ts. */
describe.each<[string, (options: RedisReplayGuardOptions) => RedisGuard]>([
  ["that remembers ClientHellos (RFC 9846 §8.2)", (options) => new RedisReplayGuard(options)],
  [
    "that takes tickets once (RFC 9846 §8.1)",
    (options) => new RedisTickets({ ...options, provider, random, key: new Uint8Array(32) }).singleUse,
  ],
])("a guard in Redis %s", (_, make) => {
  function world() {
    const redis = new FakeRedis();
    redis.now = 5000;
    const failures: TlsError[] = [];
    const guard = make({ redis, clock: () => redis.now, window, failed: (error) => failures.push(error) });
    return { redis, guard, codes: () => failures.splice(0).map(({ code }) => code) };
  }

  it.each([
    ["admitted", true, []],
    ["refused", false, []],
    ["young", false, []],
    ["evicts", false, ["redis_evicts"]],
    ["replica", false, ["redis_replica"]],
    ["clock", false, ["redis_clock"]],
    ["unknown", false, ["redis_answer"]],
    ["something else", false, ["redis_answer"]],
    [1, false, ["redis_answer"]],
    [null, false, ["redis_answer"]],
  ])("admits if Redis says so alone: %j", async (answer, admitted, told) => {
    const { guard, redis, codes } = world();
    redis.answer = async () => answer;
    expect(await guard.admit(attempt)).toBe(admitted);
    expect(codes()).toEqual(told);
    expect(redis.sent).toEqual(["EVAL"]);
  });

  it("remembers for as long as the ClientHello is fresh wherever clocks are wrong by as much as they may be", async () => {
    const { guard, redis } = world();
    await guard.admit({ ...attempt, freshUntil: 5500.5 });
    expect(redis.commands[0]?.at(-1)).toBe(String(5501 + maxClockDifference));
  });

  it.each([
    ["is fresh for longer than it is remembered", 6001, 5000],
    ["isn't fresh any more", 4999, 5000],
    ["has no time", Number.NaN, 5000],
    ["comes at no time", 5500, Number.NaN],
  ])("declines what %s, and asks nobody", async (_case, freshUntil, now) => {
    const { guard, redis, codes } = world();
    redis.now = now;
    redis.answer = async () => "admitted";
    expect(await guard.admit({ ...attempt, freshUntil })).toBe(false);
    expect([redis.commands, codes()]).toEqual([[], []]);
  });

  it.each<[string, Partial<FakeRedis>, string]>([
    ["isn't connected", { isReady: false }, "redis_not_connected"],
    ["refuses", { answer: () => Promise.reject(new Error("OOM")) }, "redis_error"],
  ])("declines when Redis %s", async (_case, ailing, code) => {
    const { guard, redis, codes } = world();
    Object.assign(redis, ailing);
    expect(await guard.admit(attempt)).toBe(false);
    expect(codes()).toEqual([code]);
    await guard.start();
    expect(codes()).toEqual([code]);
  });

  it("is refused at its start where Redis evicts", async () => {
    const { guard, redis } = world();
    redis.answer = async () => "evicts";
    await expect(guard.start()).rejects.toMatchObject({ name: "TlsError", kind: "caller", code: "redis_evicts" });
  });

  it("starts where Redis can be a guard, and tells at once what else is wrong", async () => {
    const { guard, redis, codes } = world();
    redis.answer = async () => "young";
    await guard.start();
    expect(codes()).toEqual([]);
    redis.answer = async () => "replica";
    await guard.start();
    expect(codes()).toEqual(["redis_replica"]);
  });

  describe("when Redis is slow", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it("declines, whatever comes later", async () => {
      const { guard, redis, codes } = world();
      let late = (_answer: string): void => {};
      redis.answer = () => new Promise((resolve) => (late = resolve));
      const admitted = guard.admit(attempt);
      await vi.advanceTimersByTimeAsync(250);
      late("admitted");
      expect(await admitted).toBe(false);
      expect(codes()).toEqual(["redis_timeout"]);
    });

    it("isn't bothered by a command that fails when nobody waits for it", async () => {
      const { guard, redis } = world();
      let late = (_error: Error): void => {};
      redis.answer = () => new Promise((_resolve, reject) => (late = reject));
      const admitted = guard.admit(attempt);
      await vi.advanceTimersByTimeAsync(250);
      late(new Error("the connection is gone"));
      expect(await admitted).toBe(false);
      await vi.runAllTimersAsync();
    });
  });
});

it("is a guard for any host of a handshake", () => {
  const redis = new FakeRedis();
  const guard: ReplayGuard = new RedisReplayGuard({ redis, clock: () => 0 });
  expect(guard).toBeInstanceOf(RedisReplayGuard);
});
