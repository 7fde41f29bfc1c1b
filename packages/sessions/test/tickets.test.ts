import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  GivenTicketKeys,
  RotatingTicketKeys,
  SealedTickets,
  StoredTickets,
  type TicketKey,
  type TicketKeys,
  type Tickets,
} from "@tlskit/sessions";
import { equalBytes, toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";

let drawn = 0;
/** Other bytes each time. */
const random = (length: number): Uint8Array => {
  drawn += 1;
  return new Uint8Array(length).map((_, at) => (at < 4 ? drawn >> (8 * at) : at * 7 + drawn));
};
const session = Uint8Array.from("a session", (character) => character.charCodeAt(0));
const key = (name: number, secret: number = name): TicketKey => ({
  name: new Uint8Array(16).fill(name),
  secret: new Uint8Array(32).fill(secret),
});
const sealed = (keys: TicketKeys, provider: CryptoProvider = nodeProvider): SealedTickets =>
  new SealedTickets({ provider, random, keys });
/** What is there at once. */
const now = (value: unknown): Uint8Array => {
  if (!(value instanceof Uint8Array)) throw new TypeError("nothing is there");
  return value;
};

describe.each([
  ["the session, sealed", () => sealed(new GivenTicketKeys([key(1)]))],
  ["the name of a session", () => new StoredTickets({ random, clock: () => 0 })],
])("a ticket that is %s", (_, make: () => Tickets) => {
  it("gives the session, as often as it is asked, and is another one each time", () => {
    const tickets = make();
    const [first, second] = [now(tickets.ticketFor(session, 10)), now(tickets.ticketFor(session, 10))];
    expect(equalBytes(first, second)).toBe(false);
    for (const ticket of [first, second, first]) expect(tickets.sessionOf(ticket)).toEqual(session);
  });

  // RFC 5077 §5.2#protected, RFC 9325 §3.4#protected
  it("gives nothing if one bit of it is another, or a byte is missing or too many", () => {
    const tickets = make();
    const ticket = now(tickets.ticketFor(session, 10));
    for (let bit = 0; bit < 8 * ticket.length; bit += 1) {
      const changed = ticket.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(tickets.sessionOf(changed)).toBeUndefined();
    }
    expect(tickets.sessionOf(ticket.subarray(1))).toBeUndefined();
    for (let length = 0; length < ticket.length; length += 1) {
      expect(tickets.sessionOf(ticket.subarray(0, length))).toBeUndefined();
    }
    expect(tickets.sessionOf(Uint8Array.of(...ticket, 0))).toBeUndefined();
  });
});

describe("sealed tickets", () => {
  // RFC 5077 §5.2#protected, RFC 9325 §3.4#protected
  it("don't show the session, and have 49 bytes more", () => {
    const ticket = now(sealed(new GivenTicketKeys([key(1)])).ticketFor(session));
    expect(toHex(ticket)).not.toContain(toHex(session));
    expect(ticket).toHaveLength(session.length + 49);
  });

  it("are each sealed under a key of their own: equal sessions have nothing in common", () => {
    const tickets = sealed(new GivenTicketKeys([key(1)]));
    const bodies = Array.from({ length: 50 }, () => toHex(now(tickets.ticketFor(session)).subarray(33)));
    expect(new Set(bodies).size).toBe(50);
  });

  it("are opened by every member of a fleet, whatever its provider", () => {
    const [ours, theirs] = [new GivenTicketKeys([key(1)]), new GivenTicketKeys([key(1)])];
    const chacha: CryptoProvider = {
      ...nobleProvider,
      aeads: nobleProvider.aeads.filter(({ name }) => name === "CHACHA20-POLY1305"),
    };
    expect(sealed(theirs, nobleProvider).sessionOf(now(sealed(ours).ticketFor(session)))).toEqual(session);
    const byChaCha = now(sealed(ours, chacha).ticketFor(session));
    expect(sealed(theirs).sessionOf(byChaCha)).toEqual(session);
    expect(sealed(theirs, chacha).sessionOf(now(sealed(ours).ticketFor(session)))).toBeUndefined();
  });

  it("are opened by all keys that are live, and sealed by the first", () => {
    const keys = new GivenTicketKeys([key(1)]);
    const tickets = sealed(keys);
    const old = now(tickets.ticketFor(session));
    keys.replace([key(2), key(1)]);
    const fresh = now(tickets.ticketFor(session));
    expect([old, fresh].map((ticket) => tickets.sessionOf(ticket))).toEqual([session, session]);
    keys.replace([key(2)]);
    expect([old, fresh].map((ticket) => tickets.sessionOf(ticket))).toEqual([undefined, session]);
    keys.replace([key(2, 3)]);
    expect(tickets.sessionOf(fresh)).toBeUndefined();
  });

  it("wait for keys that come later, and are none without keys", async () => {
    const tickets = sealed({ current: async () => [key(1)] });
    const ticket = await tickets.ticketFor(session);
    expect(await tickets.sessionOf(now(ticket))).toEqual(session);
    expect(sealed({ current: () => [] }).ticketFor(session)).toBeUndefined();
  });

  it("want an AEAD that they can be sealed with", () => {
    const provider = { ...nodeProvider, aeads: nodeProvider.aeads.filter(({ name }) => name === "AES-128-GCM") };
    expect(() => sealed(new GivenTicketKeys([key(1)]), provider)).toThrow(
      expect.objectContaining({ kind: "caller", code: "unsupported_choice" }),
    );
  });
});

describe("ticket keys that change by themselves", () => {
  const hour = 3600;
  const at = { now: 0 };
  const rotating = () => {
    at.now = 0;
    return new RotatingTicketKeys({ random, clock: () => at.now, period: 12 * hour, lifetime: 24 * hour });
  };

  // RFC 9325 §3.4#keys-change
  it("seal for their period, and open for as long as their tickets are good", () => {
    const keys = rotating();
    const tickets = sealed(keys);
    const first = now(tickets.ticketFor(session));
    at.now = 12 * hour * 1000 - 1;
    const last = now(tickets.ticketFor(session));
    expect(toHex(last.subarray(1, 17))).toBe(toHex(first.subarray(1, 17)));
    at.now += 1;
    const next = now(tickets.ticketFor(session));
    expect(toHex(next.subarray(1, 17))).not.toBe(toHex(first.subarray(1, 17)));
    at.now = 36 * hour * 1000 - 1;
    expect(tickets.sessionOf(last)).toEqual(session);
    at.now += 1;
    expect(tickets.sessionOf(last)).toBeUndefined();
    expect(tickets.sessionOf(next)).toEqual(session);
  });

  // RFC 9325 §3.4#keys-change
  it("are overwritten when they are over, and when they are erased", () => {
    const keys = rotating();
    const [first] = keys.current();
    at.now = 36 * hour * 1000;
    const [second] = keys.current();
    expect(first?.secret).toEqual(new Uint8Array(32));
    expect(keys.current()).toHaveLength(1);
    keys.erase();
    expect(second?.secret).toEqual(new Uint8Array(32));
    expect(keys.current()[0]?.secret).not.toEqual(new Uint8Array(32));
  });

  it("are never more than those of the time for which tickets are good", () => {
    const keys = rotating();
    for (let i = 0; i < 100; i += 1, at.now += 12 * hour * 1000) keys.current();
    expect(keys.current()).toHaveLength(3);
  });

  it.each([{ period: 0 }, { lifetime: 0 }, { lifetime: 604_801 }, { period: Number.NaN }])(
    "don't take %j",
    (options) => {
      expect(() => new RotatingTicketKeys({ random, clock: () => 0, ...options })).toThrow(
        expect.objectContaining({ kind: "caller", code: "out_of_range" }),
      );
    },
  );
});

describe("ticket keys that are given", () => {
  it("are copied, and overwritten when others take their place", () => {
    const given = key(1);
    const keys = new GivenTicketKeys([given]);
    given.secret.fill(9);
    const [kept] = keys.current();
    expect(kept?.secret).toEqual(new Uint8Array(32).fill(1));
    keys.replace([key(2)]);
    expect(kept?.secret).toEqual(new Uint8Array(32));
  });

  it.each([
    [[]],
    [[{ name: new Uint8Array(15), secret: new Uint8Array(32) }]],
    [[{ name: new Uint8Array(16), secret: new Uint8Array(31) }]],
  ])("have names and secrets of the right length, and there is one at least", (keys) => {
    expect(() => new GivenTicketKeys(keys)).toThrow(expect.objectContaining({ kind: "caller", code: "out_of_range" }));
  });
});

describe("stored tickets", () => {
  it("are over when they expire", () => {
    const time = { now: 0 };
    const tickets = new StoredTickets({ random, clock: () => time.now });
    const ticket = now(tickets.ticketFor(session, 10));
    expect(ticket).toHaveLength(32);
    time.now = 10;
    expect(tickets.sessionOf(ticket)).toBeUndefined();
    expect(tickets.bytes).toBe(0);
  });

  it("have no more bytes than they may: the oldest go first", () => {
    const tickets = new StoredTickets({ random, clock: () => 0, size: 2 * session.length });
    const made = [1, 2, 3].map(() => now(tickets.ticketFor(session, 10)));
    expect(made.map((ticket) => tickets.sessionOf(ticket))).toEqual([undefined, session, session]);
    expect(tickets.bytes).toBe(2 * session.length);
    expect(tickets.ticketFor(new Uint8Array(2 * session.length + 1), 10)).toBeUndefined();
  });

  it("are known by names that were there before them, until they are over or forgotten", () => {
    const time = { now: 0 };
    const tickets = new StoredTickets({ random, clock: () => time.now, size: 2 * session.length });
    const { identifiers } = tickets;
    const [first, second] = [identifiers.next(), identifiers.next()];
    expect(first).toHaveLength(32);
    expect(equalBytes(first, second)).toBe(false);
    expect(tickets.sessionOf(first)).toBeUndefined();
    for (const name of [first, second]) identifiers.keep(name, session, 10);
    expect([tickets.sessionOf(first), tickets.sessionOf(second)]).toEqual([session, session]);
    identifiers.forget(first);
    identifiers.forget(first);
    expect(tickets.sessionOf(first)).toBeUndefined();
    expect(tickets.bytes).toBe(session.length);
    time.now = 10;
    expect(tickets.sessionOf(second)).toBeUndefined();
    expect(tickets.bytes).toBe(0);
  });

  it("count once what is kept by one name, and keep none that is too large", () => {
    const tickets = new StoredTickets({ random, clock: () => 0, size: 2 * session.length });
    const name = tickets.identifiers.next();
    for (let again = 0; again < 3; again += 1) tickets.identifiers.keep(name, session, 10);
    expect(tickets.bytes).toBe(session.length);
    tickets.identifiers.keep(tickets.identifiers.next(), new Uint8Array(2 * session.length + 1), 10);
    expect(tickets.bytes).toBe(session.length);
    expect(tickets.sessionOf(name)).toEqual(session);
  });

  it("guard early data by taking each ticket once (RFC 9846 §8.1)", () => {
    const tickets = new StoredTickets({ random, clock: () => 0 });
    const ticket = now(tickets.ticketFor(session, 10));
    const attempt = { binder: new Uint8Array(32), ticket, freshUntil: 5 };
    expect([tickets.singleUse.admit(attempt), tickets.singleUse.admit(attempt)]).toEqual([true, false]);
    expect(tickets.sessionOf(ticket)).toBeUndefined();
    expect(tickets.bytes).toBe(0);
  });
});
