import { asciiBytes } from "@tlskit/wire";
import {
  expectFailure,
  expectSame,
  expectText,
  failed,
  pattern,
  readExactly,
  readToEnd,
  roundTrips,
} from "./helpers.ts";
import type { TransportCase, TransportFactory, TransportLacks, TransportPair, TransportSocket } from "./transport.ts";

const megabyte = 1024 * 1024;
/** A writer that nobody reads from has to be stopped before it has written so much. */
const mostUnread = 256 * megabyte;

/** A case with one connection, which is destroyed at its end. */
type Play = (pair: TransportPair, factory: TransportFactory) => Promise<void>;

/** What some cases need of a transport; the others need nothing that one could lack. */
const needs: Readonly<Record<string, keyof TransportLacks>> = {
  "a client that nobody reads from is stopped": "back-pressure",
  "a server that nobody reads from is stopped": "back-pressure",
  "a stream that is cut off is no orderly end": "cuts",
};

/**
 * What every transport is held to: cases without a test runner, each of which makes its own connections. Nothing in them
 * depends on how long something takes.
 * @param lacks what the transport can't do, each with a sentence that says why.
 */
export function transportConformance(factory: TransportFactory, lacks: TransportLacks = {}): readonly TransportCase[] {
  return Object.entries(plays).map(([name, play]) => ({
    name,
    cannot: lackOf(lacks, name),
    run: async () => {
      const pair = await factory({ alpnProtocols: ["tlskit-conformance"] });
      try {
        await play(pair, factory);
      } finally {
        pair.client.destroy();
        pair.server.destroy();
      }
    },
  }));
}

function lackOf(lacks: TransportLacks, name: string): string | undefined {
  const need = needs[name];
  return need && lacks[need];
}

const plays: Readonly<Record<string, Play>> = {
  "data goes there and back": async ({ client, server }) => {
    await client.write(asciiBytes("hello"));
    expectText("at the server", await readExactly(server, 5), "hello");
    await server.write(asciiBytes("hello yourself"));
    expectText("at the client", await readExactly(client, 14), "hello yourself");
  },

  "many small writes keep their order": async ({ client, server }) => {
    const sent = pattern(2000, 1);
    const writing = (async () => {
      for (let i = 0; i < sent.length; i += 1) await client.write(sent.slice(i, i + 1));
    })();
    expectSame("at the server", await readExactly(server, sent.length), sent);
    await writing;
  },

  "an empty write is no end and no data": async ({ client, server }) => {
    await client.write(new Uint8Array(0));
    await client.write(asciiBytes("x"));
    expectText("at the server", await readExactly(server, 1), "x");
  },

  "the caller may reuse its buffer once a write has settled": async ({ client, server }) => {
    const buffer = asciiBytes("first");
    await client.write(buffer);
    buffer.set(asciiBytes("again"));
    await client.write(buffer);
    expectText("at the server", await readExactly(server, 10), "firstagain");
  },

  "much data goes both ways at once": async ({ client, server }) => {
    const [toServer, toClient] = [pattern(4 * megabyte, 2), pattern(4 * megabyte, 3)];
    const [atServer, atClient] = await Promise.all([
      readExactly(server, toServer.length),
      readExactly(client, toClient.length),
      writeInPieces(client, toServer, 50_000),
      writeInPieces(server, toClient, 70_000),
    ]);
    expectSame("at the server", atServer, toServer);
    expectSame("at the client", atClient, toClient);
  },

  "one large write arrives whole": async ({ client, server }) => {
    const sent = pattern(4 * megabyte, 4);
    const [got] = await Promise.all([readExactly(server, sent.length), client.write(sent)]);
    expectSame("at the server", got, sent);
  },

  "a client that nobody reads from is stopped": ({ client, server }, factory) => backPressure(client, server, factory),
  "a server that nobody reads from is stopped": ({ client, server }, factory) => backPressure(server, client, factory),

  "the client ends its direction, the server's stays": ({ client, server }) => halfClose(client, server),
  "the server ends its direction, the client's stays": ({ client, server }) => halfClose(server, client),

  "an end comes behind all data": async ({ client, server }) => {
    const sent = pattern(3 * megabyte, 5);
    const [got] = await Promise.all([
      readToEnd(server),
      (async () => {
        await writeInPieces(client, sent, 100_000);
        await client.end();
      })(),
    ]);
    expectSame("at the server", got, sent);
  },

  "an end without data is an end": async ({ client, server }) => {
    await client.end();
    if ((await server.read()) !== undefined) throw failed("data came that nobody sent");
    await server.end();
    if ((await client.read()) !== undefined) throw failed("data came that nobody sent");
  },

  "a write after the end fails": async ({ client, server }) => {
    await client.end();
    await expectFailure("a write after the end", client.write(asciiBytes("x")));
    await server.write(asciiBytes("still open"));
    expectText("at the client", await readExactly(client, 10), "still open");
  },

  "a stream that is cut off is no orderly end": async (pair) => {
    await pair.server.write(asciiBytes("half of an ans"));
    expectText("at the client", await readExactly(pair.client, 14), "half of an ans");
    const [atClient, atServer] = [pair.client.read(), pair.server.read()];
    // Both fail, whichever is looked at first.
    atServer.catch(() => undefined);
    atClient.catch(() => undefined);
    pair.cut();
    await expectFailure("the client's read", atClient);
    await expectFailure("the server's read", atServer);
    await expectFailure("the client's next read", pair.client.read());
  },

  "destroy fails what waits, and the other side notices": async ({ client, server }) => {
    const [waiting, noticing] = [client.read(), server.read()];
    waiting.catch(() => undefined);
    noticing.catch(() => undefined);
    client.destroy();
    const ended = await waiting.catch(() => undefined);
    if (ended !== undefined) throw failed("a destroyed socket gave data");
    await expectFailure("a write to a destroyed socket", client.write(asciiBytes("x")));
    // A transport may say close_notify when it is destroyed, or not: the other side gets an end or an error, no data.
    if ((await noticing.catch(() => undefined)) !== undefined) throw failed("data came that nobody sent");
    client.destroy();
  },

  "connections don't get in each other's way": async (_pair, factory) => {
    const pairs = await Promise.all(Array.from({ length: 12 }, () => factory({ alpnProtocols: [] })));
    try {
      await Promise.all(
        pairs.map(async ({ client, server }, index) => {
          const sent = pattern(100_000 + index, index);
          const [got] = await Promise.all([readExactly(server, sent.length), writeInPieces(client, sent, 10_000)]);
          expectSame(`on connection ${index}`, got, sent);
        }),
      );
    } finally {
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
    }
  },

  "both see the application protocol": async ({ client, server }) => {
    for (const { alpnProtocol } of [client, server]) {
      if (alpnProtocol !== "tlskit-conformance") throw failed(`alpnProtocol is ${alpnProtocol}`);
    }
  },

  "without ALPN there is no application protocol": async (_pair, factory) => {
    const { client, server } = await factory({ alpnProtocols: [] });
    try {
      for (const { alpnProtocol } of [client, server]) {
        if (alpnProtocol !== undefined) throw failed(`alpnProtocol is ${alpnProtocol}`);
      }
    } finally {
      client.destroy();
      server.destroy();
    }
  },
};

async function writeInPieces(socket: TransportSocket, data: Uint8Array, size: number): Promise<void> {
  for (let offset = 0; offset < data.length; offset += size) await socket.write(data.slice(offset, offset + size));
}

async function halfClose(first: TransportSocket, second: TransportSocket): Promise<void> {
  await first.write(asciiBytes("question"));
  await first.end();
  expectText("behind the question", await readToEnd(second), "question");
  if ((await second.read()) !== undefined) throw failed("data came behind the end");
  await second.write(asciiBytes("answer"));
  await second.end();
  expectText("behind the answer", await readToEnd(first), "answer");
}

/**
 * Writes while nobody reads: at some point no write settles any more, though there is time for it, told by what goes to
 * and fro on another connection. Then everything is read, and nothing is missing.
 */
async function backPressure(from: TransportSocket, to: TransportSocket, factory: TransportFactory): Promise<void> {
  const piece = pattern(megabyte / 4, 6);
  let written = 0;
  let stop = false;
  const writing = (async () => {
    while (!stop && written < mostUnread) {
      await from.write(piece);
      written += piece.length;
    }
  })();
  const clock = await factory({ alpnProtocols: [] });
  try {
    for (let before = -1; before !== written; ) {
      before = written;
      await roundTrips(clock, 100);
      if (written >= mostUnread) throw failed(`${written} bytes were written that nobody has read`);
    }
    stop = true;
    // The write that was stopped settles once there is room.
    const expected = written + piece.length;
    for (let read = 0; read < expected; ) {
      const chunk = await to.read();
      if (chunk === undefined) throw failed(`the data ended after ${read} bytes of ${expected}`);
      expectSame("what was stopped", chunk, repeated(piece, read, chunk.length));
      read += chunk.length;
    }
    await writing;
  } finally {
    stop = true;
    clock.client.destroy();
    clock.server.destroy();
  }
}

/** A part of a piece that is repeated without end. */
function repeated(piece: Uint8Array, offset: number, length: number): Uint8Array {
  const data = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) data[i] = piece[(offset + i) % piece.length] ?? 0;
  return data;
}
