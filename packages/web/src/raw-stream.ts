import { callerError } from "@tlskit/tls";
import { bytes as aUint8Array, check, expectation, objectWith } from "@tlskit/wire/arguments";
import type { RawByteStream, RawReader, RawWriter } from "./byte-stream.ts";
import { lingerTime, maxLingerBytes, maxUntakenAnswers, maxUntakenBytes } from "./limits.ts";

const aByteStream = objectWith("a stream of bytes", {
  readable: expectation("a ReadableStream", hasFunction("getReader")),
  writable: expectation("a WritableStream", hasFunction("getWriter")),
});

function hasFunction(name: string): (value: unknown) => boolean {
  return (value) => typeof value === "object" && value !== null && typeof Reflect.get(value, name) === "function";
}

/** What the stream below is told of. */
export interface RawStreamHandlers {
  /** It has taken something that was written. */
  written(): void;
  /** Nothing can be written any more. */
  writingFailed(error: unknown): void;
}

/** The stream below TLS, which is TLS's alone from here on. */
export class RawStream {
  readonly #reader: RawReader;
  readonly #writer: RawWriter;
  readonly #handlers: RawStreamHandlers;
  /** Bytes that it was given and that it hasn't taken yet. */
  #untaken = 0;
  #isOver = false;

  /** @throws {TlsError} `invalid_argument`; `locked_stream` if somebody else reads it, or writes to it (the caller's fault) */
  constructor(stream: RawByteStream, handlers: RawStreamHandlers) {
    check(stream, "stream", aByteStream);
    const { readable, writable } = stream;
    if (readable.locked || writable.locked) {
      throw callerError("locked_stream", "the stream below is locked: somebody else reads it or writes to it");
    }
    this.#handlers = handlers;
    this.#reader = readable.getReader();
    this.#writer = writable.getWriter();
    // Whoever reads and writes is told as well.
    this.#reader.closed.catch(() => {});
    this.#writer.closed.catch(() => {});
    this.#writer.ready.catch(() => {});
  }

  /** The next bytes; nothing at the end. Fails as the stream does. */
  async read(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#reader.read();
    // At the end some runtimes have a value too.
    if (done) return undefined;
    check(value, "what the stream gives", aUint8Array);
    return value;
  }

  write(bytes: Uint8Array): void {
    if (this.#isOver) return;
    // Whoever takes the bytes may take their memory away.
    const { length } = bytes;
    this.#untaken += length;
    this.#writer.write(bytes).then(
      () => {
        this.#untaken -= length;
        this.#handlers.written();
      },
      (error: unknown) => {
        if (!this.#isOver) this.#handlers.writingFailed(error);
      },
    );
  }

  /** Whether it has so much to take that no data alone comes to. */
  get isFarBehind(): boolean {
    return this.#untaken >= maxUntakenAnswers;
  }

  /** Whether it is to be waited for before more is written. */
  get isFull(): boolean {
    return this.#untaken >= maxUntakenBytes || (this.#untaken > 0 && (this.#writer.desiredSize ?? 0) <= 0);
  }

  /**
   * Ends it behind what was written.
   * @param options.lingers whether the peer is waited for, within limits, so that it gets what was written last.
   * @returns when that has gone
   */
  async end({ lingers }: { readonly lingers: boolean }): Promise<void> {
    this.#isOver = true;
    await settledInTime(this.#writer.close(), () => ignored(this.#writer.abort()));
    this.#finishReading(lingers);
    this.#writer.releaseLock();
  }

  /** Throws it away. */
  destroy(reason: unknown): void {
    this.#isOver = true;
    ignored(this.#writer.abort(reason));
    ignored(this.#reader.cancel(reason));
    this.#writer.releaseLock();
    this.#reader.releaseLock();
  }

  async #finishReading(lingers: boolean): Promise<void> {
    if (lingers) await settledInTime(this.#discard(), () => {});
    await this.#reader.cancel().catch(() => {});
    this.#reader.releaseLock();
  }

  async #discard(): Promise<void> {
    for (let discarded = 0; discarded <= maxLingerBytes; ) {
      const bytes = await this.read();
      if (bytes === undefined) return;
      discarded += bytes.length;
    }
  }
}

function ignored(promise: Promise<unknown>): void {
  promise.catch(() => {});
}

/** Waits for a promise, but not for ever, whatever comes of it. */
function settledInTime(promise: Promise<unknown>, late: () => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      late();
      resolve();
    }, lingerTime);
    const settled = (): void => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(settled, settled);
  });
}
