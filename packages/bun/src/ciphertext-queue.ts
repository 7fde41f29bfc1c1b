import { concat } from "@tlskit/wire";
import type { RawSocket } from "./runtime.ts";

/**
 * Bytes on their way to a socket of Bun's, which keeps nothing: `write` says how many bytes it has taken, and the rest is to
 * be offered again when it drains.
 */
export class CiphertextQueue {
  #raw: RawSocket | undefined;
  #waiting: Uint8Array[] = [];
  #length = 0;
  /** The socket hasn't taken everything, and has yet to say that it takes more. */
  #isBlocked = false;
  #bytesWritten = 0;

  /** Where they go from here on. */
  connect(raw: RawSocket): void {
    this.#raw = raw;
  }

  /** It takes no more, ever: what waits is dropped. */
  disconnect(): void {
    this.#raw = undefined;
    this.#waiting = [];
    this.#length = 0;
  }

  push(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    this.#length += bytes.length;
  }

  /** Bytes that wait for the socket below. */
  get length(): number {
    return this.#length;
  }

  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Bytes that the socket below has taken. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  drained(): void {
    this.#isBlocked = false;
    this.flush();
  }

  /** Hands over what waits, in one write: a client's Finished shares a segment with its first request. */
  flush(): void {
    if (this.#isBlocked || this.#raw === undefined) return;
    const [first, ...others] = this.#waiting;
    if (first === undefined) return;
    const bytes = others.length === 0 ? first : concat(first, ...others);
    const taken = this.#raw.write(bytes);
    if (taken < 0) {
      // It is closed, which it tells by itself.
      this.disconnect();
      return;
    }
    this.#bytesWritten += taken;
    this.#length -= taken;
    this.#isBlocked = taken < bytes.length;
    this.#waiting = this.#isBlocked ? [bytes.subarray(taken)] : [];
  }
}
