import { concat } from "@tlskit/wire";
import type { RawSocket } from "./runtime.ts";

/**
 * Bytes on their way to a socket of Bun's, which keeps nothing: `write` says how many bytes it has taken, and the rest is to
 * be offered again when it drains.
 */
export class CiphertextQueue {
  #raw: RawSocket | undefined;
  #waiting: Uint8Array[] = [];
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
  }

  push(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
  }

  /** Whether nothing waits for the socket below. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
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
    this.#isBlocked = taken < bytes.length;
    this.#waiting = this.#isBlocked ? [bytes.subarray(taken)] : [];
  }
}
