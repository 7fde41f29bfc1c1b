import {
  Alert,
  type ChannelBindingType,
  type ConnectionHandlers,
  callerError,
  type FinishedMessages,
  type TlsClient,
  TlsError,
  type TraceEvent,
} from "@tlskit/tls";
import {
  aBoolean,
  aFunction,
  bytes as aUint8Array,
  check,
  checkOptions,
  type Expectations,
  optional,
} from "@tlskit/wire/arguments";
import type { RawByteStream } from "./byte-stream.ts";
import { Change } from "./change.ts";
import {
  bytesSealedAtOnce,
  lingerTime,
  maxTimerDelay,
  maxUnreadBytes,
  unreadCheckInterval,
  writableBufferSize,
} from "./limits.ts";
import { RawStream } from "./raw-stream.ts";
import { Received } from "./received.ts";
import { SettledLater } from "./settled-later.ts";

/** A client's or a server's end of a connection: what both have. */
export type ConnectionEnd = Pick<
  TlsClient,
  | "abort"
  | "channelBinding"
  | "checkDeadline"
  | "close"
  | "deadline"
  | "discard"
  | "exportEarlyKeyingMaterial"
  | "exportKeyingMaterial"
  | "finished"
  | "receive"
  | "receiveEnd"
  | "recordSize"
  | "send"
  | "start"
  | "unread"
  | "unsent"
  | "updateKeys"
>;

/** What was negotiated and verified, with what else a socket of WinterTC's tells when it has opened. */
export type SocketInfo<Info> = Info & {
  /** What ALPN agreed upon. */
  readonly alpn: string | null;
};

/** What every socket can be told. */
export interface SocketOptions {
  /**
   * Takes an end of the stream without a close_notify for an orderly end, for peers that never send one. Whoever is on the
   * way can then cut off what the peer sends, and nobody notices (RFC 9846 §6.1): for protocols that say themselves where
   * their messages end. A handshake that is cut off fails as ever.
   */
  readonly dangerouslyAcceptTruncation?: boolean | undefined;
  /** Gets the lines of a key log (NSS's form) of this connection. Whoever has them reads the traffic. */
  readonly keyLog?: ((line: string) => void) | undefined;
  /** Gets each step of the handshake and of what follows. */
  readonly trace?: ((event: TraceEvent) => void) | undefined;
}

/** What a socket of whatever connection can be told. */
export interface OverOptions extends SocketOptions {
  /** The clock that the connection goes by: `Date.now` unless told otherwise. */
  readonly clock?: (() => number) | undefined;
}

/** @internal */
export const socketOptions: Expectations<SocketOptions> = {
  dangerouslyAcceptTruncation: optional(aBoolean),
  keyLog: optional(aFunction),
  trace: optional(aFunction),
};

/** @internal What a socket has told by its connection, besides what every socket has. */
export type OwnHandlers<Info> = Pick<
  ConnectionHandlers<Info>,
  "clientAnswered" | "earlyDataOutcome" | "earlyPlaintext" | "session"
>;

/** @internal How a socket comes to be. */
export interface TlsSocketParts<Info> {
  readonly stream: RawByteStream;
  /** Makes the connection that calls these. */
  open(handlers: ConnectionHandlers<Info>): ConnectionEnd;
  /** The one that the connection goes by. */
  readonly clock: () => number;
  readonly options: SocketOptions;
  readonly own: OwnHandlers<Info>;
}

/**
 * A TLS connection over any stream of bytes, in the shape of a socket of WinterTC's Sockets API. Made by `connect`, `accept` or
 * {@link TlsSocket.over}.
 *
 * **Reading.** `readable` ends with the peer's close_notify, and not otherwise: a stream that is cut off is an error, of the
 * kind `truncation`, behind the data that came before it. While nobody reads, the stream below isn't read either. Who cancels
 * `readable` throws away what comes from there on; `writable` stays.
 *
 * **Writing.** A write is done when it has been handed to the stream below, and that takes more. Writes before the handshake is
 * done wait for it. Closing `writable` sends a close_notify behind them, and `readable` stays; aborting it ends both with an
 * alert, since the peer is never to take for whole what was cut short. Who has closed the one and cancelled the other has
 * closed the socket.
 *
 * Everything that fails is a `TlsError`: what the peer does wrong, an alert that it sends, and what fails below
 * (`transport_failed`, with that as its `cause`).
 */
export class TlsSocket<Info extends { readonly alpnProtocol: string | undefined }> {
  /** The peer's data. */
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Data for the peer. */
  readonly writable: WritableStream<Uint8Array>;
  /** What was negotiated and verified, when the handshake is done. Fails with whatever ends the connection before. */
  readonly opened: Promise<SocketInfo<Info>>;
  /**
   * Settles when the connection is over and its last bytes have gone: fails unless it ended in order in both directions,
   * or was ended by `close`.
   */
  readonly closed: Promise<void>;

  readonly #clock: () => number;
  readonly #connection: ConnectionEnd;
  readonly #raw: RawStream;
  readonly #received: Received;
  readonly #opened = new SettledLater<SocketInfo<Info>>();
  readonly #closed = new SettledLater<void>();
  /** Whatever somebody may wait for: something was read, or sealed, or is over. */
  readonly #change = new Change();
  #writing: WritableStreamDefaultController | undefined;
  /** Bytes of writes that aren't done. */
  #unwritten = 0;
  #info: Info | undefined;
  readonly #toldWhenOpened: (() => void)[] = [];
  /** What `#deadlineTimer` waits for. */
  #deadline: number | undefined;
  #deadlineTimer: ReturnType<typeof setTimeout> | undefined;
  #writeFailureTimer: ReturnType<typeof setTimeout> | undefined;
  /** What the stream below failed with. */
  #transportFailure: TlsError | undefined;
  /** Our close_notify has been handed to the stream below. */
  #hasSentEnd = false;
  /** The peer's close_notify has come. */
  #hasEnded = false;
  /** `readable` was cancelled. */
  #isCancelled = false;
  /** `close` was called: what fails for it. */
  #closing: TlsError | undefined;
  /** `writable` was aborted, or a callback has thrown. */
  #aborted: TlsError | undefined;
  #isOver = false;
  /** What it ended with. */
  #error: TlsError | undefined;

  /** @internal */
  constructor({ stream, open, clock, options, own }: TlsSocketParts<Info>) {
    this.#clock = clock;
    // First, so that what it throws leaves the stream as it was.
    this.#connection = open(this.#handlers(options, own));
    this.#raw = new RawStream(stream, {
      written: () => this.#change.tell(),
      writingFailed: (error) => this.#writingFailed(error),
    });
    this.#received = new Received({
      taken: () => this.#change.tell(),
      cancelled: () => this.#cancelled(),
    });
    this.readable = this.#received.readable;
    this.writable = this.#makeWritable();
    this.opened = this.#opened.promise;
    this.closed = this.#closed.promise;
    this.#run();
  }

  /**
   * A socket of any connection of `@tlskit/tls`: of a client that `connect` doesn't make, such as a `PskClient`.
   * ```ts
   * const socket = TlsSocket.over<PskClientInfo>(stream, (handlers) => new PskClient(context, { host }, handlers));
   * ```
   * @param open makes the connection, which calls these and is otherwise the socket's.
   * @throws {TlsError} `invalid_argument`, `locked_stream`, and what `open` throws (the caller's fault)
   */
  static over<Info extends { readonly alpnProtocol: string | undefined }>(
    stream: RawByteStream,
    open: (handlers: ConnectionHandlers<Info>) => ConnectionEnd,
    options: OverOptions = {},
  ): TlsSocket<Info> {
    checkOptions("TlsSocket.over", options, { ...socketOptions, clock: optional(aFunction) });
    const { clock = Date.now, ...others } = options;
    return new TlsSocket({ stream, open, clock, options: others, own: {} });
  }

  // What a socket is asked.

  /** What was negotiated and verified, once the handshake is done; of a client that showed a certificate later, with that. */
  get info(): Info | undefined {
    return this.#info;
  }

  /** What ALPN agreed upon, once the handshake is done. */
  get alpn(): string | null {
    return this.#info?.alpnProtocol ?? null;
  }

  /** The verify_data of the Finished messages, once the handshake is done: `finished` of a connection of `@tlskit/tls`. */
  get finished(): FinishedMessages | undefined {
    return this.#connection.finished;
  }

  /**
   * Keying material for the application (RFC 9846 §7.5).
   * @throws {TlsError} `not_established`, `closed`, `out_of_range`, `not_ascii`, `no_exporter` (the caller's fault)
   */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    return this.#connection.exportKeyingMaterial(label, context, length);
  }

  /**
   * Keying material of early data (RFC 9846 §7.5), the same again for whoever replays it.
   * @throws {TlsError} `no_early_data`, `out_of_range`, `not_ascii` (the caller's fault)
   */
  exportEarlyKeyingMaterial(label: string, context: Uint8Array, length: number): Uint8Array {
    return this.#connection.exportEarlyKeyingMaterial(label, context, length);
  }

  /**
   * RFC 9266: bytes that are this connection's alone and the same at both ends, for authentication above it that is to hold
   * for no other connection, such as SCRAM-SHA-256-PLUS.
   * @throws {TlsError} `invalid_argument`, `not_established`, `closed`, `no_channel_binding` (the caller's fault)
   */
  channelBinding(type: ChannelBindingType): Uint8Array {
    return this.#connection.channelBinding(type);
  }

  /** Bytes of content that a record of ours has at most, from here on: 64 to 2^14. */
  get recordSize(): number {
    return this.#connection.recordSize;
  }

  set recordSize(size: number) {
    this.#connection.recordSize = size;
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
   * Ends the connection, without waiting for the peer: what waits to be read is dropped, `readable` fails with `closed`. If
   * every write was done, the peer gets a close_notify; otherwise an alert, since that would tell it that nothing is missing.
   * Who wants the end behind all writes closes `writable` first and waits for it. A handshake that isn't done is given up.
   * @param reason what `opened`, `readable` and pending writes fail for: the `cause` of their error.
   * @returns `closed`
   */
  close(reason?: unknown): Promise<void> {
    if (this.#isOver || this.#closing !== undefined) return this.closed;
    const error = callerError("closed", "the socket was closed", reason);
    this.#closing = error;
    this.#opened.reject(error);
    this.#received.drop(error);
    this.#failWriting(error);
    if (this.#unwritten > 0) {
      this.#abort(reason);
    } else {
      this.#connection.close();
      this.#finishIfUnwanted();
    }
    return this.closed;
  }

  // The connection.

  #handlers(
    { dangerouslyAcceptTruncation, keyLog, trace }: SocketOptions,
    { clientAnswered, earlyDataOutcome, earlyPlaintext, session }: OwnHandlers<Info>,
  ): ConnectionHandlers<Info> {
    return {
      ciphertext: (bytes) => this.#raw.write(bytes),
      plaintext: (bytes) => {
        this.#received.push(bytes);
        this.#change.tell();
      },
      established: (info) => this.#established(info),
      renegotiated: (info) => {
        this.#info = info;
        this.#watchDeadline();
      },
      ended: () => this.#ended(),
      sendEnded: () => {
        this.#hasSentEnd = true;
        this.#change.tell();
        this.#finishIfUnwanted();
      },
      drained: () => this.#change.tell(),
      closed: (error) => this.#finish(error),
      clientAnswered: (answer) => {
        this.#info = answer.info;
        clientAnswered?.(answer);
      },
      ...(dangerouslyAcceptTruncation === true ? { truncated: (error) => this.#truncated(error) } : {}),
      keyLog: this.#guarded(keyLog),
      trace: this.#guarded(trace),
      earlyPlaintext: this.#guarded(
        earlyPlaintext &&
          ((bytes) => {
            this.#change.tell();
            earlyPlaintext(bytes);
          }),
      ),
      ...(session === undefined ? {} : { session: (bytes) => this.#tellWhenOpened(() => session(bytes)) }),
      ...(earlyDataOutcome === undefined
        ? {}
        : { earlyDataOutcome: (outcome, data) => this.#guard(() => earlyDataOutcome(outcome, data)) }),
    };
  }

  /** What an application's callback throws ends the connection: it can't go on with what it hasn't been told. */
  #guarded<Argument>(call: ((argument: Argument) => void) | undefined): ((argument: Argument) => void) | undefined {
    return call && ((argument) => this.#guard(() => call(argument)));
  }

  /** Before TLS 1.3 a session comes in the handshake, which may fail still. */
  #tellWhenOpened(call: () => void): void {
    if (this.#info === undefined) this.#toldWhenOpened.push(call);
    else this.#guard(call);
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#abort(error);
    }
  }

  async #run(): Promise<void> {
    // Callbacks come when whoever made the socket has it.
    await undefined;
    this.#connection.start();
    try {
      for (;;) {
        this.#watchDeadline();
        await this.#untilRoom();
        if (this.#readsNoMore) return;
        const bytes = await this.#raw.read();
        if (this.#readsNoMore) return;
        if (bytes === undefined) {
          this.#connection.receiveEnd();
          return;
        }
        this.#connection.receive(bytes);
      }
    } catch (error) {
      this.#readingFailed(error);
    }
  }

  async #untilRoom(): Promise<void> {
    while (!this.#hasRoom && !this.#readsNoMore) {
      // Some of what has come is used up without a word: early data that is declined.
      const isBehind = this.#connection.unread >= maxUnreadBytes;
      const timer = isBehind ? setTimeout(() => this.#change.tell(), unreadCheckInterval) : undefined;
      await this.#change.wait();
      clearTimeout(timer);
    }
  }

  get #hasRoom(): boolean {
    if (this.#raw.isFarBehind) return false;
    return this.#received.waiting < maxUnreadBytes && this.#connection.unread < maxUnreadBytes;
  }

  get #readsNoMore(): boolean {
    return this.#isOver || this.#hasEnded;
  }

  #watchDeadline(): void {
    const { deadline } = this.#connection;
    if (deadline === this.#deadline) return;
    clearTimeout(this.#deadlineTimer);
    this.#deadline = deadline;
    if (deadline === undefined) return;
    this.#deadlineTimer = setTimeout(
      () => {
        this.#deadline = undefined;
        this.#connection.checkDeadline();
        this.#watchDeadline();
      },
      Math.min(Math.max(1, deadline - this.#clock()), maxTimerDelay),
    );
  }

  #established(info: Info): void {
    this.#info = info;
    this.#opened.resolve({ ...info, alpn: info.alpnProtocol ?? null });
    for (const call of this.#toldWhenOpened.splice(0)) this.#guard(call);
    this.#watchDeadline();
    this.#change.tell();
  }

  // Reading.

  #ended(): void {
    this.#hasEnded = true;
    this.#received.end();
    this.#change.tell();
  }

  /** Told where a truncation is taken for an end. */
  #truncated(error: TlsError): void {
    if (this.#transportFailure === undefined) {
      this.#ended();
      return;
    }
    this.#connection.discard();
    this.#finish(error);
  }

  #cancelled(): void {
    this.#isCancelled = true;
    this.#change.tell();
    this.#finishIfUnwanted();
  }

  /** What came before is used first, which with a provider that answers late takes a while: it may be the alert that says why. */
  #readingFailed(error: unknown): void {
    this.#transportFailure ??= transportFailed(error);
    this.#connection.receiveEnd();
  }

  // Writing.

  #makeWritable(): WritableStream<Uint8Array> {
    return new WritableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#writing = controller;
          // Before the write that is under way is done, which may be never.
          controller.signal?.addEventListener("abort", () => {
            // What is aborted fails by itself.
            this.#writing = undefined;
            this.#abort(controller.signal.reason);
          });
        },
        write: (chunk) => this.#write(chunk),
        close: () => this.#end(),
        abort: (reason) => this.#abort(reason),
      },
      {
        highWaterMark: writableBufferSize,
        // Called for each write when it is made: so it is known what waits in the stream's queue.
        size: (chunk) => {
          const length = chunk?.byteLength ?? 0;
          this.#unwritten += length;
          return length;
        },
      },
    );
  }

  async #write(chunk: Uint8Array): Promise<void> {
    try {
      check(chunk, "chunk", aUint8Array);
      await this.#send(chunk);
    } catch (error) {
      // The peer would miss something.
      if (!this.#writesNoMore) this.#abort(error);
      throw error;
    }
  }

  async #send(chunk: Uint8Array): Promise<void> {
    const { length } = chunk;
    for (let start = 0; start < length; start += bytesSealedAtOnce) {
      this.#checkWritable();
      this.#connection.send(chunk.subarray(start, start + bytesSealedAtOnce));
      while ((this.#connection.unsent > 0 || this.#raw.isFull) && !this.#writesNoMore) await this.#change.wait();
    }
    this.#checkWritable();
    this.#unwritten -= length;
  }

  async #end(): Promise<void> {
    // During the handshake an end waits: closing the connection would give the handshake up.
    while (this.#info === undefined && !this.#writesNoMore) await this.#change.wait();
    if (!this.#isOver) this.#connection.close();
    while (!this.#hasSentEnd && !this.#writesNoMore) await this.#change.wait();
    this.#checkWritable();
  }

  get #writesNoMore(): boolean {
    return this.#isOver || this.#aborted !== undefined || this.#transportFailure !== undefined;
  }

  #checkWritable(): void {
    const error = this.#closing ?? this.#error ?? this.#aborted ?? this.#transportFailure;
    if (error !== undefined) throw error;
  }

  /** Fails what is written from here on, and what waits. */
  #failWriting(error: TlsError): void {
    this.#writing?.error(error);
    this.#writing = undefined;
  }

  /**
   * The stream below takes nothing any more. It may still bring the alert that tells why, which a write is often quicker than:
   * that is waited for, but not for long.
   */
  #writingFailed(error: unknown): void {
    this.#transportFailure ??= transportFailed(error);
    const failure = this.#transportFailure;
    this.#change.tell();
    const fail = (): void => {
      this.#finish(failure);
      // For its own sake: nothing goes out any more, but it tells what became of early data.
      this.#connection.abort();
    };
    if (this.#readsNoMore) fail();
    else this.#writeFailureTimer ??= setTimeout(fail, lingerTime);
  }

  // How it ends.

  #abort(reason: unknown): void {
    if (this.#isOver) return;
    const alert = Alert.internalError;
    this.#aborted ??= new TlsError("caller", "aborted", "the application aborted the connection", {
      alert,
      cause: reason,
    });
    this.#change.tell();
    this.#connection.abort(alert);
  }

  /** Whoever reads no more doesn't wait for the peer's end. */
  #finishIfUnwanted(): void {
    const isUnwanted = this.#closing !== undefined || this.#isCancelled;
    if (!isUnwanted || !this.#hasSentEnd || this.#isOver) return;
    this.#connection.discard();
    this.#finish(undefined);
  }

  #finish(outcome: TlsError | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadlineTimer);
    clearTimeout(this.#writeFailureTimer);
    const error = outcome && this.#explained(outcome);
    this.#error = error;
    if (error !== undefined) {
      this.#opened.reject(error);
      this.#received.end(error);
      this.#failWriting(error);
    }
    this.#change.tell();
    this.#endRaw(error);
  }

  async #endRaw(error: TlsError | undefined): Promise<void> {
    if (this.#transportFailure === undefined) {
      const peerIsGone = this.#hasEnded || error?.kind === "alert" || error?.kind === "truncation";
      await this.#raw.end({ lingers: !peerIsGone });
    } else {
      this.#raw.destroy(this.#transportFailure);
    }
    if (error === undefined || this.#closing !== undefined) this.#closed.resolve();
    else this.#closed.reject(error);
  }

  /** What the connection ended with, and what was the cause of that. */
  #explained(error: TlsError): TlsError {
    if (error.kind === "truncation") return this.#transportFailure ?? error;
    return error.code === "aborted" ? (this.#aborted ?? error) : error;
  }
}

/** @internal What failed below TLS: what came before it may have been cut short. */
export function transportFailed(cause: unknown): TlsError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new TlsError("truncation", "transport_failed", `the stream below failed: ${message}`, { cause });
}
