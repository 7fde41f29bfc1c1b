import type { CiphertextQueue } from "./ciphertext-queue.ts";
import { lingerTime, maxLingerBytes } from "./limits.ts";
import type { RawSocket } from "./runtime.ts";

/**
 * The last of a socket below: it lives until the peer has got what was said last, an alert or a `close_notify`. What still
 * comes is thrown away, within limits.
 */
export class Lingering {
  readonly #raw: RawSocket;
  readonly #queue: CiphertextQueue;
  readonly #timer: ReturnType<typeof setTimeout>;
  #discarded = 0;

  constructor(raw: RawSocket, queue: CiphertextQueue) {
    this.#raw = raw;
    this.#queue = queue;
    this.#timer = setTimeout(() => raw.terminate(), lingerTime);
    this.#timer.unref();
    queue.flush();
    this.#endBehindAll();
  }

  data(bytes: Uint8Array): void {
    this.#discarded += bytes.length;
    if (this.#discarded > maxLingerBytes) this.#raw.terminate();
  }

  drain(): void {
    this.#queue.drained();
    this.#endBehindAll();
  }

  /** The peer has hung up, so that it has got everything that it will get. */
  end(): void {
    this.#raw.end();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #endBehindAll(): void {
    if (this.#queue.length === 0) this.#raw.shutdown();
  }
}
