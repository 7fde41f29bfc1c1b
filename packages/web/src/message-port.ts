import { check, expectation } from "@tlskit/wire/arguments";
import type { ByteStream } from "./byte-stream.ts";
import { CreditedStream } from "./credits.ts";

const aMessagePort = expectation("a MessagePort", (value) => Reflect.get(Object(value), "start") instanceof Function);

/**
 * A stream of bytes over a `MessagePort`, whose other end has one over its own: a page and its worker, two frames. The port is
 * the stream's from here on, and closed with it.
 *
 * Messages have no back-pressure: it is had by credits. That the other end is gone without a word, such as a worker that was
 * terminated, is noticed where ports have an event `close`.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function messagePortStream(port: MessagePort): ByteStream {
  check(port, "port", aMessagePort);
  const stream = new CreditedStream({
    data: (bytes) => post(port, bytes),
    message: (message) => port.postMessage(message),
    close: () => port.close(),
  });
  port.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (data instanceof Uint8Array) stream.receive(data);
    else stream.receiveMessage(data);
  });
  port.addEventListener("messageerror", () => stream.receiveMessage(undefined));
  port.addEventListener("close", () => stream.carrierClosed());
  port.start();
  return stream;
}

/** Bytes are handed over, and copied where the runtime can't do that (workerd): then nothing was sent. */
function post(port: MessagePort, bytes: Uint8Array<ArrayBuffer>): void {
  try {
    port.postMessage(bytes, [bytes.buffer]);
  } catch {
    port.postMessage(bytes);
  }
}
