import { callerError, TlsError } from "@tlskit/tls";
import { bytes as aUint8Array, check } from "@tlskit/wire/arguments";
import type { ByteStream } from "./byte-stream.ts";
import { Change } from "./change.ts";
import type { CreditMessage } from "./credit-message.ts";
import { creditWindow, maxCredit, maxCreditedMessage, writableBufferSize } from "./limits.ts";
import { Received } from "./received.ts";

/** What carries messages one by one and whole, and can't be told to wait: a `MessagePort`, a `WebSocket`. */
export interface CreditCarrier {
  /** Sends data, which is the carrier's to keep: it has a buffer of its own. */
  data(bytes: Uint8Array<ArrayBuffer>): void;
  /** Sends what isn't data. Where messages are texts, as JSON. */
  message(message: CreditMessage): void;
  /** Nothing comes or goes any more. What was sent before still arrives. */
  close(): void;
}

/**
 * A stream of bytes over messages, with the back-pressure that these haven't got: each end grants the other how much it may
 * send, a window to begin with and then what has been read. A peer that sends more than it may, or a message that makes no
 * sense, ends the stream.
 *
 * Whoever makes one tells it what comes: `receive`, `receiveMessage`, `carrierClosed`.
 */
export class CreditedStream implements ByteStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #carrier: CreditCarrier;
  readonly #received: Received;
  readonly #change = new Change();
  #writing: WritableStreamDefaultController | undefined;
  /** Bytes that may be sent. */
  #credit = 0;
  /** Bytes that the peer may send. */
  #granted = 0;
  /** Bytes that have been read and aren't granted anew. */
  #read = 0;
  #hasEnded = false;
  #hasSentEnd = false;
  #isCancelled = false;
  #isOver = false;
  #error: TlsError | undefined;

  constructor(carrier: CreditCarrier) {
    this.#carrier = carrier;
    this.#received = new Received({
      taken: (length) => this.#taken(length),
      cancelled: () => {
        this.#isCancelled = true;
        this.#taken(creditWindow - this.#granted - this.#read);
        this.#closeIfDone();
      },
    });
    this.readable = this.#received.readable;
    this.writable = this.#makeWritable();
    this.#grant(creditWindow);
  }

  // What comes.

  /** Data from the peer, which belongs to the stream from here on. */
  receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const { length } = bytes;
    if (length > this.#granted || length > maxCreditedMessage || this.#hasEnded) {
      this.#fail(peerFault("credit_exceeded", `the peer sent ${length} bytes, and might send ${this.#most}`));
      return;
    }
    this.#granted -= length;
    if (length === 0) return;
    if (this.#isCancelled) this.#taken(length);
    else this.#received.push(bytes);
  }

  get #most(): number {
    return this.#hasEnded ? 0 : Math.min(this.#granted, maxCreditedMessage);
  }

  /** What came that isn't data. */
  receiveMessage(message: unknown): void {
    if (this.#isOver) return;
    const grant = member(message, "grant");
    if (typeof grant === "number" && Number.isSafeInteger(grant) && grant > 0) {
      this.#grantCame(grant);
    } else if (member(message, "end") === true) {
      this.#hasEnded = true;
      this.#received.end();
      this.#closeIfDone();
    } else if (member(message, "reset") === true) {
      this.#over(new TlsError("truncation", "stream_reset", "the peer has given the stream up"));
    } else {
      this.#fail(peerFault("invalid_credit_message", "the peer sent a message that is neither data nor about it"));
    }
  }

  #grantCame(grant: number): void {
    if (this.#credit + grant > maxCredit) {
      this.#fail(peerFault("credit_exceeded", `the peer granted more than ${maxCredit} bytes`));
      return;
    }
    this.#credit += grant;
    this.#change.tell();
  }

  /**
   * The carrier is closed: nothing comes any more. Without a word of the peer's before it that is a failure.
   * @param error what it is, if that is known
   */
  carrierClosed(
    error: TlsError = new TlsError("truncation", "stream_closed", "the stream was closed before its end"),
  ): void {
    if (!this.#isOver) this.#over(error);
  }

  // What goes.

  #makeWritable(): WritableStream<Uint8Array> {
    return new WritableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#writing = controller;
          // Before the write that is under way is done, which may be never.
          controller.signal?.addEventListener("abort", () => {
            // What is aborted fails by itself.
            this.#writing = undefined;
            this.#abort(controller.signal.reason);
          });
        },
        write: (chunk) => this.#write(chunk),
        close: () => {
          this.#carrier.message({ end: true });
          this.#hasSentEnd = true;
          this.#closeIfDone();
        },
        abort: (reason) => this.#abort(reason),
      },
      { highWaterMark: writableBufferSize, size: (chunk) => chunk?.byteLength ?? 0 },
    );
  }

  async #write(chunk: Uint8Array): Promise<void> {
    try {
      check(chunk, "chunk", aUint8Array);
      await this.#send(chunk);
    } catch (error) {
      // The peer would miss something.
      this.#abort(error);
      throw error;
    }
  }

  async #send(chunk: Uint8Array): Promise<void> {
    const whole = chunk.length;
    for (let start = 0; start < whole; ) {
      while (this.#credit === 0 && !this.#isOver) await this.#change.wait();
      if (this.#error !== undefined) throw this.#error;
      const length = Math.min(this.#credit, maxCreditedMessage, whole - start);
      this.#credit -= length;
      this.#carrier.data(Uint8Array.from(chunk.subarray(start, start + length)));
      start += length;
    }
  }

  // Credit for the peer.

  #taken(length: number): void {
    this.#read += length;
    // In halves of the window: each grant is a message.
    if (this.#read < creditWindow / 2 || this.#hasEnded || this.#isOver) return;
    const grant = this.#read;
    this.#read = 0;
    this.#grant(grant);
  }

  #grant(bytes: number): void {
    this.#granted += bytes;
    this.#carrier.message({ grant: bytes });
  }

  // How it ends.

  /** In order: both have said that they have ended; or nobody here wants to know what the peer says. */
  #closeIfDone(): void {
    if (this.#hasSentEnd && (this.#hasEnded || this.#isCancelled)) this.#over(undefined);
  }

  #abort(reason: unknown): void {
    this.#fail(callerError("aborted", "the stream was aborted", reason));
  }

  #fail(error: TlsError): void {
    if (this.#isOver) return;
    this.#carrier.message({ reset: true });
    this.#over(error);
  }

  #over(error: TlsError | undefined): void {
    this.#isOver = true;
    this.#error = error;
    this.#carrier.close();
    if (error !== undefined) {
      this.#received.end(error);
      this.#writing?.error(error);
    }
    this.#change.tell();
  }
}

function member(message: unknown, name: string): unknown {
  return typeof message === "object" && message !== null ? Reflect.get(message, name) : undefined;
}

function peerFault(code: string, message: string): TlsError {
  return new TlsError("peer", code, message);
}
