import { concat } from "@tlskit/wire";
import type { RawEvents, RawSocket } from "../../src/runtime.ts";

/** A socket of Bun's, as far as a connection sees it, that takes as much as it is told to take. */
export class ScriptedRaw implements RawSocket {
  readonly localAddress = "127.0.0.1";
  readonly localFamily = "IPv4";
  readonly localPort = 1;
  readonly remoteAddress = "127.0.0.1";
  readonly remoteFamily = "IPv4";
  readonly remotePort = 2;
  /** Bytes that it takes before it is to be told of a drain. */
  room = Number.POSITIVE_INFINITY;
  /** What was called, in order: writes by their length. */
  readonly calls: string[] = [];
  readonly #taken: Uint8Array[] = [];
  #isClosed = false;

  /** What it has taken since it was last asked. */
  taken(): Uint8Array {
    return concat(...this.#taken.splice(0));
  }

  /** It takes nothing any more, as one of which Bun hasn't told yet that it is closed. */
  refuse(): void {
    this.#isClosed = true;
  }

  write(data: Uint8Array): number {
    this.calls.push("write");
    if (this.#isClosed) return -1;
    const length = Math.min(this.room, data.length);
    this.room -= length;
    this.#taken.push(data.slice(0, length));
    return length;
  }

  shutdown(): void {
    this.calls.push("shutdown");
  }

  end(): void {
    this.calls.push("end");
    this.#isClosed = true;
  }

  terminate(): void {
    this.calls.push("terminate");
    this.#isClosed = true;
  }

  pause(): void {
    this.calls.push("pause");
  }

  resume(): void {
    this.calls.push("resume");
  }

  ref(): void {
    this.calls.push("ref");
  }

  unref(): void {
    this.calls.push("unref");
  }

  setNoDelay(noDelay: boolean): boolean {
    this.calls.push(`setNoDelay ${noDelay}`);
    return true;
  }

  setKeepAlive(enable: boolean, initialDelay: number): boolean {
    this.calls.push(`setKeepAlive ${enable} ${initialDelay}`);
    return true;
  }

  /** Room for more, which it tells. */
  drain(events: RawEvents, room: number): void {
    this.room = room;
    events.drain();
  }
}
