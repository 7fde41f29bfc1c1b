import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { bytesSealedAtOnce, maxWaitingBytes } from "../src/limits.ts";
import { TlsSocket } from "../src/tls-socket.ts";

const nothing = (): void => {};

/** A socket whose connection gives such an answer to whatever comes, over a stream that takes nothing until it is told to. */
function answering(length: number, highWaterMark: number) {
  const written: (() => void)[] = [];
  const raw = new Duplex({
    highWaterMark,
    read: nothing,
    write: (_chunk, _encoding, done) => void written.push(done),
    writev: (_chunks, done) => void written.push(done),
  });
  const socket = new TlsSocket({
    raw,
    role: "client",
    open: (handlers) => ({
      channelBinding: () => new Uint8Array(0),
      checkDeadline: nothing,
      close: nothing,
      deadline: undefined,
      discard: nothing,
      exportKeyingMaterial: () => new Uint8Array(0),
      finished: undefined,
      receive: () => handlers.ciphertext(new Uint8Array(length)),
      receiveEnd: nothing,
      recordSize: 0,
      release: nothing,
      send: nothing,
      start: nothing,
      unread: 0,
      updateKeys: nothing,
    }),
  });
  socket.on("error", nothing);
  return { raw, written };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test.each([16 * 1024, 1024 * 1024])(
  "a peer that makes us answer, and reads nothing, is read no more when %i bytes and what no data comes to wait for it",
  async (highWaterMark) => {
    const answer = (highWaterMark + maxWaitingBytes) / 4;
    const { raw, written } = answering(answer, highWaterMark);
    for (let answers = 1; answers <= 5; answers += 1) {
      raw.push(Uint8Array.of(1));
      await turn();
      expect([answers, raw.isPaused()]).toEqual([answers, answers === 5]);
    }
    // Whatever was taken one by one or together, the last tells that there is room.
    while (written.length > 0) {
      written.shift()?.();
      await turn();
    }
    expect(raw.isPaused()).toBe(false);
    raw.destroy();
  },
);

test("data that waits never comes to so much", () => {
  expect(maxWaitingBytes).toBeGreaterThan(bytesSealedAtOnce + 1024);
});
