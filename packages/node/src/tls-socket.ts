import type { AddressInfo } from "node:net";
import { Duplex } from "node:stream";
import {
  type Certificate,
  type ClientInfo,
  type ConnectionHandlers,
  callerError,
  type ServerInfo,
  type TlsClient,
  type TlsError,
  type TraceEvent,
} from "@tlskit/tls";
import { IdleTimer } from "./idle-timer.ts";
import { bytesSealedAtOnce, maxUnreadBytes } from "./limits.ts";
import { linger, type RawStream } from "./raw-stream.ts";

/** A client's or a server's end: what both have. */
type End = Pick<
  TlsClient,
  | "checkDeadline"
  | "close"
  | "deadline"
  | "exportKeyingMaterial"
  | "receive"
  | "receiveEnd"
  | "send"
  | "start"
  | "unread"
  | "updateKeys"
>;

/** What was negotiated and verified. */
export type SocketInfo = ClientInfo | ServerInfo;

/** @internal How a socket comes to be. */
export interface TlsSocketParts {
  readonly raw: Duplex;
  /** Makes the connection that calls these. */
  open(handlers: ConnectionHandlers<SocketInfo>): End;
  readonly role: "client" | "server";
  /** The name that a client asks for. */
  readonly servername?: string | undefined;
  readonly allowHalfOpen?: boolean | undefined;
  readonly trace?: ((event: TraceEvent) => void) | undefined;
}

/** Named as in `node:tls`. */
export interface CipherNameAndProtocol {
  readonly name: string;
  readonly standardName: string;
  readonly version: string;
}

/**
 * A TLS connection as a Duplex, shaped like the socket of `node:tls`. Made by `connect`, `accept` or a server.
 *
 * Events besides a Duplex's: `connect` (the raw socket is connected), `secureConnect` (a client's handshake is done and
 * the server verified), `secure` (the same, on both sides), `timeout`.
 *
 * `end` sends a close_notify. `error` comes with a `TlsError` for everything that the peer does wrong, for an alert
 * that it sends and for a stream that ends without a close_notify (`kind` is `truncation`), and with the raw socket's
 * error, untouched, for what fails below.
 */
export class TlsSocket extends Duplex {
  /** As in `node:tls`: what tells it from a plain socket. */
  readonly encrypted = true;
  /** The name that the client asked for, `false` if none. */
  servername: string | false;
  /** What ALPN agreed upon, `false` if nothing. */
  alpnProtocol: string | false = false;
  /** Milliseconds, as given to `setTimeout`. */
  timeout: number | undefined;

  readonly #raw: RawStream;
  readonly #connection: End;
  readonly #role: "client" | "server";
  readonly #idle = new IdleTimer(() => this.emit("timeout"));
  #deadlineTimer: NodeJS.Timeout | undefined;
  #info: SocketInfo | undefined;
  #established: Promise<SocketInfo> | undefined;
  #bytesRead = 0;
  #bytesWritten = 0;
  /** The reader has had enough for now. */
  #readerFull = false;
  /** What is left to be sealed of the write that is under way, and whom to tell when all has gone. */
  #unsealed: Uint8Array[] = [];
  #written: ((error?: Error | null) => void) | undefined;
  #sealing = false;
  /** `end` was called: told when the close_notify has gone. */
  #finished: (() => void) | undefined;
  /** The connection is over. */
  #over = false;
  /** Whether something that was said last, a close_notify or an alert, is on its way to the peer. */
  #hasLastWords = false;
  /** The stream was cut off: told when what came before has been read. */
  #truncation: TlsError | undefined;

  /** @internal */
  constructor(parts: TlsSocketParts) {
    super({ allowHalfOpen: parts.allowHalfOpen ?? false, decodeStrings: true });
    this.#raw = parts.raw;
    this.#role = parts.role;
    this.servername = parts.servername ?? false;
    const { trace } = parts;
    this.#connection = parts.open({
      ciphertext: (bytes) => this.#ciphertext(bytes),
      plaintext: (bytes) => this.#plaintext(bytes),
      established: (info) => this.#secured(info),
      ended: () => this.#ended(),
      sendEnded: () => this.#sendEnded(),
      drained: () => this.#sealed(),
      closed: (error) => this.#closed(error),
      ...(trace === undefined ? {} : { trace }),
    });
    const raw = this.#raw;
    raw.on("error", this.#rawError);
    raw.on("close", this.#rawClose);
    if (raw.connecting === true) raw.once("connect", this.#rawConnect);
    else process.nextTick(this.#start);
  }

  // What a socket is asked.

  /** What was negotiated and verified, once the handshake is done. */
  get info(): SocketInfo | undefined {
    return this.#info;
  }

  /**
   * What was negotiated and verified, when the handshake is done. Rejects with the error that ends the socket before;
   * whoever asks for it need not listen to `error` until then.
   */
  get established(): Promise<SocketInfo> {
    this.#established ??= new Promise((resolve, reject) => {
      if (this.#info !== undefined) {
        resolve(this.#info);
        return;
      }
      const failed = (error?: Error): void => {
        reject(error ?? this.errored ?? callerError("closed_during_handshake", "the socket was destroyed"));
      };
      if (this.closed) {
        failed();
        return;
      }
      this.once("error", failed);
      this.once("close", failed);
      this.once("secure", (info: SocketInfo) => {
        this.off("error", failed);
        this.off("close", failed);
        resolve(info);
      });
    });
    return this.#established;
  }

  /** A client's socket is authorized when its handshake is done: the server was verified, always. A server's never is. */
  get authorized(): boolean {
    return this.#info?.role === "client";
  }

  /** Whether the handshake is not done yet. */
  get secureConnecting(): boolean {
    return this.#info === undefined && !this.destroyed;
  }

  /** `TLSv1.3`, or nothing before the handshake is done. */
  getProtocol(): "TLSv1.3" | null {
    return this.#info === undefined ? null : "TLSv1.3";
  }

  /** The cipher suite, once the handshake is done. */
  getCipher(): CipherNameAndProtocol | undefined {
    const name = this.#info?.cipherSuite.name;
    return name === undefined ? undefined : { name, standardName: name, version: "TLSv1.3" };
  }

  /** The verified chain of the peer, its own certificate first; empty for a peer that showed none. */
  get peerCertificates(): readonly Certificate[] {
    return this.#info?.peer?.certificates ?? [];
  }

  /** Always `false`: there is no resumption yet. */
  isSessionReused(): boolean {
    return false;
  }

  /**
   * Keying material for the application (RFC 9846 §7.5), arguments ordered as in `node:tls`.
   * @throws {TlsError} `not_established`, `out_of_range`, `not_ascii`
   */
  exportKeyingMaterial(length: number, label: string, context: Uint8Array = new Uint8Array(0)): Uint8Array {
    return this.#connection.exportKeyingMaterial(label, context, length);
  }

  /**
   * RFC 9846 §4.7.3: goes over to new keys for sending.
   * @param request whether the peer is asked to do the same.
   * @throws {TlsError} `not_established`, `closed`
   */
  updateKeys(request: boolean = false): void {
    this.#corked(() => this.#connection.updateKeys(request));
  }

  // What a socket of node:net has, for Node's own clients.

  /** Bytes received from the raw stream. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Bytes given to the raw stream. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Whether the raw socket is still connecting. */
  get connecting(): boolean {
    return this.#raw.connecting ?? false;
  }

  /** Whether the raw socket is not connected yet. */
  get pending(): boolean {
    return this.#raw.pending ?? false;
  }

  get readyState(): "opening" | "open" | "readOnly" | "writeOnly" | "closed" {
    if (this.connecting) return "opening";
    if (this.readable) return this.writable ? "open" : "readOnly";
    return this.writable ? "writeOnly" : "closed";
  }

  get remoteAddress(): string | undefined {
    return this.#raw.remoteAddress;
  }

  get remoteFamily(): string | undefined {
    return this.#raw.remoteFamily;
  }

  get remotePort(): number | undefined {
    return this.#raw.remotePort;
  }

  get localAddress(): string | undefined {
    return this.#raw.localAddress;
  }

  get localFamily(): string | undefined {
    return this.#raw.localFamily;
  }

  get localPort(): number | undefined {
    return this.#raw.localPort;
  }

  address(): AddressInfo | Record<string, never> {
    const address = this.#raw.address?.();
    return address !== undefined && "port" in address ? address : {};
  }

  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    this.#raw.setKeepAlive?.(enable, initialDelay);
    return this;
  }

  setNoDelay(noDelay?: boolean): this {
    this.#raw.setNoDelay?.(noDelay);
    return this;
  }

  ref(): this {
    this.#raw.ref?.();
    this.#deadlineTimer?.ref();
    return this;
  }

  unref(): this {
    this.#raw.unref?.();
    this.#deadlineTimer?.unref();
    return this;
  }

  /** Emits `timeout` when no bytes have come or gone for so many milliseconds; 0 turns it off. */
  setTimeout(milliseconds: number, callback?: () => void): this {
    this.timeout = milliseconds;
    this.#idle.set(milliseconds);
    if (callback !== undefined) {
      if (milliseconds === 0) this.off("timeout", callback);
      else this.once("timeout", callback);
    }
    return this;
  }

  /** As of `node:net`: destroys the socket when what was written has gone. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  // The raw stream.

  readonly #rawConnect = (): void => {
    if (this.destroyed) return;
    this.emit("connect");
    this.emit("ready");
    this.#start();
  };

  readonly #start = (): void => {
    if (this.destroyed) return;
    const raw = this.#raw;
    raw.on("data", this.#rawData);
    raw.on("end", this.#rawEnd);
    raw.on("drain", this.#sealMore);
    this.#corked(() => this.#connection.start());
    this.#watchDeadline();
    if (raw.destroyed || raw.readableEnded) this.#rawEnd();
    else raw.resume();
  };

  readonly #rawData = (bytes: Uint8Array): void => {
    this.#bytesRead += bytes.length;
    this.#idle.restart();
    // Not as a Buffer, whose `slice` is not a Uint8Array's.
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#corked(() => this.#connection.receive(view));
    this.#regulate();
  };

  readonly #rawEnd = (): void => {
    this.#corked(() => this.#connection.receiveEnd());
  };

  readonly #rawError = (error: Error): void => {
    this.destroy(error);
  };

  readonly #rawClose = (): void => {
    if (this.#over || this.destroyed) return;
    // Whoever destroyed it: no close_notify came.
    this.#rawEnd();
    if (!this.#over) this.destroy();
  };

  /** What a step sends goes out in one write. */
  #corked(step: () => void): void {
    this.#raw.cork();
    try {
      step();
    } finally {
      this.#raw.uncork();
    }
  }

  #ciphertext(bytes: Uint8Array): void {
    const raw = this.#raw;
    if (raw.destroyed || raw.writableEnded) return;
    this.#bytesWritten += bytes.length;
    this.#idle.restart();
    raw.write(bytes);
    this.#regulate();
  }

  #watchDeadline(): void {
    const { deadline } = this.#connection;
    if (deadline === undefined) return;
    this.#deadlineTimer = setTimeout(
      () => {
        this.#connection.checkDeadline();
        this.#watchDeadline();
      },
      Math.max(1, deadline - Date.now()),
    );
  }

  #secured(info: SocketInfo): void {
    clearTimeout(this.#deadlineTimer);
    if (this.destroyed) return;
    this.#info = info;
    this.alpnProtocol = info.alpnProtocol ?? false;
    this.servername = info.serverName ?? this.servername;
    this.emit("secure", info);
    if (this.#role === "client") this.emit("secureConnect");
    if (this.#finished !== undefined) this.#corked(() => this.#connection.close());
  }

  // Reading.

  #plaintext(bytes: Uint8Array): void {
    if (this.destroyed) return;
    if (!this.push(bytes)) this.#readerFull = true;
    this.#regulate();
  }

  /** Lets the raw stream wait while the reader, or a provider that answers late, is behind. */
  #regulate(): void {
    const raw = this.#raw;
    if (raw.destroyed || this.destroyed) return;
    const wait = this.#readerFull || this.#connection.unread > maxUnreadBytes;
    if (wait && !raw.isPaused()) raw.pause();
    else if (!wait && raw.isPaused()) raw.resume();
  }

  override _read(): void {
    this.#readerFull = false;
    this.#regulate();
  }

  /**
   * Everything that came before a truncation can be read before the error comes. A destroyed socket gives nothing:
   * Node would go on emitting what is buffered, and its HTTP server, which can't pause it any more, would end the process.
   */
  override read(size?: number): unknown {
    if (this.destroyed) return null;
    const data: unknown = super.read(size);
    if (this.#truncation !== undefined && this.readableLength === 0) process.nextTick(() => this.#truncated());
    return data;
  }

  #ended(): void {
    this.push(null);
    // The raw stream's end is still to be seen.
    this.#readerFull = false;
    this.#regulate();
  }

  #truncated(): void {
    if (this.#truncation !== undefined) this.destroy(this.#truncation);
  }

  // Writing.

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, written: (error?: Error | null) => void): void {
    this.#write([chunk], written);
  }

  override _writev(chunks: readonly { readonly chunk: Uint8Array }[], written: (error?: Error | null) => void): void {
    this.#write(
      chunks.map(({ chunk }) => chunk),
      written,
    );
  }

  #write(chunks: readonly Uint8Array[], written: (error?: Error | null) => void): void {
    this.#unsealed = pieces(chunks);
    this.#written = written;
    this.#corked(this.#sealMore);
  }

  /** Seals the next piece if the last one has gone; the write is done when the raw stream would take more. */
  readonly #sealMore = (): void => {
    if (this.#written === undefined || this.#sealing || this.#raw.writableNeedDrain) return;
    const piece = this.#unsealed.shift();
    if (piece === undefined) {
      this.#writeDone();
      return;
    }
    this.#sealing = true;
    try {
      this.#corked(() => this.#connection.send(piece));
    } catch (error) {
      this.#sealing = false;
      // What `send` throws is a TlsError; one that cut the stream off says more.
      this.#writeDone(this.#truncation ?? (error instanceof Error ? error : null));
    }
  };

  #sealed(): void {
    this.#sealing = false;
    this.#sealMore();
  }

  #writeDone(error?: Error | null): void {
    const written = this.#written;
    this.#written = undefined;
    this.#unsealed = [];
    written?.(error);
  }

  override _final(finished: (error?: Error | null) => void): void {
    this.#finished = () => finished();
    // During the handshake an end waits: closing the connection would give the handshake up.
    if (this.#info !== undefined) this.#corked(() => this.#connection.close());
    else if (this.#over) this.#sendEnded();
  }

  #sendEnded(): void {
    const finished = this.#finished;
    this.#finished = undefined;
    this.#hasLastWords = true;
    if (this.#raw.destroyed) finished?.();
    else this.#raw.end(() => finished?.());
  }

  // How it ends.

  #closed(error: TlsError | undefined): void {
    this.#over = true;
    clearTimeout(this.#deadlineTimer);
    if (error === undefined) return; // the stream has its two ends, and destroys itself when they are reached
    this.#hasLastWords = error.kind === "peer" || error.kind === "internal";
    if (error.kind === "truncation" && this.#info !== undefined && this.readableLength > 0) {
      this.#truncation = error;
      this.#writeDone(error);
    } else {
      this.destroy(error);
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#deadlineTimer);
    this.#idle.set(0);
    const raw = this.#raw;
    raw.off("connect", this.#rawConnect);
    raw.off("data", this.#rawData);
    raw.off("end", this.#rawEnd);
    raw.off("drain", this.#sealMore);
    raw.off("close", this.#rawClose);
    raw.off("error", this.#rawError);
    // Its errors are of no interest any more, and must not end the process.
    raw.on("error", () => undefined);
    if (this.#hasLastWords) linger(raw);
    else raw.destroy();
    this.#writeDone(error ?? callerError("closed", "the socket was destroyed"));
    done(error);
  }
}

/** Chunks as they are to be sealed: small ones together, large ones cut. */
function pieces(chunks: readonly Uint8Array[]): Uint8Array[] {
  const [first] = chunks;
  const all = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
  const cut: Uint8Array[] = [];
  for (let start = 0; start < all.length; start += bytesSealedAtOnce) {
    cut.push(new Uint8Array(all.buffer, all.byteOffset + start, Math.min(bytesSealedAtOnce, all.length - start)));
  }
  return cut;
}
