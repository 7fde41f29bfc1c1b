import { nobleProvider as provider } from "@tlskit/crypto-noble";
import {
  GivenTicketKeys,
  MemoryReplayGuard,
  MemorySessionStore,
  RotatingTicketKeys,
  SealedCookies,
  SealedTickets,
  StoredTickets,
} from "@tlskit/sessions";
import { describe, expect, it } from "vitest";

const bytes = new Uint8Array(32);
const clock = () => 0;
const random = (length: number) => new Uint8Array(length);
const keys = new GivenTicketKeys([{ name: new Uint8Array(16), secret: bytes }]);
const store = new MemorySessionStore({ clock });
const sealed = new SealedTickets({ provider, random, keys });
const stored = new StoredTickets({ random, clock });
/** Whatever a caller in JavaScript may give. */
const given = (value: unknown): never => value as never;

describe("a wrong argument", () => {
  it.each<[string, () => unknown]>([
    ["clock", () => new MemorySessionStore(given({}))],
    ["size", () => new MemorySessionStore({ clock, size: given("1") })],
    ["server", () => store.put(given(undefined), bytes, 1)],
    ["session", () => store.put("a", given("session"), 1)],
    ["expiresAt", () => store.put("a", bytes, given(undefined))],
    ["server", () => store.take(given(undefined))],
    ["server", () => store.forget(given(undefined), bytes)],
    ["session", () => store.forget("a", given(undefined))],
    ["random", () => new RotatingTicketKeys(given({ clock }))],
    ["clock", () => new RotatingTicketKeys(given({ random }))],
    ["period", () => new RotatingTicketKeys({ random, clock, period: given("1") })],
    ["lifetime", () => new RotatingTicketKeys({ random, clock, lifetime: given("1") })],
    ["keys", () => new GivenTicketKeys(given(undefined))],
    ["keys\\[0\\]", () => new GivenTicketKeys(given([{ name: "a", secret: bytes }]))],
    ["provider", () => new SealedTickets(given({ random, keys }))],
    ["random", () => new SealedTickets(given({ provider, keys }))],
    ["keys", () => new SealedTickets({ provider, random, keys: given([]) })],
    ["session", () => sealed.ticketFor(given("session"))],
    ["ticket", () => sealed.sessionOf(given("ticket"))],
    ["provider", () => new SealedCookies(given({ random, keys }))],
    ["state", () => new SealedCookies({ provider, random, keys }).cookieFor(given("state"))],
    ["cookie", () => new SealedCookies({ provider, random, keys }).stateOf(given("cookie"))],
    ["random", () => new StoredTickets(given({ clock }))],
    ["clock", () => new StoredTickets(given({ random }))],
    ["size", () => new StoredTickets({ random, clock, size: given("1") })],
    ["session", () => stored.ticketFor(given("session"), 1)],
    ["expiresAt", () => stored.ticketFor(bytes, given(undefined))],
    ["ticket", () => stored.sessionOf(given("ticket"))],
    ["identifier", () => stored.identifiers.keep(given(undefined), bytes, 1)],
    ["session", () => stored.identifiers.keep(bytes, given("session"), 1)],
    ["expiresAt", () => stored.identifiers.keep(bytes, bytes, given(undefined))],
    ["identifier", () => stored.identifiers.forget(given(undefined))],
    ["clock", () => new MemoryReplayGuard(given({}))],
    ["capacity", () => new MemoryReplayGuard({ clock, capacity: given("1") })],
    ["window", () => new MemoryReplayGuard({ clock, window: given("1") })],
    ["binder", () => new MemoryReplayGuard({ clock }).admit(given({ freshUntil: 1 }))],
    ["freshUntil", () => new MemoryReplayGuard({ clock }).admit(given({ binder: bytes }))],
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
    ["a store's size", () => new MemorySessionStore({ clock, size: 0 })],
    ["stored tickets' size", () => new StoredTickets({ random, clock, size: 1.5 })],
    ["a guard's capacity", () => new MemoryReplayGuard({ clock, capacity: 0 })],
    ["a guard's window", () => new MemoryReplayGuard({ clock, window: -1 })],
  ])("is a number from 1: %s", (_, call) => {
    expect(call).toThrow(expect.objectContaining({ kind: "caller", code: "out_of_range" }));
  });

  it("is an option that isn't known", () => {
    expect(() => new MemorySessionStore(given({ clock, sise: 1 }))).toThrow(
      expect.objectContaining({ code: "unknown_option" }),
    );
  });
});
