import { concat } from "@tlskit/wire";
import { Change } from "./change.ts";
import { bytesSealedAtOnce, largeReadLength, lingerTime, maxLingerBytes, smallReadLength } from "./limits.ts";
import { clearTimer, timer } from "./timer.ts";

/** What the connection below is told of. */
export interface RawConnHandlers {
  /** Bytes from the peer, whose memory is used again when the call returns. */
  received(bytes: Uint8Array): void;
  /** No more comes from the peer. */
  ended(): void;
  /** Reading has failed. */
  readingFailed(error: unknown): void;
  /** It has taken something that was written. */
  written(): void;
  /** Nothing can be written any more. */
  writingFailed(error: unknown): void;
  /** It is closed, by us. */
  closed(): void;
}

/** The connection below TLS, which is TLS's alone from here on: it is read all the time, but while it is paused. */
export class RawConn {
  readonly #conn: Deno.Conn;
  readonly #handlers: RawConnHandlers;
  readonly #change = new Change();
  #unwritten: Uint8Array[] = [];
  #unwrittenBytes = 0;
  #isWriting = false;
  #hasFailedToWrite = false;
  #ending: Promise<void> | undefined;
  #isPaused = false;
  /** What comes is thrown away: so many bytes of it until now. */
  #discarded: number | undefined;
  #isReading = false;
  #isClosed = false;

  constructor(conn: Deno.Conn, handlers: RawConnHandlers) {
    this.#conn = conn;
    this.#handlers = handlers;
    // It is whoever waits for TLS that keeps the process alive.
    conn.unref();
  }

  /** Whether the process is kept alive until something comes. */
  set keepsAlive(keepsAlive: boolean) {
    if (this.#isClosed) return;
    if (keepsAlive) this.#conn.ref();
    else this.#conn.unref();
  }

  // Reading.

  start(): void {
    this.#isReading = true;
    this.#readAll();
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  set isPaused(isPaused: boolean) {
    this.#isPaused = isPaused;
    if (!isPaused) this.#change.tell();
  }

  async #readAll(): Promise<void> {
    let buffer = new Uint8Array(smallReadLength);
    try {
      for (;;) {
        while (this.#isPaused && this.#discarded === undefined && !this.#isClosed) await this.#change.wait();
        if (this.#isClosed) return;
        const length = await this.#conn.read(buffer);
        if (this.#isClosed) return;
        if (length === null) break;
        if (this.#discarded === undefined) this.#handlers.received(buffer.subarray(0, length));
        else if (this.#discard(length)) return;
        // Room for much only while much comes.
        const wanted = length === buffer.length ? largeReadLength : length < smallReadLength ? smallReadLength : 0;
        if (wanted !== 0 && wanted !== buffer.length) buffer = new Uint8Array(wanted);
      }
    } catch (error) {
      if (!this.#isClosed && this.#discarded === undefined) this.#handlers.readingFailed(error);
      return;
    } finally {
      this.#isReading = false;
      this.#change.tell();
    }
    if (this.#discarded === undefined) this.#handlers.ended();
  }

  /** Whether it was too much. */
  #discard(length: number): boolean {
    this.#discarded = (this.#discarded ?? 0) + length;
    return this.#discarded > maxLingerBytes;
  }

  // Writing.

  /** Bytes that wait to be taken. */
  get unwritten(): number {
    return this.#unwrittenBytes;
  }

  write(bytes: Uint8Array): void {
    if (this.#isClosed || this.#hasFailedToWrite) return;
    this.#unwritten.push(bytes);
    this.#unwrittenBytes += bytes.length;
    if (!this.#isWriting) this.#writeAll();
  }

  /** Settles when everything that was written has been taken, or can't be any more: then there is nothing to be waited for. */
  async written(): Promise<void> {
    while (this.#isWriting) await this.#change.wait();
  }

  /** Whether something that was written was lost. */
  get hasFailedToWrite(): boolean {
    return this.#hasFailedToWrite;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    try {
      // What is written in one go, the records of a flight most often, is sent together.
      await undefined;
      while (this.#unwritten.length > 0 && !this.#isClosed) {
        const bytes = this.#nextToWrite();
        for (let at = 0; at < bytes.length; ) at += await this.#conn.write(bytes.subarray(at));
        if (this.#isClosed) return;
        this.#unwrittenBytes -= bytes.length;
        this.#handlers.written();
      }
    } catch (error) {
      this.#unwritten = [];
      this.#unwrittenBytes = 0;
      this.#hasFailedToWrite = true;
      if (!this.#isClosed) this.#handlers.writingFailed(error);
    } finally {
      this.#isWriting = false;
      this.#change.tell();
    }
  }

  /** The first of what waits, with what goes into one write besides. */
  #nextToWrite(): Uint8Array {
    let [count, length] = [0, 0];
    for (const bytes of this.#unwritten) {
      if (count > 0 && length + bytes.length > bytesSealedAtOnce) break;
      [count, length] = [count + 1, length + bytes.length];
    }
    const [first = new Uint8Array(0), ...others] = this.#unwritten.splice(0, count);
    return others.length === 0 ? first : concat(first, ...others);
  }

  /** Ends this direction behind everything that was written. */
  endWriting(): Promise<void> {
    this.#ending ??= this.written().then(() => this.#conn.closeWrite());
    return this.#ending;
  }

  // How it ends.

  /** Closes it behind what was written, once the peer has hung up or has had time for it. */
  async finish(): Promise<void> {
    if (this.#isClosed) return;
    this.#discarded ??= 0;
    this.#change.tell();
    const limit = timer(() => this.destroy(), lingerTime);
    try {
      await this.endWriting();
      while (this.#isReading) await this.#change.wait();
    } catch {
      // It is gone already.
    }
    clearTimer(limit);
    this.destroy();
  }

  /** Closes it at once. */
  destroy(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#unwritten = [];
    this.#unwrittenBytes = 0;
    this.#hasFailedToWrite ||= this.#isWriting;
    this.#change.tell();
    try {
      this.#conn.close();
    } catch {
      // Somebody else has.
    }
    this.#handlers.closed();
  }
}
