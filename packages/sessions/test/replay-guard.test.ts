import { MemoryReplayGuard } from "@tlskit/sessions";
import { describe, expect, it } from "vitest";

const window = 1000;

function guardAt(time: { now: number }, capacity?: number): MemoryReplayGuard {
  const guard = new MemoryReplayGuard({ clock: () => time.now, window, capacity });
  time.now += window;
  return guard;
}

const attempt = (binder: number, freshUntil: number) => ({
  binder: new Uint8Array(32).fill(binder),
  ticket: new Uint8Array(1),
  freshUntil,
});

// RFC 9846 §8#at-most-once
describe("a replay guard in memory (RFC 9846 §8.2)", () => {
  it("takes each ClientHello once, for as long as it is fresh", () => {
    for (let first = 0; first < 3 * window; first += 70) {
      const time = { now: window };
      const guard = guardAt(time);
      time.now += first;
      const freshUntil = time.now + window;
      expect(guard.admit(attempt(1, freshUntil))).toBe(true);
      expect(guard.admit(attempt(2, freshUntil))).toBe(true);
      for (; time.now <= freshUntil; time.now += 90) {
        expect(guard.admit(attempt(1, freshUntil)), `${first}, then ${time.now}`).toBe(false);
        // Others come meanwhile, so that it turns.
        expect(guard.admit({ ...attempt(3, freshUntil), binder: Uint8Array.of(first, time.now / 90) })).toBe(true);
      }
    }
  });

  it("takes nothing while it is younger than its window, since it can't know what was taken before", () => {
    const time = { now: 5000 };
    const guard = new MemoryReplayGuard({ clock: () => time.now, window });
    expect(guard.admit(attempt(1, 5500))).toBe(false);
    time.now = 5999;
    expect(guard.admit(attempt(1, 6500))).toBe(false);
    time.now = 6000;
    expect(guard.admit(attempt(1, 6500))).toBe(true);
  });

  it("is no older than the first time that its clock told, which says 0 at the top of a Worker's module", () => {
    const time = { now: 0 };
    const guard = new MemoryReplayGuard({ clock: () => time.now, window });
    expect(guard.admit(attempt(1, 500))).toBe(false);
    time.now = 50_000;
    expect(guard.admit(attempt(2, 50_500))).toBe(false);
    time.now = 50_999;
    expect(guard.admit(attempt(2, 51_500))).toBe(false);
    time.now = 51_000;
    expect(guard.admit(attempt(2, 51_500))).toBe(true);
  });

  it("takes nothing that would be fresh for longer than it is remembered", () => {
    const time = { now: window };
    const guard = guardAt(time);
    expect(guard.admit(attempt(1, time.now + window + 1))).toBe(false);
    expect(guard.admit(attempt(1, time.now + window))).toBe(true);
  });

  it("takes nothing when it is full, until it may forget", () => {
    const time = { now: window };
    const guard = guardAt(time, 2);
    const admitted = (binder: number) => guard.admit(attempt(binder, time.now + window));
    expect([admitted(1), admitted(2), admitted(3)]).toEqual([true, true, false]);
    time.now += window - 1;
    expect(admitted(3)).toBe(false);
    time.now += 2 * window;
    expect(admitted(3)).toBe(true);
  });

  it("takes nothing when its clock has gone back, until that has come as far again, and a window more", () => {
    const time = { now: window };
    const guard = guardAt(time);
    time.now = 50_000;
    expect(guard.admit(attempt(1, 50_500))).toBe(true);
    time.now = 20_000;
    expect(guard.admit(attempt(2, 20_500))).toBe(false);
    time.now = 49_900;
    expect(guard.admit(attempt(1, 50_500))).toBe(false);
    time.now = 50_999;
    expect(guard.admit(attempt(3, 51_000))).toBe(false);
    time.now = 51_000;
    expect(guard.admit(attempt(3, 51_500))).toBe(true);
  });
});
