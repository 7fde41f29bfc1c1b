import {
  Alert,
  type ChannelBindingType,
  type ClientInfo,
  type ConnectionHandlers,
  callerError,
  type ServerInfo,
  type TlsClient,
  TlsError,
  type TraceEvent,
} from "@tlskit/tls";
import { aBoolean, aFunction, bytes as aUint8Array, check, type Expectations, optional } from "@tlskit/wire/arguments";
import { Change } from "./change.ts";
import {
  bytesSealedAtOnce,
  lingerTime,
  maxTimerDelay,
  maxUnreadBytes,
  maxUnwrittenBytes,
  unreadCheckInterval,
  writableBufferSize,
} from "./limits.ts";
import { RawConn } from "./raw-conn.ts";
import { Received } from "./received.ts";
import { SettledLater } from "./settled-later.ts";
import { clearTimer, type Timer, timer } from "./timer.ts";

/** A client's or a server's end of a connection: what both have. */
export type ConnectionEnd = Pick<
  TlsClient,
  | "abort"
  | "channelBinding"
  | "checkDeadline"
  | "close"
  | "deadline"
  | "discard"
  | "exportKeyingMaterial"
  | "receive"
  | "receiveEnd"
  | "release"
  | "send"
  | "start"
  | "unread"
  | "unsent"
  | "updateKeys"
>;

/** What Deno tells of a handshake, and all else that was negotiated and verified. */
export type HandshakeInfo<Info> = Omit<Info, "alpnProtocol"> & Deno.TlsHandshakeInfo;

/** What every connection can be told. */
export interface ConnOptions {
  /**
   * Takes an end of the connection below without a close_notify for an orderly end, for peers that never send one. Whoever is
   * on the way can then cut off what the peer sends, and nobody notices (RFC 9846 §6.1): for protocols that say themselves
   * where their messages end. A handshake that is cut off fails as ever.
   */
  readonly dangerouslyAcceptTruncation?: boolean | undefined;
  /** Gets the lines of a key log (NSS's form) of this connection. Whoever has them reads the traffic. */
  readonly keyLog?: ((line: string) => void) | undefined;
  /** Gets each step of the handshake and of what follows. */
  readonly trace?: ((event: TraceEvent) => void) | undefined;
}

/** @internal */
export const connOptions: Expectations<ConnOptions> = {
  dangerouslyAcceptTruncation: optional(aBoolean),
  keyLog: optional(aFunction),
  trace: optional(aFunction),
};

/** @internal What a connection's role has told, besides what each has. */
export type RoleHandlers<Info> = Pick<
  ConnectionHandlers<Info>,
  "clientAnswered" | "earlyDataOutcome" | "earlyPlaintext" | "session"
>;

/** @internal How a connection comes to be. */
export interface TlsConnParts<Info, Address extends Deno.Addr> {
  readonly conn: Deno.Conn<Address>;
  /** Makes the connection that calls these. */
  open(handlers: ConnectionHandlers<Info>): ConnectionEnd;
  /** The one that the connection goes by. */
  readonly clock: () => number;
  readonly options: ConnOptions;
  readonly own: RoleHandlers<Info>;
  /** Told, maybe twice, when nothing more comes, with what whoever waits for something is told. */
  over?(error: TlsError): void;
}

/**
 * A TLS connection in the shape of Deno's: `connectTls`, `startTls` and `acceptTls` make them, and listeners do.
 *
 * **Reading** by `read`, or as a stream: data ends with the peer's close_notify, and not otherwise. A connection that is cut off
 * is an error of the kind `truncation`, behind the data that came before it. While nobody reads, the connection below isn't
 * read either.
 *
 * **Writing** by `write`, or as a stream: a write is done when the system has taken all of it. What is written before the
 * handshake is done waits for that. `closeWrite`, or closing `writable`, sends a close_notify behind it, and reading goes on.
 *
 * It keeps the process alive as one of Deno's does: while somebody waits for it.
 *
 * Everything that fails is a `TlsError`: what the peer does wrong, an alert that it sends, what fails below
 * (`transport_failed`, with that as its `cause`), and what is done after `close` (`closed`).
 */
export class TlsConn<
  Info extends { readonly alpnProtocol: string | undefined } = ClientInfo | ServerInfo,
  Address extends Deno.Addr = Deno.NetAddr,
> implements Deno.Conn<Address>
{
  readonly localAddr: Address;
  readonly remoteAddr: Address;

  readonly #clock: () => number;
  readonly #over: ((error: TlsError) => void) | undefined;
  readonly #connection: ConnectionEnd;
  readonly #raw: RawConn;
  readonly #received: Received;
  readonly #handshake = new SettledLater<void>();
  readonly #closed = new SettledLater<void>();
  /** Whatever a write may wait for: something was sealed, or is over. */
  readonly #change = new Change();
  #readable: ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  #writable: WritableStream<Uint8Array> | undefined;
  #writing: WritableStreamDefaultController | undefined;
  /** Settles when all writes that there are have: they take turns. */
  #turn: Promise<void> | undefined;
  /** Writes that still have something to be sealed. */
  #unsealed = 0;
  /** How many wait for this connection, and whether that keeps the process alive. */
  #waiting = 0;
  #isRef = true;
  #keepsAlive = false;
  #info: Info | undefined;
  #deadlineTimer: Timer | undefined;
  #lastTimer: Timer | undefined;
  #behindTimer: Timer | undefined;
  /** What a callback threw, or why `writable` was aborted. */
  #abortedFor: { readonly reason: unknown } | undefined;
  /** What the connection below failed with. */
  #transportFailure: TlsError | undefined;
  /** The peer's close_notify has come. */
  #hasEnded = false;
  /** Our close_notify has been handed to the connection below. */
  #hasSentEnd = false;
  /** `readable` was cancelled. */
  #isCancelled = false;
  /** What reads and writes fail with since `close` was called. */
  #closing: TlsError | undefined;
  #isOver = false;
  /** What it ended with. */
  #error: TlsError | undefined;

  /** @internal */
  constructor({ conn, open, clock, options, own, over }: TlsConnParts<Info, Address>) {
    this.#clock = clock;
    this.#over = over;
    this.localAddr = conn.localAddr;
    this.remoteAddr = conn.remoteAddr;
    // First, so that what it throws leaves the connection below as it was.
    this.#connection = open(this.#handlers(options, own));
    this.#received = new Received(() => this.#regulate());
    dontDelay(conn);
    this.#raw = new RawConn(conn, {
      received: (bytes) => this.#receive(bytes),
      ended: () => this.#connection.receiveEnd(),
      readingFailed: (error) => this.#readingFailed(error),
      written: () => this.#regulate(),
      writingFailed: (error) => this.#writingFailed(error),
      closed: () => this.#closed.resolve(),
    });
    // Callbacks come when whoever makes the connection has it.
    queueMicrotask(() => this.#start());
  }

  // What a connection of Deno's has.

  /**
   * What was negotiated and verified, when the handshake is done, which begins by itself.
   * @throws {TlsError} (the promise) whatever ends the connection before
   */
  async handshake(): Promise<HandshakeInfo<Info>> {
    await this.waitFor(this.#handshake.promise);
    const info = this.#info;
    if (info === undefined) throw this.#failure();
    return { ...info, alpnProtocol: info.alpnProtocol ?? null };
  }

  /**
   * Reads as much as there is, and room for; `null` at the end. Several that wait get it in the order in which they asked.
   * @throws {TlsError} (the promise) what ends the connection, behind the data that came before it
   */
  async read(p: Uint8Array): Promise<number | null> {
    check(p, "p", aUint8Array);
    if (p.length === 0) return 0;
    return (await this.waitFor(this.#received.read(p))) ?? null;
  }

  /**
   * Writes all of it. Its bytes may be changed when the promise has settled.
   * @returns how many bytes that are
   * @throws {TlsError} (the promise) `closed`, and what ends the connection
   */
  async write(p: Uint8Array): Promise<number> {
    check(p, "p", aUint8Array);
    this.#unsealed += 1;
    await this.waitFor(this.#inTurn(() => this.#writeAll(p)));
    return p.length;
  }

  /**
   * Sends a close_notify behind what was written, once the handshake is done; reading goes on (RFC 9846 §6.1). Before TLS 1.3
   * the peer's close_notify is answered by itself.
   * @throws {TlsError} (the promise) what ends the connection before
   */
  async closeWrite(): Promise<void> {
    await this.waitFor(
      this.#inTurn(async () => {
        await this.#handshake.promise;
        this.#checkNotOver();
        this.#connection.close();
        await this.#untilSent(() => this.#hasSentEnd);
        await this.#raw.endWriting().catch((error: unknown) => this.#writingFailed(error));
        await this.#untilFailed();
      }),
    );
  }

  /**
   * Closes the connection: what waits to be read is dropped, and who waits is told `closed`. The peer gets a close_notify behind
   * what was written; but an alert if a write wasn't done, since it is not to take for whole what was cut short. Having been
   * closed already is no error.
   */
  close(): void {
    if (this.#closing !== undefined) return;
    const error = callerError("closed", "the connection was closed");
    this.#closing = error;
    this.#handshake.reject(error);
    this.#received.drop(error);
    this.#writing?.error(error);
    if (this.#isOver) return;
    // A provider that answers late is waited for, but not for ever.
    this.#lastTimer ??= timer(() => this.#leave(), lingerTime);
    // In the handshake too: the peer may have done its part already, and take an end for all that there was.
    const isCutShort = this.#unsealed > 0 || (this.#info === undefined && this.#connection.unsent > 0);
    if (isCutShort) this.#connection.abort(Alert.internalError);
    else this.#connection.close();
    this.#leaveIfUnwanted();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Keeps the process alive while somebody waits for the connection, as it does unless told otherwise. */
  ref(): void {
    this.#isRef = true;
    this.#keepAlive();
  }

  /** Doesn't keep the process alive. */
  unref(): void {
    this.#isRef = false;
    this.#keepAlive();
  }

  /**
   * The peer's data, as a stream of bytes. Whoever cancels it throws away what comes from there on; `writable` stays. One who
   * has closed that as well has closed the connection.
   */
  get readable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    this.#readable ??= this.#makeReadable();
    return this.#readable;
  }

  /**
   * Data for the peer. Closing it is `closeWrite`. Aborting it ends the connection with an alert, since the peer is not to take
   * for whole what was cut short; but without a reason it is `close` if everything was written, which is how a Duplex of Node's
   * is destroyed.
   */
  get writable(): WritableStream<Uint8Array> {
    this.#writable ??= this.#makeWritable();
    return this.#writable;
  }

  // What else there is to be asked and told.

  /**
   * Settles when the connection is over and the one below it closed, which is left open for the peer to hang up after `close`,
   * for a second at most: for tests that look for leaks, say. Never fails.
   */
  get closed(): Promise<void> {
    return this.waitFor(this.#closed.promise);
  }

  /** What was negotiated and verified, once the handshake is done; of a client that showed a certificate later, with that. */
  get info(): Info | undefined {
    return this.#info;
  }

  /**
   * RFC 9846 §4.7.3: goes over to new keys for sending.
   * @param request whether the peer is asked to do the same.
   * @throws {TlsError} `not_established`, `closed`; `no_key_update` before TLS 1.3 (the caller's fault)
   */
  updateKeys(request: boolean = false): void {
    this.#connection.updateKeys(request);
  }

  /**
   * Keying material for the application (RFC 9846 §7.5).
   * @throws {TlsError} `not_established`, `closed`, `out_of_range`, `not_ascii`, `no_exporter` (the caller's fault)
   */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.#connection.exportKeyingMaterial(label, context, length);
  }

  /**
   * RFC 9266: bytes that are this connection's alone and the same at both ends, for authentication above it that is to hold
   * for no other connection, such as SCRAM-SHA-256-PLUS.
   * @throws {TlsError} `invalid_argument`, `not_established`, `closed`, `no_channel_binding` (the caller's fault)
   */
  channelBinding(type: ChannelBindingType): Uint8Array {
    return this.#connection.channelBinding(type);
  }

  // The connection.

  #handlers(
    { dangerouslyAcceptTruncation, keyLog, trace }: ConnOptions,
    { clientAnswered, earlyDataOutcome, earlyPlaintext, session }: RoleHandlers<Info>,
  ): ConnectionHandlers<Info> {
    return {
      ciphertext: (bytes) => this.#raw.write(bytes),
      plaintext: (bytes) => this.#received.push(bytes),
      established: (info) => {
        this.#info = info;
        this.#watchDeadline();
        this.#handshake.resolve();
      },
      renegotiating: () => this.#watchDeadline(),
      renegotiated: (info) => {
        this.#info = info;
        this.#watchDeadline();
      },
      ended: () => this.#ended(),
      sendEnded: () => {
        this.#hasSentEnd = true;
        this.#change.tell();
        this.#leaveIfUnwanted();
      },
      drained: () => this.#change.tell(),
      closed: (error) => this.#finish(error),
      clientAnswered: (answer) => {
        this.#info = answer.info;
        clientAnswered?.(answer);
      },
      ...(dangerouslyAcceptTruncation === true ? { truncated: () => this.#truncated() } : {}),
      keyLog: this.#guarded(keyLog),
      trace: this.#guarded(trace),
      earlyPlaintext: this.#guarded(earlyPlaintext),
      ...(session === undefined ? {} : { session: (bytes) => this.#guard(() => session(bytes)) }),
      ...(earlyDataOutcome === undefined
        ? {}
        : { earlyDataOutcome: (outcome, data) => this.#guard(() => earlyDataOutcome(outcome, data)) }),
    };
  }

  /** What an application's callback throws ends the connection: it can't go on with what it hasn't been told. */
  #guarded<Argument>(call: ((argument: Argument) => void) | undefined): ((argument: Argument) => void) | undefined {
    return call && ((argument) => this.#guard(() => call(argument)));
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#abortedFor ??= { reason: error };
      this.#connection.abort(Alert.internalError);
    }
  }

  #start(): void {
    this.#connection.start();
    this.#watchDeadline();
    if (!this.#isOver) this.#raw.start();
  }

  #watchDeadline(): void {
    clearTimer(this.#deadlineTimer);
    const { deadline } = this.#connection;
    if (deadline === undefined) return;
    const check = (): void => {
      this.#connection.checkDeadline();
      this.#watchDeadline();
    };
    this.#deadlineTimer = timer(check, Math.min(Math.max(1, deadline - this.#clock()), maxTimerDelay));
  }

  // Reading.

  #receive(bytes: Uint8Array): void {
    this.#connection.receive(bytes);
    this.#connection.release(bytes.buffer);
    this.#regulate();
  }

  /** Lets the connection below wait while the reader, a provider that answers late, or the peer's own reading is behind. */
  #regulate(): void {
    const isBehind = this.#connection.unread >= maxUnreadBytes;
    this.#raw.isPaused =
      isBehind ||
      this.#hasEnded ||
      this.#received.waiting >= maxUnreadBytes ||
      this.#raw.unwritten >= maxUnwrittenBytes;
    clearTimer(this.#behindTimer);
    // Some of what has come is used up without a word: early data that is declined.
    const checks = isBehind && !this.#isOver;
    this.#behindTimer = checks ? timer(() => this.#regulate(), unreadCheckInterval, this.#keepsAlive) : undefined;
  }

  #makeReadable(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const source: UnderlyingByteSource = {
      type: "bytes",
      pull: async (controller) => {
        const view = controller.byobRequest?.view;
        if (view == null) {
          const chunk = await this.waitFor(this.#received.chunk());
          if (chunk === undefined) controller.close();
          else controller.enqueue(chunk);
          return;
        }
        const length = await this.read(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
        if (length === null) controller.close();
        controller.byobRequest?.respond(length ?? 0);
      },
      cancel: () => {
        this.#isCancelled = true;
        this.#received.drop(callerError("closed", "readable was cancelled"));
        this.#leaveIfUnwanted();
      },
    };
    // Nothing is read ahead of its reader.
    return new ReadableStream(source, { highWaterMark: 0 });
  }

  #ended(): void {
    this.#hasEnded = true;
    this.#received.end();
    this.#regulate();
    this.#over?.(callerError("closed", "the peer has closed the connection"));
  }

  /** Told where a truncation is taken for an end. */
  #truncated(): void {
    if (this.#transportFailure === undefined) this.#ended();
    else this.#fail();
  }

  /** What came before is used first, which with a provider that answers late takes a while: it may be the alert that says why. */
  #readingFailed(error: unknown): void {
    this.#transportFailure ??= transportFailed(error);
    this.#connection.receiveEnd();
  }

  // Writing.

  async #writeAll(p: Uint8Array): Promise<void> {
    try {
      this.#checkNotOver();
      for (let at = 0; at < p.length; at += bytesSealedAtOnce) {
        if (at > 0) await this.#untilWritten();
        this.#connection.send(p.subarray(at, at + bytesSealedAtOnce));
      }
    } finally {
      this.#unsealed -= 1;
    }
    await this.#untilWritten();
  }

  async #untilWritten(): Promise<void> {
    await this.#untilSent(() => this.#connection.unsent === 0);
    await this.#raw.written();
    await this.#untilFailed();
  }

  /** Waits until something has been sealed. */
  async #untilSent(isSent: () => boolean): Promise<void> {
    while (!this.#isOver && !isSent()) await this.#change.wait();
    this.#checkNotOver();
  }

  /** What the peer said before it went is read first, if something was lost: it may be the alert that says why. */
  async #untilFailed(): Promise<void> {
    if (!this.#raw.hasFailedToWrite) return;
    while (!this.#isOver) await this.#change.wait();
    throw this.#failure();
  }

  #checkNotOver(): void {
    if (this.#closing !== undefined || this.#error !== undefined) throw this.#failure();
  }

  #failure(): TlsError {
    return this.#closing ?? this.#error ?? this.#transportFailure ?? callerError("closed", "the connection has ended");
  }

  #writingFailed(error: unknown): void {
    if (this.#isOver) return;
    this.#transportFailure ??= transportFailed(error);
    if (this.#hasEnded) this.#fail();
    else this.#lastTimer ??= timer(() => this.#fail(), lingerTime);
  }

  #makeWritable(): WritableStream<Uint8Array> {
    /** Chunks that were given and not written yet: whoever aborts drops them. */
    let queued = 0;
    return new WritableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#writing = controller;
          if (this.#closing !== undefined || this.#error !== undefined) controller.error(this.#failure());
        },
        write: async (chunk) => {
          await this.write(chunk);
          queued -= 1;
        },
        close: () => this.closeWrite(),
        abort: (reason) => {
          if (queued === 0 && (reason === undefined || reason === null)) {
            this.close();
            return;
          }
          this.#abortedFor ??= { reason };
          if (!this.#isOver) this.#connection.abort(Alert.internalError);
        },
      },
      {
        highWaterMark: writableBufferSize,
        size: (chunk) => {
          check(chunk, "chunk", aUint8Array);
          queued += 1;
          return chunk.length;
        },
      },
    );
  }

  /** One after the other; at once if there is no other. */
  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#turn === undefined ? task() : this.#turn.then(task);
    const turn = done
      .catch(() => {})
      .then(() => {
        if (this.#turn === turn) this.#turn = undefined;
      });
    this.#turn = turn;
    return done;
  }

  // Who waits.

  /** @internal What somebody waits for: that keeps the process alive. */
  protected async waitFor<T>(task: Promise<T>): Promise<T> {
    this.#waiting += 1;
    this.#keepAlive();
    try {
      return await task;
    } finally {
      this.#waiting -= 1;
      this.#keepAlive();
    }
  }

  #keepAlive(): void {
    const keepsAlive = this.#isRef && this.#waiting > 0;
    if (keepsAlive === this.#keepsAlive) return;
    this.#keepsAlive = keepsAlive;
    this.#raw.keepsAlive = keepsAlive;
  }

  // How it ends.

  /** The connection is over, as it says itself. */
  #finish(error: TlsError | undefined): void {
    if (this.#isOver) return;
    const hasLastWords = error === undefined || !(error.kind === "alert" || error.kind === "truncation");
    this.#isOver = true;
    this.#error = error && this.#explained(error);
    this.#end();
    if (hasLastWords) this.#raw.finish();
    else this.#raw.destroy();
  }

  /** With what is known besides of how it came about. */
  #explained(error: TlsError): TlsError {
    if (error.kind === "truncation") return this.#transportFailure ?? error;
    if (error.code !== "aborted" || this.#abortedFor === undefined) return error;
    return new TlsError(error.kind, error.code, error.message, {
      alert: Alert.internalError,
      cause: this.#abortedFor.reason,
    });
  }

  /** Nothing can come and go any more. */
  #fail(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error = this.#transportFailure;
    this.#connection.discard();
    this.#end();
    this.#raw.destroy();
  }

  /** Nobody is interested any more, once our end has been said. */
  #leaveIfUnwanted(): void {
    if (this.#hasSentEnd && (this.#closing !== undefined || this.#isCancelled)) this.#leave();
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#connection.discard();
    this.#end();
    this.#raw.finish();
  }

  #end(): void {
    clearTimer(this.#deadlineTimer);
    clearTimer(this.#lastTimer);
    clearTimer(this.#behindTimer);
    const error = this.#error;
    if (error !== undefined) {
      this.#handshake.reject(error);
      this.#writing?.error(error);
    }
    this.#received.end(error);
    this.#over?.(this.#failure());
    this.#change.tell();
  }
}

/** Small messages are written whole, so that waiting to join them only delays. */
function dontDelay(conn: Deno.Conn): void {
  if (!("setNoDelay" in conn) || typeof conn.setNoDelay !== "function") return;
  try {
    conn.setNoDelay(true);
  } catch {
    // The peer has gone already: reading tells.
  }
}

/** What failed below TLS: what came before it may have been cut short. */
function transportFailed(cause: unknown): TlsError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new TlsError("truncation", "transport_failed", `the connection below failed: ${message}`, { cause });
}
