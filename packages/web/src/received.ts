import type { TlsError } from "@tlskit/tls";
import { ByteQueue } from "@tlskit/wire";
import { maxReadAtOnce } from "./limits.ts";

/** What the data that has come is told to. */
export interface ReceivedHandlers {
  /** So many bytes of what waited have been read. */
  taken(length: number): void;
  /** Nobody reads any more. */
  cancelled(): void;
}

/**
 * The data that has come and waits to be read, as a stream: of type `bytes` where the runtime has such. An end or an error
 * comes behind the data that came before it, which the queue of a stream that is errored would lose.
 */
export class Received {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  #controller: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  readonly #handlers: ReceivedHandlers;
  readonly #waiting = new ByteQueue();
  /** The stream has asked for data since it got some last. */
  #isWanted = false;
  /** What comes behind the data. */
  #outcome: { readonly error: TlsError | undefined } | undefined;

  constructor(handlers: ReceivedHandlers) {
    this.#handlers = handlers;
    this.readable = this.#stream();
  }

  #stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const source = {
      start: (
        controller: ReadableByteStreamController | ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>,
      ): void => {
        this.#controller = controller;
      },
      pull: (): void => {
        this.#isWanted = true;
        this.#hand();
      },
      cancel: (): void => {
        this.#forget();
        this.#handlers.cancelled();
      },
    };
    // Nothing is read ahead of its reader: what waits is counted here.
    try {
      return new ReadableStream({ ...source, type: "bytes" }, { highWaterMark: 0 });
    } catch {
      return new ReadableStream(source, { highWaterMark: 0 });
    }
  }

  /** Bytes that wait to be read. */
  get waiting(): number {
    return this.#waiting.length;
  }

  push(bytes: Uint8Array): void {
    if (this.#controller === undefined || this.#outcome !== undefined) return;
    this.#waiting.push(bytes);
    this.#hand();
  }

  /** No more comes: an end, or an error. Nothing that is said later changes it. */
  end(error?: TlsError): void {
    if (this.#controller === undefined || this.#outcome !== undefined) return;
    this.#outcome = { error };
    this.#hand();
  }

  /** What waits to be read isn't to be read any more. */
  drop(error: TlsError): void {
    const controller = this.#controller;
    const hasEnded = this.#outcome !== undefined && this.#outcome.error === undefined && this.waiting === 0;
    this.#forget();
    if (!hasEnded) controller?.error(error);
  }

  #hand(): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    if (this.#isWanted && this.waiting > 0) {
      this.#isWanted = false;
      const chunk = this.#next();
      const { length } = chunk;
      controller.enqueue(chunk);
      this.#handlers.taken(length);
    }
    const outcome = this.#outcome;
    if (outcome === undefined || this.waiting > 0 || this.#controller === undefined) return;
    this.#forget();
    if (outcome.error !== undefined) {
      controller.error(outcome.error);
      return;
    }
    controller.close();
    // A reader that brought its own buffer gets it back.
    if ("byobRequest" in controller) controller.byobRequest?.respond(0);
  }

  /** What a reader gets at a time. Streams of type `bytes` take its memory away from whoever hands it over. */
  #next(): Uint8Array<ArrayBuffer> {
    const waiting = this.#waiting;
    const length = Math.min(waiting.length, maxReadAtOnce);
    // What is alone is nobody else's.
    if (waiting.pieces === 1 && length === waiting.length) {
      const piece = waiting.take(length);
      if (piece.buffer instanceof ArrayBuffer) return new Uint8Array(piece.buffer, piece.byteOffset, length);
      return Uint8Array.from(piece);
    }
    const copy = new Uint8Array(length);
    waiting.takeCopy(length, copy, 0);
    return copy;
  }

  #forget(): void {
    this.#controller = undefined;
    this.#waiting.clear();
  }
}
