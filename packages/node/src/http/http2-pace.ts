import type { Duplex } from "node:stream";

/**
 * Has whoever runs HTTP/2 over a client's socket told of each response before what comes behind its header.
 *
 * Node's HTTP/2 tells of a header in the next tick, and of data at once. Over a socket of its own, ticks come between any two
 * frames; over any other stream all of a chunk's frames come in one go. A reader that is there before the response, as
 * undici's is under an upload, would get data that belongs to nothing yet, and drops it; and a stream that is reset right
 * behind its header fails before there is anybody to be told.
 */
export function paceHttp2(socket: Duplex): void {
  const sections = new FieldSections();
  const emit = socket.emit.bind(socket);
  const waiting: (readonly [event: string | symbol, args: readonly unknown[]])[] = [];
  let pausing = false;

  const tell = (event: string | symbol, args: readonly unknown[]): boolean => {
    const [chunk] = args;
    if (event !== "data" || !(chunk instanceof Uint8Array)) return emit(event, ...args);
    const end = sections.endIn(chunk);
    if (end === undefined) return emit(event, chunk);
    pausing = true;
    setImmediate(goOn);
    if (end < chunk.length) waiting.unshift([event, [chunk.subarray(end)]]);
    return emit(event, chunk.subarray(0, end));
  };
  const goOn = (): void => {
    pausing = false;
    while (!pausing) {
      const next = waiting.shift();
      if (next === undefined) return;
      tell(...next);
    }
  };
  socket.emit = (event: string | symbol, ...args: readonly unknown[]): boolean => {
    if (!ordered.has(event)) return emit(event, ...args);
    if (!pausing) return tell(event, args);
    waiting.push([event, args]);
    return true;
  };
}

/** What comes in an order that means something. */
const ordered: ReadonlySet<string | symbol> = new Set(["data", "end", "error", "close"]);

/** RFC 9113 §4.1: length, type, flags and stream of a frame. */
const headerLength = 9;
/** RFC 9113 §6: HEADERS, PUSH_PROMISE and CONTINUATION, which hold fields. */
const withFields: ReadonlySet<number | undefined> = new Set([0x01, 0x05, 0x09]);

/** Where frames end, in a stream of them that comes in chunks. */
class FieldSections {
  /** As much of the next frame's header as has come. */
  readonly #header: number[] = [];
  /** How much of the frame's payload is still to come, once its header is there. */
  #left = 0;

  /** Where in a chunk the first frame ends that holds fields. What is behind it is to be given again. */
  endIn(chunk: Uint8Array): number | undefined {
    let at = 0;
    while (at < chunk.length) {
      at = this.#take(chunk, at);
      if (this.#header.length < headerLength || this.#left > 0) continue;
      const [, , , type] = this.#header;
      this.#header.length = 0;
      if (withFields.has(type)) return at;
    }
    return undefined;
  }

  /** Takes what a frame's header lacks, or its payload; where that ends. */
  #take(chunk: Uint8Array, at: number): number {
    if (this.#header.length === headerLength) {
      const taken = Math.min(this.#left, chunk.length - at);
      this.#left -= taken;
      return at + taken;
    }
    const part = chunk.subarray(at, at + headerLength - this.#header.length);
    this.#header.push(...part);
    if (this.#header.length === headerLength) {
      const [high = 0, middle = 0, low = 0] = this.#header;
      this.#left = high * 0x1_0000 + middle * 0x100 + low;
    }
    return at + part.length;
  }
}
