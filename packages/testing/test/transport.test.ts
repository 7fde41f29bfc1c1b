import { describe, expect, it } from "vitest";
import { type TransportPair, type TransportSocket, transportConformance } from "../src/index.ts";

/** How a transport may be wrong. */
type Fault =
  | "none"
  | "no back-pressure"
  | "truncation as an end"
  | "half-close closes both"
  | "end before data"
  | "no ALPN"
  | "ALPN assumed"
  | "keeps the caller's buffer"
  | "writes after the end"
  | "joins connections"
  | "empty chunks";

/** One direction of a stream in memory: at most so much is unread before a write waits. */
class Stream {
  readonly #fault: Fault;
  readonly #chunks: Uint8Array[] = [];
  #unread = 0;
  #state: "open" | "ended" | "failed" = "open";
  #wake: (() => void)[] = [];

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  async write(data: Uint8Array): Promise<void> {
    if (this.#state === "failed" || (this.#state === "ended" && this.#fault !== "writes after the end")) {
      throw new Error("the stream is not open");
    }
    if (data.length === 0 && this.#fault !== "empty chunks") return;
    this.#chunks.push(this.#fault === "keeps the caller's buffer" ? data : data.slice());
    this.#unread += data.length;
    this.#signal();
    while (this.#unread > 100_000 && !this.#failed && this.#fault !== "no back-pressure") await this.#change();
  }

  get #failed(): boolean {
    return this.#state === "failed";
  }

  async read(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (this.#state === "failed") throw new Error("the stream was cut off");
      if (this.#fault === "end before data" && this.#state === "ended") return undefined;
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#unread -= chunk.length;
        this.#signal();
        return chunk;
      }
      if (this.#state === "ended") return undefined;
      await this.#change();
    }
  }

  end(): void {
    if (this.#state === "open") this.#state = "ended";
    this.#signal();
  }

  fail(): void {
    this.#state = this.#fault === "truncation as an end" ? "ended" : "failed";
    this.#signal();
  }

  #change(): Promise<void> {
    return new Promise((done) => this.#wake.push(done));
  }

  #signal(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const done of wake) done();
  }
}

function factory(fault: Fault) {
  const shared = new Stream(fault);
  return async ({ alpnProtocols }: { readonly alpnProtocols: readonly string[] }): Promise<TransportPair> => {
    const joined = fault === "joins connections" && alpnProtocols.length === 0;
    const [toServer, toClient] = [joined ? shared : new Stream(fault), new Stream(fault)];
    const [offered = fault === "ALPN assumed" ? "http/1.1" : undefined] = alpnProtocols;
    const socket = (input: Stream, output: Stream): TransportSocket => ({
      alpnProtocol: fault === "no ALPN" ? undefined : offered,
      write: (data) => output.write(data),
      read: () => input.read(),
      end: async () => {
        output.end();
        if (fault === "half-close closes both") input.end();
      },
      destroy: () => {
        input.fail();
        output.fail();
      },
    });
    return {
      client: socket(toClient, toServer),
      server: socket(toServer, toClient),
      cut: () => {
        toServer.fail();
        toClient.fail();
      },
    };
  };
}

describe("the suite for transports", () => {
  describe("passes a transport that does everything", () => {
    for (const { name, run } of transportConformance(factory("none"))) it(name, run);
  });

  const wrong: readonly (readonly [Fault, string])[] = [
    ["no back-pressure", "a client that nobody reads from is stopped"],
    ["truncation as an end", "a stream that is cut off is no orderly end"],
    ["half-close closes both", "the client ends its direction, the server's stays"],
    ["end before data", "the client ends its direction, the server's stays"],
    ["no ALPN", "both see the application protocol"],
    ["ALPN assumed", "without ALPN there is no application protocol"],
    ["keeps the caller's buffer", "the caller may reuse its buffer once a write has settled"],
    ["writes after the end", "a write after the end fails"],
    ["joins connections", "connections don't get in each other's way"],
    ["empty chunks", "an empty write is no end and no data"],
  ];
  for (const [fault, name] of wrong) {
    it(`fails one with ${fault}`, async () => {
      const found = transportConformance(factory(fault)).find((candidate) => candidate.name === name);
      await expect(found?.run()).rejects.toThrow();
    });
  }
});
