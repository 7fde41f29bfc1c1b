import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";
import { bytesSealedAtOnce, maxUnreadBytes, maxUntakenBytes, writableBufferSize } from "../src/index.ts";
import { text, turns } from "./helpers/streams.ts";
import { wire } from "./helpers/wire.ts";
import { opened, type Pair } from "./helpers/world.ts";

// With noble, which answers at once, everything that can happen has happened after some turns.
const provider = nobleProvider;
const tooMuch = 4 * 1024 * 1024;

/** Writes until nothing goes on any more, and tells how much was taken and how much has gone over the wire. */
async function stuck({ client, wire }: Pair): Promise<{ readonly taken: number; readonly sent: number }> {
  const writer = client.writable.getWriter();
  let taken = 0;
  void (async () => {
    for (; taken < tooMuch; taken += 16 * 1024) await writer.write(new Uint8Array(16 * 1024));
  })().catch(() => {});
  for (let before = -1; before !== taken; ) {
    before = taken;
    await turns();
  }
  writer.releaseLock();
  return { taken, sent: wire.toServer.bytes.length };
}

describe("back-pressure", () => {
  test("what nobody reads isn't read from the stream below either, beyond the limit and a chunk", async () => {
    const made = await opened({ provider });
    const pipe = 64 * 1024;
    const { taken } = await stuck(made);
    expect(taken).toBeGreaterThanOrEqual(maxUnreadBytes);
    expect(taken).toBeLessThanOrEqual(maxUnreadBytes + pipe + 2 * 16 * 1024);
  });

  test("what the stream below doesn't take isn't sealed, beyond what is sealed at a time", async () => {
    const made = await opened({ provider });
    const reader = made.server.readable.getReader();
    await stuck(made);
    const before = made.wire.toServer.bytes.length;
    const writer = made.client.writable.getWriter();
    writer.write(new Uint8Array(tooMuch)).catch(() => {});
    await turns();
    expect(made.wire.toServer.bytes.length - before).toBeLessThanOrEqual(bytesSealedAtOnce + 1024);
    reader.releaseLock();
  });

  // A socket in a Worker is such a stream.
  test("a stream below that always says it has room is waited for when it doesn't take what it has", async () => {
    const between = wire();
    let given = 0;
    const never = new WritableStream<Uint8Array>(
      {
        write: (chunk) => {
          given += chunk.length;
          return given > 1024 * 1024 ? new Promise(() => {}) : forward(chunk);
        },
      },
      { highWaterMark: Infinity },
    );
    const forward = async (chunk: Uint8Array): Promise<void> => {
      await toServer.write(chunk);
    };
    const toServer = between.client.writable.getWriter();
    const client = { readable: between.client.readable, writable: never };
    const made = await opened({ provider, streams: { client, server: between.server } });
    made.server.readable.pipeTo(new WritableStream()).catch(() => {});
    const { taken } = await stuck(made);
    expect(taken).toBeGreaterThanOrEqual(1024 * 1024 - maxUntakenBytes);
    expect(taken).toBeLessThanOrEqual(1024 * 1024 + maxUntakenBytes + bytesSealedAtOnce + writableBufferSize);
  });

  test("a large write goes to the stream below in chunks of what is sealed at a time", async () => {
    const made = await opened({ provider });
    const before = made.wire.toServer.written.length;
    const writer = made.client.writable.getWriter();
    const [got] = await Promise.all([
      text(made.server.readable),
      (async () => {
        await writer.write(new Uint8Array(3 * bytesSealedAtOnce));
        await writer.close();
      })(),
    ]);
    expect(got).toHaveLength(3 * bytesSealedAtOnce);
    const chunks = made.wire.toServer.written.slice(before, -1).map(({ length }) => length);
    expect(chunks).toHaveLength(3);
    for (const length of chunks) expect(length).toBeLessThan(bytesSealedAtOnce + 1024);
  });

  test("a writer is told to wait when a buffer full of it waits", async () => {
    const made = await opened({ provider });
    await stuck(made);
    const writer = made.client.writable.getWriter();
    let isReady = false;
    void writer.write(new Uint8Array(writableBufferSize)).catch(() => {});
    void writer.ready.then(() => {
      isReady = true;
    });
    await turns();
    expect([writer.desiredSize !== null && writer.desiredSize <= 0, isReady]).toEqual([true, false]);
    void text(made.server.readable);
    await writer.ready;
  });

  test("who is read from in small pieces is read from the stream below as it is", async () => {
    const made = await opened({ provider });
    const { taken } = await stuck(made);
    const reader = made.server.readable.getReader();
    for (let got = 0; got < taken; ) got += (await reader.read()).value?.length ?? 0;
    await turns();
    expect(made.wire.toServer.bytes.length).toBeGreaterThan(taken);
  });
});
