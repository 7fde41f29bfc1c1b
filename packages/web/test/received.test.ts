import { callerError } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { maxUnreadBytes } from "../src/index.ts";
import { Received } from "../src/received.ts";
import { codeOf, turns } from "./helpers/streams.ts";

function made(): Received {
  return new Received({ taken: () => {}, cancelled: () => {} });
}

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at % 251);

describe("what has come and waits to be read", () => {
  // A byte in an array of its own takes some three hundred.
  test("in single bytes is kept together, and read in large pieces", async () => {
    const received = made();
    const sent = bytes(maxUnreadBytes);
    for (const byte of sent) received.push(Uint8Array.of(byte));
    expect(received.waiting).toBe(sent.length);
    received.end();
    const chunks: Uint8Array[] = [];
    for await (const chunk of received.readable) chunks.push(chunk);
    expect(concat(...chunks)).toEqual(sent);
    expect(chunks.length).toBeLessThanOrEqual(8);
  });

  test("is nobody else's, however it was put together", async () => {
    const received = made();
    const reader = received.readable.getReader();
    const sent = bytes(5_000);
    let got = 0;
    for (let at = 0; at < sent.length; ) {
      for (const length of [1, 3, 700, 2]) {
        received.push(sent.slice(at, at + length));
        at += length;
      }
      const { value = new Uint8Array(0) } = await reader.read();
      expect(value).toEqual(sent.subarray(got, got + value.length));
      got += value.length;
      structuredClone(value, { transfer: [value.buffer as ArrayBuffer] }); // of a stream of type bytes it is one
    }
  });

  test("goes to whoever waits as it comes, and is told to have been taken", async () => {
    const taken: number[] = [];
    const received = new Received({ taken: (length) => taken.push(length), cancelled: () => {} });
    const reading = received.readable.getReader().read();
    await turns();
    received.push(bytes(10));
    received.push(bytes(20));
    expect((await reading).value).toHaveLength(10);
    expect([taken, received.waiting]).toEqual([[10], 20]);
  });

  test("comes before the error, unless that is to come at once", async () => {
    const error = callerError("closed", "over");
    const [late, soon] = [made(), made()];
    for (const received of [late, soon]) received.push(bytes(10));
    late.end(error);
    soon.drop(error);
    const reader = late.readable.getReader();
    expect((await reader.read()).value).toHaveLength(10);
    expect(await codeOf(reader.read())).toBe("closed");
    expect(await codeOf(soon.readable.getReader().read())).toBe("closed");
  });

  test("is dropped where nobody reads it any more", async () => {
    let isCancelled = false;
    const received = new Received({
      taken: () => {},
      cancelled: () => {
        isCancelled = true;
      },
    });
    received.push(bytes(10));
    await received.readable.cancel();
    received.push(bytes(10));
    received.end();
    expect([isCancelled, received.waiting]).toEqual([true, 0]);
  });
});
