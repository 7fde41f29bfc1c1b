import { ByteQueue, concat } from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

describe("a queue of bytes", () => {
  test("gives what it was given, in whatever pieces", () => {
    const pushed = fc.uint8Array({ minLength: 0, maxLength: 700, size: "max" });
    fc.assert(
      fc.property(fc.array(fc.tuple(pushed, fc.nat(900)), { maxLength: 40 }), (steps) => {
        const queue = new ByteQueue();
        const taken: Uint8Array[] = [];
        for (const [bytes, wanted] of steps) {
          queue.push(bytes);
          if (queue.length > 0) expect(queue.at(queue.length - 1)).toBe(bytes.at(-1) ?? queue.at(queue.length - 1));
          if (wanted <= queue.length) taken.push(queue.take(wanted));
        }
        taken.push(queue.take(queue.length));
        expect(concat(...taken)).toEqual(concat(...steps.map(([bytes]) => bytes)));
        expect([queue.length, queue.pieces]).toEqual([0, 0]);
      }),
    );
  });

  test("never writes to what it was given, nor to what it gave", () => {
    const queue = new ByteQueue();
    const buffer = new Uint8Array(1000);
    queue.push(buffer.subarray(0, 3));
    queue.push(Uint8Array.of(1, 2, 3));
    const [given, copied] = [queue.take(3), queue.take(2)];
    for (let i = 0; i < 600; i += 1) queue.push(Uint8Array.of(9));
    expect(buffer).toEqual(new Uint8Array(1000));
    expect([given, copied]).toEqual([new Uint8Array(3), Uint8Array.of(1, 2)]);
    expect(queue.take(2)).toEqual(Uint8Array.of(3, 9));
  });

  test("keeps a piece that comes alone, and long ones, as they are", () => {
    const queue = new ByteQueue();
    const [short, long] = [new Uint8Array(5), new Uint8Array(512)];
    queue.push(short);
    queue.push(long);
    expect(queue.take(5).buffer).toBe(short.buffer);
    expect(queue.take(512).buffer).toBe(long.buffer);
  });

  test("that gets bytes singly keeps them in a few pieces", () => {
    const queue = new ByteQueue();
    for (let i = 0; i < 100_000; i += 1) queue.push(Uint8Array.of(i & 0xff));
    expect(queue.pieces).toBeLessThan(25);
    expect(queue.at(65_537)).toBe(1);
    expect(queue.take(100_000).every((byte, index) => byte === (index & 0xff))).toBe(true);
  });

  test("gives pieces as they lie, or copied into a place where they don't lie together", () => {
    const queue = new ByteQueue();
    const [one, other] = [new Uint8Array(600).fill(1), new Uint8Array(600).fill(2)];
    for (const piece of [one, other, one]) queue.push(piece);
    expect(queue.takePieces(700).map(({ buffer, length }) => [buffer === one.buffer, length])).toEqual([
      [true, 600],
      [false, 100],
    ]);
    const place = new Uint8Array(600);
    expect(queue.takeInto(400, place, 0).buffer).toBe(other.buffer);
    const spanning = queue.takeInto(300, place, 50);
    expect([spanning.buffer === place.buffer, spanning.byteOffset]).toEqual([true, 50]);
    expect(spanning).toEqual(concat(other.subarray(0, 100), one.subarray(0, 200)));
    expect(queue.takeCopy(400, place, 0)).toEqual(one.subarray(0, 400));
    expect(queue.length).toBe(0);
  });

  test("copies what lies in memory that is somebody else's, and nothing more", () => {
    const queue = new ByteQueue();
    const [shared, own] = [new Uint8Array(2000).fill(1), new Uint8Array(600).fill(2)];
    for (const piece of [shared.subarray(0, 600), own, shared.subarray(600, 1200)]) queue.push(piece);
    expect(queue.take(100)[0]).toBe(1);
    queue.own(shared.buffer);
    shared.fill(9);
    queue.push(Uint8Array.of(3));
    const rest = queue.takePieces(1701);
    expect(rest[1]?.buffer).toBe(own.buffer);
    const whole = concat(new Uint8Array(500).fill(1), own, new Uint8Array(600).fill(1), Uint8Array.of(3));
    expect(concat(...rest)).toEqual(whole);
  });

  test("is empty once it was cleared", () => {
    const queue = new ByteQueue();
    for (const byte of [1, 2, 3]) queue.push(Uint8Array.of(byte));
    queue.clear();
    expect([queue.length, queue.pieces]).toEqual([0, 0]);
    queue.push(Uint8Array.of(4));
    expect(queue.take(1)).toEqual(Uint8Array.of(4));
  });
});
