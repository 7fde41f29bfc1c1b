import { maxAnswerOctets } from "../limits.ts";
import type { ByteStream } from "../transport.ts";

/** How long is waited for a server, in milliseconds. */
export interface Patience {
  /** For any octet. */
  readonly silence: number;
  /** For all of an answer, however it trickles in. */
  readonly answer: number;
}

/** Why nothing more comes. */
export type NoMore =
  | { readonly how: "closed" }
  | { readonly how: "silent"; readonly seconds: number }
  | { readonly how: "unreadable"; readonly reason: string };

/** A connection's octets, of which no more are read, and for which isn't waited longer, than the limits say. */
export class Octets {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #patience: Patience;
  readonly #begun: number = performance.now();
  #received = 0;
  /** What is being read. */
  #next: Promise<Uint8Array | "closed"> | undefined;

  constructor(stream: ByteStream, patience: Patience) {
    this.#reader = stream.readable.getReader();
    this.#writer = stream.writable.getWriter();
    this.#reader.closed.catch(() => {});
    this.#writer.closed.catch(() => {});
    this.#writer.ready.catch(() => {});
    this.#patience = patience;
  }

  /** Isn't waited for: a server that takes nothing is one that answers nothing. */
  write(octets: Uint8Array): void {
    // If it fails, what the server had to say before is still to be read, and the end of it tells.
    this.#writer.write(octets).catch(() => {});
  }

  /**
   * The next octets.
   * @param silence milliseconds for any: as for every answer unless told otherwise
   */
  async read(silence: number = this.#patience.silence): Promise<Uint8Array | NoMore> {
    const left = Math.min(silence, this.#patience.answer - (performance.now() - this.#begun));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silent = new Promise<"silent">((resolve) => {
      timer = setTimeout(() => resolve("silent"), Math.max(0, left));
    });
    // What wasn't there in time is what the next call gets.
    this.#next ??= this.#reader.read().then(
      ({ done, value }) => (done ? "closed" : value),
      // A reset is an end like any other here.
      () => "closed" as const,
    );
    const octets = await Promise.race([this.#next, silent]);
    clearTimeout(timer);
    if (octets === "silent") return this.#silence(left, silence);
    this.#next = undefined;
    if (octets === "closed") return { how: "closed" };
    this.#received += octets.length;
    if (this.#received <= maxAnswerOctets) return octets;
    return { how: "unreadable", reason: `it sent more than ${maxAnswerOctets} octets` };
  }

  #silence(waited: number, silence: number): NoMore {
    if (waited === silence) return { how: "silent", seconds: waited / 1000 };
    return { how: "unreadable", reason: `it had not answered wholly after ${this.#patience.answer / 1000} s` };
  }

  /** Gives the stream back, to whoever ends it. */
  release(): void {
    this.#reader.cancel().catch(() => {});
    this.#writer.abort().catch(() => {});
  }
}
