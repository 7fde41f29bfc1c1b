import { nobleProvider } from "@tlskit/crypto-noble";
import { RedisReplayGuard, RedisTicketKeys, RedisTickets } from "@tlskit/sessions-redis";
import { describe, expect, it } from "vitest";
import { FakeRedis } from "./helpers/fake-redis.ts";

const redis = new FakeRedis();
const clock = () => 0;
const random = (length: number) => new Uint8Array(length);
const bytes = new Uint8Array(32);
const sealed = { redis, clock, random, provider: nobleProvider, key: bytes };
const tickets = new RedisTickets(sealed);
const guard = new RedisReplayGuard({ redis, clock });
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["redis", () => new RedisReplayGuard(given({ clock }))],
    ["redis", () => new RedisReplayGuard({ clock, redis: given({ sendCommand: clock }) })],
    ["clock", () => new RedisReplayGuard(given({ redis }))],
    ["window", () => new RedisReplayGuard({ redis, clock, window: given("1") })],
    ["prefix", () => new RedisReplayGuard({ redis, clock, prefix: given(1) })],
    ["timeLimit", () => new RedisReplayGuard({ redis, clock, timeLimit: given("1") })],
    ["failed", () => new RedisReplayGuard({ redis, clock, failed: given("1") })],
    ["binder", () => guard.admit(given({ freshUntil: 1 }))],
    ["freshUntil", () => guard.admit(given({ binder: bytes }))],
    ["redis", () => new RedisTicketKeys({ ...sealed, redis: given(undefined) })],
    ["provider", () => new RedisTicketKeys({ ...sealed, provider: given(undefined) })],
    ["random", () => new RedisTicketKeys({ ...sealed, random: given(undefined) })],
    ["clock", () => new RedisTicketKeys({ ...sealed, clock: given(undefined) })],
    ["key", () => new RedisTicketKeys({ ...sealed, key: given("secret") })],
    ["period", () => new RedisTicketKeys({ ...sealed, period: given("1") })],
    ["lifetime", () => new RedisTicketKeys({ ...sealed, lifetime: given("1") })],
    ["key", () => new RedisTickets({ ...sealed, key: given(undefined) })],
    ["window", () => new RedisTickets({ ...sealed, window: given("1") })],
    ["session", () => tickets.ticketFor(given("session"), 1)],
    ["expiresAt", () => tickets.ticketFor(bytes, given(undefined))],
    ["ticket", () => tickets.sessionOf(given("ticket"))],
    ["ticket", () => tickets.singleUse.admit(given({ freshUntil: 1 }))],
    ["freshUntil", () => tickets.singleUse.admit(given({ ticket: bytes }))],
  ])("is named: %s", (name, call) => {
    expect(call).toThrow(
      expect.objectContaining({
        name: "TlsError",
        kind: "caller",
        code: "invalid_argument",
        message: expect.stringMatching(new RegExp(`^${name} is `)),
      }),
    );
  });

  it.each<[string, () => unknown]>([
    ["a time limit of none", () => new RedisReplayGuard({ redis, clock, timeLimit: 0 })],
    ["a time limit one over", () => new RedisReplayGuard({ redis, clock, timeLimit: 30_001 })],
    ["no window", () => new RedisReplayGuard({ redis, clock, window: 0 })],
    ["no window for tickets", () => new RedisTickets({ ...sealed, window: -1 })],
    ["a key of 31 bytes", () => new RedisTickets({ ...sealed, key: bytes.subarray(1) })],
    ["no period", () => new RedisTicketKeys({ ...sealed, period: 0 })],
    ["half a second", () => new RedisTicketKeys({ ...sealed, lifetime: 0.5 })],
    ["a lifetime one over", () => new RedisTicketKeys({ ...sealed, lifetime: 604_801 })],
    ["more keys than may be live", () => new RedisTicketKeys({ ...sealed, period: 100, lifetime: 6201 })],
  ])("is out of range: %s", (_, call) => {
    expect(call).toThrow(expect.objectContaining({ kind: "caller", code: "out_of_range" }));
  });

  it("isn't one that is just within its limit", () => {
    new RedisReplayGuard({ redis, clock, timeLimit: 30_000, window: 1 });
    new RedisTicketKeys({ ...sealed, period: 100, lifetime: 6200 });
  });

  it("is an option that isn't known", () => {
    expect(() => new RedisReplayGuard(given({ redis, clock, timelimit: 1 }))).toThrow(
      expect.objectContaining({ code: "unknown_option" }),
    );
  });

  it("is a provider without the AEAD", () => {
    expect(() => new RedisTickets({ ...sealed, provider: { ...nobleProvider, aeads: [] } })).toThrow(
      expect.objectContaining({ name: "CryptoError", code: "unsupported" }),
    );
  });
});
