import { describe, expect, test } from "vitest";
import { bytesSealedAtOnce, maxUntakenAnswers, maxUntakenBytes, TlsSocket } from "../src/index.ts";
import { turns } from "./helpers/streams.ts";

const nothing = (): void => {};

/** A socket whose connection gives such an answer to whatever comes, over a stream that takes nothing until it is told to. */
function answering(length: number) {
  let read = 0;
  let take = nothing;
  const readable = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        read += 1;
        controller.enqueue(Uint8Array.of(1));
      },
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Uint8Array>({ write: () => new Promise<void>((resolve) => (take = resolve)) });
  TlsSocket.over({ readable, writable }, (handlers) => ({
    channelBinding: () => new Uint8Array(0),
    checkDeadline: nothing,
    close: nothing,
    deadline: undefined,
    discard: nothing,
    exportEarlyKeyingMaterial: () => new Uint8Array(0),
    exportKeyingMaterial: () => new Uint8Array(0),
    recordSize: 0,
    finished: undefined,
    receive: () => handlers.ciphertext(new Uint8Array(length)),
    receiveEnd: nothing,
    send: nothing,
    start: nothing,
    abort: nothing,
    unread: 0,
    unsent: 0,
    updateKeys: nothing,
  }));
  return { read: () => read, take: () => take() };
}

describe("a peer that makes us answer, and reads nothing,", () => {
  test(`is read no more when ${maxUntakenAnswers} bytes wait for it, until some are taken`, async () => {
    const { read, take } = answering(maxUntakenAnswers / 4);
    await turns();
    expect(read()).toBe(4);
    take();
    await turns();
    expect(read()).toBe(5);
  });

  test("has more room than data that waits ever takes", () => {
    expect(maxUntakenAnswers).toBeGreaterThan(maxUntakenBytes + bytesSealedAtOnce + 1024);
  });
});
