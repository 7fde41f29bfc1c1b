import { callerError, TlsError } from "@tlskit/tls";
import { bytes as aUint8Array, check, expectation } from "@tlskit/wire/arguments";
import type { ByteStream } from "./byte-stream.ts";
import { CreditedStream } from "./credits.ts";
import {
  maxCreditedMessage,
  maxUnreadWithoutCredits,
  maxUnsentWithoutCredits,
  unsentPollTime,
  writableBufferSize,
} from "./limits.ts";
import { Received } from "./received.ts";
import { CloseCode, readCreditMessage, relayProtocol } from "./relay-protocol.ts";
import { closedError, isOrderly, notOpened } from "./websocket-closing.ts";
import { bytesOverWebSocketStream, type WebSocketStream } from "./websocket-stream.ts";

const aWebSocket = expectation("a WebSocket or a WebSocketStream", (value) =>
  ["send", "opened"].some((name) => Reflect.get(Object(value), name) !== undefined),
);

/**
 * A stream of bytes over a WebSocket, when that is open. The WebSocket is the stream's from here on, and closed with it. It
 * has to be given at once when it has been made, so that no message is missed.
 *
 * A page can't have a `WebSocket` wait. Back-pressure is had by credits if the other end has agreed upon
 * the subprotocol `tlskit-relay`, as `@tlskit/relay` does; then each direction ends by itself too. Otherwise messages are data
 * and nothing else: {@link maxUnreadWithoutCredits} bytes that nobody reads end the connection, and the end of one direction
 * is the end of both, by the code 1000 or none; what has not come by then doesn't come any more.
 *
 * A `WebSocketStream`, where a browser has one, has back-pressure of its own. It ends as a `WebSocket` without credits does,
 * and is given without a subprotocol of the relay.
 * @returns fails with a `TlsError` of the code `websocket_failed` if it can't be opened; a browser doesn't say why
 * @throws {TlsError} (the promise) `invalid_argument`, `unexpected_credits` (the caller's fault)
 */
export async function webSocketStream(socket: WebSocket | WebSocketStream): Promise<ByteStream> {
  check(socket, "socket", aWebSocket);
  return "opened" in socket ? await bytesOverWebSocketStream(socket) : await bytesOverWebSocket(socket);
}

function bytesOverWebSocket(socket: WebSocket): Promise<ByteStream> {
  socket.binaryType = "arraybuffer";
  return new Promise((resolve, reject) => {
    // In the event itself: what comes next may be a message.
    const opened = (): void => {
      resolve(socket.protocol === relayProtocol ? withCredits(socket) : new PlainStream(socket));
    };
    if (socket.readyState === socket.OPEN) {
      opened();
      return;
    }
    const failed = (): void => reject(notOpened(socket.url));
    if (socket.readyState !== socket.CONNECTING) {
      failed();
      return;
    }
    socket.addEventListener("open", opened, { once: true });
    socket.addEventListener("close", failed, { once: true });
  });
}

function withCredits(socket: WebSocket): ByteStream {
  const stream = new CreditedStream({
    data: (bytes) => socket.send(bytes),
    message: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.close(CloseCode.normal),
  });
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) stream.receive(new Uint8Array(data));
    else stream.receiveMessage(typeof data === "string" ? readCreditMessage(data) : undefined);
  });
  socket.addEventListener("close", ({ code }) => stream.carrierClosed(closedError(code)));
  return stream;
}

/** A stream over a WebSocket with binary messages alone. */
class PlainStream implements ByteStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly #socket: WebSocket;
  readonly #received: Received;
  #writing: WritableStreamDefaultController | undefined;
  #hasEnded = false;
  /** Why nothing comes or goes any more. */
  #error: TlsError | undefined;
  /** What stands for a write that the WebSocket is closed in front of, once it is closed. */
  #closedError: TlsError | undefined;
  /** Lets the write or the closing go on that waits. */
  #wake: () => void = () => {};

  constructor(socket: WebSocket) {
    this.#socket = socket;
    // Who doesn't want what comes still writes, and what comes is thrown away.
    this.#received = new Received({ taken: () => {}, cancelled: () => {} });
    this.readable = this.#received.readable;
    this.writable = this.#makeWritable();
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => this.#receive(data));
    socket.addEventListener("close", ({ code }) => this.#closed(code));
  }

  #receive(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) {
      const sentence = "the peer sent a text where there are binary messages alone";
      this.#fail(new TlsError("peer", "unexpected_text", sentence));
      return;
    }
    if (this.#received.waiting + data.byteLength > maxUnreadWithoutCredits) {
      const sentence = `more than ${maxUnreadWithoutCredits} bytes wait to be read, and the WebSocket has no back-pressure`;
      this.#fail(new TlsError("internal", "too_much_unread", sentence));
      return;
    }
    if (data.byteLength > 0) this.#received.push(new Uint8Array(data));
  }

  #makeWritable(): WritableStream<Uint8Array> {
    return new WritableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#writing = controller;
          // Before the write that is under way is done, which may be never.
          controller.signal?.addEventListener("abort", () => {
            this.#writing = undefined;
            this.#abort(controller.signal.reason);
          });
        },
        write: (chunk) => this.#write(chunk),
        close: () => this.#close(),
        abort: (reason) => this.#abort(reason),
      },
      { highWaterMark: writableBufferSize, size: (chunk) => chunk?.byteLength ?? 0 },
    );
  }

  async #write(chunk: Uint8Array): Promise<void> {
    try {
      check(chunk, "chunk", aUint8Array);
    } catch (error) {
      this.#abort(error);
      throw error;
    }
    for (let start = 0; start < chunk.length; start += maxCreditedMessage) {
      while (this.#isFull) await this.#later();
      const over = this.#error ?? this.#closedError;
      if (over !== undefined) throw over;
      this.#send(Uint8Array.from(chunk.subarray(start, start + maxCreditedMessage)));
    }
  }

  /** A WebSocket that the other end is closing takes what is sent and drops it; that of a Worker throws then. */
  #send(bytes: Uint8Array<ArrayBuffer>): void {
    try {
      this.#socket.send(bytes);
    } catch (cause) {
      throw (
        this.#error ?? new TlsError("truncation", "stream_closed", "the WebSocket was closed before its end", { cause })
      );
    }
  }

  /** A WebSocket that is closed stays as full as it was. */
  get #isFull(): boolean {
    if (this.#error !== undefined || this.#closedError !== undefined) return false;
    return this.#socket.bufferedAmount > maxUnsentWithoutCredits;
  }

  /** Waits a while, or until the WebSocket is closed. */
  #later(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, unsentPollTime);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Settles when everything has gone. */
  async #close(): Promise<void> {
    this.#hasEnded = true;
    this.#socket.close(CloseCode.normal);
    if (this.#closedError === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#error !== undefined) throw this.#error;
  }

  #abort(reason: unknown): void {
    this.#fail(callerError("aborted", "the stream was aborted", reason));
  }

  #fail(error: TlsError): void {
    if (this.#error !== undefined || this.#closedError !== undefined) return;
    this.#socket.close(CloseCode.reset);
    this.#over(error);
  }

  #closed(code: number): void {
    const error = closedError(code);
    this.#closedError = error;
    if (!isOrderly(code)) this.#over(error);
    else if (this.#error === undefined) {
      this.#received.end();
      if (!this.#hasEnded) this.#writing?.error(error);
    }
    this.#wake();
  }

  #over(error: TlsError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#received.end(error);
    this.#writing?.error(error);
    this.#wake();
  }
}
