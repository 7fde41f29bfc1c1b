import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { holdTime } from "./limits.ts";

/** Milliseconds between two bytes of whoever is slow. */
const slowness = 20;

/** A hostile peer's end of a TCP connection. What it says goes out at once, or a byte at a time once it is slow. */
export class Wire {
  readonly socket: Socket;
  /** Milliseconds after which the other side must have given up. */
  readonly #patience: number;
  #slow: Promise<void> | undefined;
  #over = false;
  #tired = false;

  constructor(socket: Socket, patience: number) {
    this.socket = socket;
    this.#patience = patience;
    // Whatever becomes of it is what is being looked at elsewhere.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#over = true;
    });
  }

  /** Nothing is said from here on, or heard. */
  get over(): boolean {
    return this.#over || this.#tired || this.socket.writableEnded;
  }

  readonly write = (bytes: Uint8Array): void => {
    if (this.#slow === undefined) this.#send(bytes);
    else this.#slow = this.#slow.then(() => this.#drip(bytes));
  };

  /** Behind all that was said. */
  readonly end = (): void => {
    if (this.#slow === undefined) this.socket.end();
    else this.#slow = this.#slow.then(() => void this.socket.end());
  };

  /** From here on, until the other side must have given up: then it looks at what has come, and says nothing more. */
  readNothing(): void {
    this.socket.pause();
    setTimeout(() => {
      this.#tired = true;
      this.socket.resume();
    }, this.#patience + holdTime).unref();
  }

  /** From here on. */
  beSlow(): void {
    this.#slow ??= Promise.resolve();
  }

  /** Lets everybody else have a turn, and the system take what was said. */
  async turn(): Promise<void> {
    await sleep(this.socket.writableNeedDrain ? slowness : 0, undefined, { ref: false });
  }

  async #drip(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length && !this.over; at += 1) {
      this.#send(bytes.subarray(at, at + 1));
      await sleep(slowness, undefined, { ref: false });
    }
  }

  #send(bytes: Uint8Array): void {
    if (!this.over) this.socket.write(bytes);
  }
}
