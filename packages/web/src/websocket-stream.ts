import { callerError, TlsError } from "@tlskit/tls";
import { bytes as aUint8Array, check } from "@tlskit/wire/arguments";
import type { ByteStream } from "./byte-stream.ts";
import { maxCreditedMessage } from "./limits.ts";
import { CloseCode, relayProtocol } from "./relay-protocol.ts";
import { closedError, isOrderly, notOpened } from "./websocket-closing.ts";

/** A WebSocket whose messages are streams (https://github.com/whatwg/websockets): what is used of it. */
export interface WebSocketStream {
  readonly url: string;
  readonly opened: Promise<{
    readonly readable: ReadableStream<unknown>;
    readonly writable: WritableStream<unknown>;
    readonly protocol: string;
  }>;
  readonly closed: Promise<{ readonly closeCode?: number | undefined }>;
  close(info?: { readonly closeCode?: number }): void;
}

/** A stream of bytes over one, with its back-pressure. */
export async function bytesOverWebSocketStream(socket: WebSocketStream): Promise<ByteStream> {
  // Who it is opened by is told.
  socket.closed.catch(() => {});
  const { readable, writable, protocol } = await socket.opened.catch((error: unknown) => {
    throw notOpened(socket.url, error);
  });
  if (protocol === relayProtocol) {
    socket.close({ closeCode: CloseCode.reset });
    throw callerError(
      "unexpected_credits",
      `a WebSocketStream has back-pressure of its own: it is made without the subprotocol ${relayProtocol}`,
    );
  }
  return { readable: bytesOf(socket, readable.getReader()), writable: messagesFor(socket, writable.getWriter()) };
}

function bytesOf(socket: WebSocketStream, reader: ReadableStreamDefaultReader<unknown>): ReadableStream<Uint8Array> {
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array> | ReadableByteStreamController): Promise<void> {
      for (;;) {
        const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
        if (done) {
          // Also one that is closed with some other code has an end.
          const code = await closeCode(socket);
          if (!isOrderly(code)) throw closedError(code);
          controller.close();
          if ("byobRequest" in controller) controller.byobRequest?.respond(0);
          return;
        }
        const chunk = messageBytes(value);
        if (chunk === undefined) {
          socket.close({ closeCode: CloseCode.reset });
          throw new TlsError("peer", "unexpected_text", "the peer sent a text where there are binary messages alone");
        }
        if (chunk.length > 0) {
          controller.enqueue(chunk);
          return;
        }
      }
    },
    // To cancel it would close the WebSocket, on which may still be written.
    cancel: () => void discard(reader),
  };
  try {
    return new ReadableStream({ ...source, type: "bytes" }, { highWaterMark: 0 });
  } catch {
    return new ReadableStream(source, { highWaterMark: 0 });
  }
}

async function discard(reader: ReadableStreamDefaultReader<unknown>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // Whoever writes is told.
  }
}

function messageBytes(message: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (message instanceof ArrayBuffer) return new Uint8Array(message);
  return message instanceof Uint8Array ? Uint8Array.from(message) : undefined;
}

function messagesFor(
  socket: WebSocketStream,
  writer: WritableStreamDefaultWriter<unknown>,
): WritableStream<Uint8Array> {
  writer.closed.catch(() => {});
  /** Fails the write that is under way: one that the other end doesn't take is done never. */
  let giveUp: (error: TlsError) => void = () => {};
  const written = (piece: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      giveUp = reject;
      writer.write(piece).then(resolve, async () => reject(closedError(await closeCode(socket))));
    });
  return new WritableStream<Uint8Array>({
    start(controller) {
      controller.signal?.addEventListener("abort", () => {
        socket.close({ closeCode: CloseCode.reset });
        giveUp(callerError("aborted", "the stream was aborted", controller.signal.reason));
      });
      void closeCode(socket).then((code) => controller.error(closedError(code)));
    },
    async write(chunk) {
      check(chunk, "chunk", aUint8Array);
      for (let start = 0; start < chunk.length; start += maxCreditedMessage) {
        await written(Uint8Array.from(chunk.subarray(start, start + maxCreditedMessage)));
      }
    },
    async close() {
      socket.close({ closeCode: CloseCode.normal });
      const code = await closeCode(socket);
      if (!isOrderly(code)) throw closedError(code);
    },
    abort() {
      socket.close({ closeCode: CloseCode.reset });
    },
  });
}

/** With what it is closed, when it is: 1006 if it was cut off (RFC 6455 §7.4.1). */
async function closeCode(socket: WebSocketStream): Promise<number> {
  const { closeCode: code = 1005 } = await socket.closed.catch(() => ({ closeCode: 1006 }));
  return code;
}
