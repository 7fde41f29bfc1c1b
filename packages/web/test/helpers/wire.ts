import { concat } from "@tlskit/wire";
import type { ByteStream } from "../../src/index.ts";

/** One direction of a stream in memory, which holds so many bytes until they are read. */
export class Pipe {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  /** All that has been written. */
  readonly written: Uint8Array[] = [];
  /** Why whoever writes has aborted it, or who reads cancelled it. */
  aborted: { readonly reason: unknown } | undefined;
  cancelled: { readonly reason: unknown } | undefined;
  isClosed = false;
  #from: ReadableStreamDefaultController<Uint8Array> | undefined;
  #to: WritableStreamDefaultController | undefined;
  #room: (() => void) | undefined;

  constructor(capacity: number) {
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#from = controller;
        },
        pull: () => this.#room?.(),
        cancel: (reason) => {
          this.cancelled = { reason };
          this.#room?.();
        },
      },
      { highWaterMark: capacity, size: (chunk) => chunk.byteLength },
    );
    this.writable = new WritableStream<Uint8Array>({
      start: (controller) => {
        this.#to = controller;
        controller.signal.addEventListener("abort", () => this.#room?.());
      },
      write: async (chunk) => {
        this.written.push(chunk.slice());
        if (this.cancelled !== undefined) return;
        this.#from?.enqueue(chunk);
        if ((this.#from?.desiredSize ?? 1) <= 0) await new Promise<void>((resolve) => (this.#room = resolve));
      },
      close: () => {
        this.isClosed = true;
        if (this.cancelled === undefined) this.#from?.close();
      },
      abort: (reason) => {
        this.aborted = { reason };
        if (this.cancelled === undefined) this.#from?.error(reason);
      },
    });
  }

  /** All that has been written, in one. */
  get bytes(): Uint8Array {
    return concat(...this.written);
  }

  /** Ends what is read, behind what was written, whatever the writer has to say about it. */
  async end(): Promise<void> {
    if (!this.#readingIsOver) this.#from?.close();
    this.#from = undefined;
  }

  get #readingIsOver(): boolean {
    return this.isClosed || this.cancelled !== undefined || this.aborted !== undefined;
  }

  /** Fails whoever reads. */
  failReading(error: Error): void {
    if (!this.#readingIsOver) this.#from?.error(error);
    this.#from = undefined;
  }

  /** Fails whoever writes. */
  failWriting(error: Error): void {
    this.#to?.error(error);
    this.#room?.();
  }
}

/** A wire between two ends, in memory. */
export interface Wire {
  readonly client: ByteStream;
  readonly server: ByteStream;
  readonly toServer: Pipe;
  readonly toClient: Pipe;
  /** Ends both directions, as a network does that goes away. */
  cut(): void;
}

export function wire(capacity: number = 64 * 1024): Wire {
  const [toServer, toClient] = [new Pipe(capacity), new Pipe(capacity)];
  return {
    client: { readable: toClient.readable, writable: toServer.writable },
    server: { readable: toServer.readable, writable: toClient.writable },
    toServer,
    toClient,
    cut: () => {
      const error = new TypeError("the network went away");
      for (const pipe of [toServer, toClient]) {
        pipe.failReading(error);
        pipe.failWriting(error);
      }
    },
  };
}
