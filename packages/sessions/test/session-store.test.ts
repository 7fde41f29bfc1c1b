import { MemorySessionStore, maxSessionsPerServer } from "@tlskit/sessions";
import { describe, expect, it } from "vitest";

const session = (...bytes: readonly number[]): Uint8Array => Uint8Array.of(...bytes);

function storeAt(time: { now: number }, size?: number): MemorySessionStore {
  return new MemorySessionStore({ clock: () => time.now, size });
}

describe("a client's store in memory", () => {
  it("gives each session once, the newest first, and to the server that it is for", () => {
    const store = storeAt({ now: 0 });
    store.put("a.example", session(1), 10);
    store.put("a.example", session(2), 10);
    store.put("b.example", session(3), 10);
    expect([store.take("a.example"), store.take("a.example"), store.take("a.example")]).toEqual([
      session(2),
      session(1),
      undefined,
    ]);
    expect(store.take("c.example")).toBeUndefined();
    expect(store.take("b.example")).toEqual(session(3));
    expect(store.bytes).toBe(0);
  });

  it("keeps copies", () => {
    const store = storeAt({ now: 0 });
    const mine = session(1);
    store.put("a.example", mine, 10);
    mine.fill(0);
    expect(store.take("a.example")).toEqual(session(1));
  });

  it("gives none that is over, and keeps none that is", () => {
    const time = { now: 0 };
    const store = storeAt(time);
    store.put("a.example", session(1), 10);
    store.put("a.example", session(2), 5);
    store.put("a.example", session(3), 0);
    time.now = 5;
    expect(store.take("a.example")).toEqual(session(1));
    store.put("a.example", session(4), 10);
    time.now = 10;
    expect(store.take("a.example")).toBeUndefined();
    expect(store.bytes).toBe(0);
  });

  // RFC 5246 §7.2.2#session-forgotten
  it("forgets the session that it is told to, and no other", () => {
    const store = storeAt({ now: 0 });
    for (const number of [1, 2, 3]) store.put("a.example", session(number), 10);
    store.forget("a.example", session(2));
    store.forget("a.example", session(9));
    store.forget("b.example", session(3));
    expect(store.bytes).toBe(2);
    expect([store.take("a.example"), store.take("a.example"), store.take("a.example")]).toEqual([
      session(3),
      session(1),
      undefined,
    ]);
    store.forget("a.example", session(1));
    expect(store.bytes).toBe(0);
  });

  it(`keeps ${maxSessionsPerServer} of a server, the newest`, () => {
    const store = storeAt({ now: 0 });
    for (let i = 0; i <= maxSessionsPerServer; i += 1) store.put("a.example", session(i), 10);
    expect(store.bytes).toBe(maxSessionsPerServer);
    const taken = Array.from({ length: maxSessionsPerServer + 1 }, () => store.take("a.example")?.[0]);
    expect(taken).toEqual([8, 7, 6, 5, 4, 3, 2, 1, undefined]);
  });

  it("has no more bytes than it may, and lets go of what wasn't used for longest", () => {
    const store = storeAt({ now: 0 }, 4);
    store.put("a.example", session(1, 1), 10);
    store.put("b.example", session(2, 2), 10);
    expect(store.bytes).toBe(4);
    store.put("a.example", session(3), 10);
    expect(store.bytes).toBe(3);
    expect(store.take("b.example")).toBeUndefined();
    store.put("c.example", session(4, 4, 4, 4, 4), 10);
    expect(store.take("c.example")).toBeUndefined();
    expect([store.take("a.example"), store.take("a.example")]).toEqual([session(3), session(1, 1)]);
  });
});
