import { nobleProvider } from "@tlskit/crypto-noble";
import { lateProvider, randomBelow, seededRandom } from "@tlskit/testing";
import { concat } from "@tlskit/wire";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ByteStream } from "../src/index.ts";
import { creditedPair } from "./helpers/credited.ts";
import { turns } from "./helpers/streams.ts";
import { wire } from "./helpers/wire.ts";
import { type Pair, pair } from "./helpers/world.ts";

/** One end, and what it has said and heard. */
class End {
  readonly socket: Pair["client"] | Pair["server"];
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly said: Uint8Array[] = [];
  readonly heard: Uint8Array[] = [];
  /** How reading ended, if it did by itself. */
  outcome: "end" | "error" | undefined;
  /** What was asked of it and hasn't settled. */
  readonly unsettled = new Set<string>();
  #isEnding = false;
  #next: number;
  #count = 0;

  constructor(socket: Pair["client"] | Pair["server"], first: number) {
    this.socket = socket;
    this.#writer = socket.writable.getWriter();
    this.#reader = socket.readable.getReader();
    this.#next = first;
    this.#asked("opened", socket.opened);
    this.#asked("closed", socket.closed);
    this.#asked("writer.closed", this.#writer.closed);
    this.#asked("reader.closed", this.#reader.closed);
  }

  #asked(what: string, promise: Promise<unknown>): void {
    this.#count += 1;
    const name = `${what} (${this.#count})`;
    this.unsettled.add(name);
    const settled = (): void => void this.unsettled.delete(name);
    promise.then(settled, settled);
  }

  write(length: number): void {
    if (this.#isEnding) return;
    const chunk = Uint8Array.from({ length }, (_, at) => this.#next + at);
    this.#next += length;
    this.said.push(chunk.slice());
    this.#asked("write", this.#writer.write(chunk));
  }

  read(): void {
    const reading = this.#reader.read();
    this.#asked("read", reading);
    reading.then(
      ({ done, value }) => {
        if (done) this.outcome ??= this.#isCancelled ? undefined : "end";
        else this.heard.push(value);
      },
      () => {
        this.outcome ??= "error";
      },
    );
  }

  #isCancelled = false;

  cancel(): void {
    this.#isCancelled = true;
    this.#asked("cancel", this.#reader.cancel("enough"));
  }

  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#asked("writer.close", this.#writer.close());
  }

  abort(): void {
    this.#isEnding = true;
    this.#asked("abort", this.#writer.abort("enough"));
  }

  close(): void {
    this.#isEnding = true;
    this.#asked("close", this.socket.close("enough"));
  }

  updateKeys(): void {
    try {
      this.socket.updateKeys(true);
    } catch {
      // not opened yet, or closed
    }
  }
}

/** After some microtasks, so that time goes by without a clock. */
function soon(below: (limit: number) => number): (task: () => void) => void {
  return async (task) => {
    for (let turn = below(20); turn > 0; turn -= 1) await undefined;
    task();
  };
}

/** What lies between the two. */
interface Between {
  readonly client: ByteStream;
  readonly server: ByteStream;
  cut(): unknown;
  /** Ends what the client gets, whatever the server has to say about it. */
  end(): unknown;
}

/** Two streams that have back-pressure. */
function wired(): Between {
  const made = wire();
  return { ...made, end: () => made.toClient.end() };
}

/** Two streams over messages, with credits. */
function credited(below: (limit: number) => number): Between {
  const { client, server } = creditedPair(soon(below));
  const cut = (): void => {
    for (const stream of [client, server]) stream.carrierClosed();
  };
  return { client, server, cut, end: () => client.receiveMessage({ end: true }) };
}

type Happening = (end: End, below: (limit: number) => number, between: Between) => unknown;

/** What may happen, so many times as often as what happens most seldom. */
const weighted: readonly (readonly [number, Happening])[] = [
  [8, (end, below) => end.write(below(3) * below(40_000))],
  [12, (end) => end.read()],
  [6, () => turns()],
  [1, (end) => end.updateKeys()],
  [1, (end) => end.end()],
  [1, (end) => end.cancel()],
  [1, (end, below) => below(3) === 0 && end.abort()],
  [1, (end, below) => below(2) === 0 && end.close()],
  // Behind a write that can't be done yet.
  [1, (end) => [end.write(400_000), end.close()]],
  [1, (_end, below, between) => below(8) === 0 && between.cut()],
  [1, (_end, below, between) => below(8) === 0 && between.end()],
];

const happenings = weighted.flatMap(([times, happening]) => Array.from({ length: times }, () => happening));

describe("whatever happens, in whatever order", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(Array.from({ length: 50 }, (_, seed) => seed))(
    "everything settles, and no end is false (%i)",
    async (seed) => {
      const random = seededRandom(seed);
      const below = (limit: number): number => randomBelow(random, limit);
      const provider = below(2) === 0 ? nobleProvider : lateProvider(nobleProvider, { later: soon(below) });
      const between = below(2) === 0 ? wired() : credited(below);
      const made = await pair({ provider, streams: between });
      const [client, server] = [new End(made.client, 0), new End(made.server, 128)];
      for (let step = 0; step < 60; step += 1) {
        const end = below(2) === 0 ? client : server;
        await happenings[below(happenings.length)]?.(end, below, between);
      }
      // Whoever is left reads what there is, and ends.
      for (let round = 0; round < 5; round += 1) {
        for (let reads = 0; reads < 10; reads += 1) for (const end of [client, server]) end.read();
        await turns();
      }
      for (const end of [client, server]) end.close();
      await vi.runAllTimersAsync();
      await turns();
      expect([...client.unsettled, ...server.unsettled]).toEqual([]);
      for (const [hearer, sayer] of [
        [client, server],
        [server, client],
      ] as const) {
        const [heard, said] = [concat(...hearer.heard), concat(...sayer.said)];
        if (hearer.outcome === "end") expect(heard).toEqual(said);
        else expect(heard).toEqual(said.subarray(0, heard.length));
      }
      for (const { readable, writable } of [between.client, between.server]) {
        expect([readable.locked, writable.locked]).toEqual([false, false]);
      }
      expect(vi.getTimerCount()).toBe(0);
    },
  );
});
