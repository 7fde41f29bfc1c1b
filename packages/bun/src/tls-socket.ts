import type { X509Certificate } from "node:crypto";
import type { PeerCertificate } from "node:tls";
import {
  type CipherNameAndProtocol,
  cipherNameAndProtocol,
  type EphemeralKeyInfo,
  ephemeralKeyInfo,
  type ProtocolName,
  protocolName,
  signatureAlgorithmName,
} from "@tlskit/ciphersuites/openssl-names";
import { decodeClientSession } from "@tlskit/sessions";
import {
  type Certificate,
  type ChannelBindingType,
  type ClientAnswer,
  type ConnectionHandlers,
  callerError,
  type EarlyDataOutcome,
  type TlsClient,
  TlsError,
  type TraceEvent,
  UnverifiedPeer,
  VerifiedChain,
} from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import {
  aBoolean,
  aNumber,
  aString,
  bytes as aUint8Array,
  check,
  checkOptions,
  optional,
} from "@tlskit/wire/arguments";
import type { Binary } from "./binary.ts";
import { certificateObject, x509Certificate } from "./certificate-objects.ts";
import { CiphertextQueue } from "./ciphertext-queue.ts";
import { aHandlerSet } from "./expectations.ts";
import type { BinaryType, BinaryTypes, HandlersInUse, SocketHandler } from "./handlers.ts";
import {
  bytesSealedAtOnce,
  maxSendFragment,
  maxTimerDelay,
  maxUnreadBytes,
  maxWaitingBytes,
  minSendFragment,
} from "./limits.ts";
import { Lingering } from "./lingering.ts";
import type { TlsListener } from "./listener.ts";
import type { RawEvents, RawSocket } from "./runtime.ts";
import type { SocketInfo } from "./socket-info.ts";
import { writtenBytes } from "./written-bytes.ts";

/** A client's or a server's end: what both have. */
type End = Pick<
  TlsClient,
  | "channelBinding"
  | "checkDeadline"
  | "close"
  | "deadline"
  | "discard"
  | "exportKeyingMaterial"
  | "finished"
  | "receive"
  | "receiveEnd"
  | "recordSize"
  | "release"
  | "send"
  | "start"
  | "unread"
  | "unsent"
  | "updateKeys"
>;

/** What `setSession` and `setServername` say instead of the options. */
export interface Retargeted {
  readonly session?: Uint8Array | undefined;
  readonly serverName?: string | undefined;
}

/** @internal How a socket comes to be. */
export interface TlsSocketParts<Data> {
  readonly role: "client" | "server";
  readonly handlers: HandlersInUse<Data>;
  readonly data: Data;
  readonly listener?: TlsListener<Data> | undefined;
  readonly allowHalfOpen: boolean;
  /** Whether an end of the stream without close_notify is taken for an orderly one. */
  readonly acceptTruncation: boolean;
  /** Makes the connection that calls these; at a client again, if it is told something else before it begins. */
  open(handlers: ConnectionHandlers<SocketInfo>, retargeted: Retargeted): End;
  readonly trace?: ((event: TraceEvent) => void) | undefined;
  /** Told what became of a client's early data. */
  readonly earlyDataOutcome?: ((outcome: EarlyDataOutcome, data: Buffer) => void) | undefined;
  /** A server's: asks the client for a certificate, and gives what the answer will be told with. */
  readonly askForCertificate?: (() => Uint8Array) | undefined;
  /** Told when the handshake is done, behind the handlers. */
  readonly established?: ((socket: TlsSocket<Data>) => void) | undefined;
  /** Told, instead, when there won't be a handshake, behind the handlers. */
  readonly failed?: ((error: Error, isHandled: boolean) => void) | undefined;
  /** Told, once, when it is over, however that came. */
  readonly over?: ((socket: TlsSocket<Data>) => void) | undefined;
}

/**
 * A TLS connection, shaped like a socket of Bun's. Made by `connect`, `upgradeTLS` or a listener.
 *
 * It buffers nothing that is written: `write` takes what the socket below takes, up to a few records, and `drain` tells when
 * there is room again. What a peer does wrong is a `TlsError` with a stable `code`, and the peer gets the alert.
 */
export class TlsSocket<Data = undefined> implements Disposable {
  /** The caller's own. */
  data: Data;

  readonly #role: "client" | "server";
  readonly #handlers: HandlersInUse<Data>;
  readonly #parts: TlsSocketParts<Data>;
  readonly #queue = new CiphertextQueue();
  #connection: End;
  #retargeted: Retargeted = {};
  #raw: RawSocket | undefined;
  #left: Lingering | undefined;
  #info: SocketInfo | undefined;
  #session: Buffer | undefined;
  readonly #sessionsInHandshake: Buffer[] = [];
  readonly #answers = new Map<string, (authenticated: boolean) => void>();
  #hasBegun = false;
  #wasOpened = false;
  #isOver = false;
  /** What the handshake failed of. */
  #failure: Error | undefined;
  /** What the socket below was closed with. */
  #rawFailure: Error | undefined;

  /** What is to be told next, and what of it comes from the peer and waits while reading is paused. */
  #told: (() => void)[] = [];
  #arrived: (() => void)[] = [];
  #isBusy = false;
  #isDue = false;

  #isPaused = false;
  #isRawPaused = false;
  /** `shutdown(true)`, or `close`: what still comes is thrown away. */
  #discardsData = false;

  /** Whether some `write` took less than it was given. */
  #wantsDrain = false;
  /** Early data was taken, so that what is written goes before the handshake is done. */
  #answersEarlyData = false;
  /** `end` or `shutdown` was called: nothing is written any more, but what `end` was given. */
  #isEnding = false;
  #lastWords: Uint8Array = new Uint8Array(0);
  #saidLastWords = false;
  /** close_notify has been said behind all else. */
  #sendEnded = false;
  #rawEnded = false;
  /** Both sides have said close_notify. */
  #bothEnded = false;
  /** `close` was called: the socket is over when this side has ended. */
  #isLeaving = false;

  #deadlineTimer: ReturnType<typeof setTimeout> | undefined;
  #timeout: ReturnType<typeof setTimeout> | undefined;

  /** @internal */
  constructor(parts: TlsSocketParts<Data>) {
    this.#parts = parts;
    this.#role = parts.role;
    this.#handlers = parts.handlers;
    this.data = parts.data;
    this.#connection = parts.open(new TlsSocket.#Handlers(this), this.#retargeted);
  }

  /** @internal Who is to be told of what happens to the socket below. */
  static rawEvents<Data>(socket: TlsSocket<Data>): RawEvents {
    return new TlsSocket.#RawEvents(socket);
  }

  /** What the connection calls. */
  static readonly #Handlers = class<Data> implements ConnectionHandlers<SocketInfo> {
    readonly #socket: TlsSocket<Data>;
    readonly trace: ((event: TraceEvent) => void) | undefined;
    /** RFC 9846 §6.1: with it a stream that was cut off is an end of reading alone. It is there where that was asked for. */
    declare truncated?: () => void;

    constructor(socket: TlsSocket<Data>) {
      this.#socket = socket;
      const { trace, acceptTruncation } = socket.#parts;
      if (acceptTruncation) this.truncated = () => socket.#tellArrived(() => socket.#ended());
      this.trace = trace && ((event) => socket.#tell(() => socket.#handlers.call(socket, () => trace(event))));
    }

    ciphertext(bytes: Uint8Array): void {
      this.#socket.#queue.push(bytes);
      this.#socket.#settleSoon();
    }

    drained(): void {
      this.#socket.#settleSoon();
    }

    plaintext(bytes: Uint8Array): void {
      this.#socket.#tellArrived(() => this.#socket.#plaintext(bytes));
    }

    get earlyPlaintext(): ((bytes: Uint8Array) => void) | undefined {
      const socket = this.#socket;
      return socket.#handlers.current.earlyData && ((bytes) => socket.#tell(() => socket.#earlyData(bytes)));
    }

    earlyDataOutcome(outcome: EarlyDataOutcome, data: Uint8Array): void {
      const socket = this.#socket;
      const told = socket.#parts.earlyDataOutcome;
      socket.#tell(() => socket.#handlers.call(socket, () => told?.(outcome, asBuffer(data))));
    }

    clientAnswered(answer: ClientAnswer<SocketInfo>): void {
      this.#socket.#tell(() => this.#socket.#clientAnswered(answer));
    }

    session(session: Uint8Array): void {
      this.#socket.#tell(() => this.#socket.#keepSession(asBuffer(session)));
    }

    established(info: SocketInfo): void {
      this.#socket.#tell(() => this.#socket.#established(info));
    }

    renegotiating(): void {
      this.#socket.#tell(() => this.#socket.#watchDeadline());
    }

    renegotiated(info: SocketInfo): void {
      this.#socket.#tell(() => {
        this.#socket.#forgetDeadline();
        this.#socket.#info = info;
      });
    }

    ended(): void {
      this.#socket.#tellArrived(() => this.#socket.#ended());
    }

    sendEnded(): void {
      this.#socket.#sendEnded = true;
      this.#socket.#settleSoon();
    }

    closed(error: TlsError | undefined): void {
      const socket = this.#socket;
      const over = (): void => socket.#closed(error);
      // Behind the data that came before it, which whoever has paused is still to get.
      if (socket.#info === undefined) socket.#tell(over);
      else socket.#tellArrived(over);
    }
  };

  /** What the socket below calls. */
  static readonly #RawEvents = class<Data> implements RawEvents {
    readonly #socket: TlsSocket<Data>;

    constructor(socket: TlsSocket<Data>) {
      this.#socket = socket;
    }

    open(raw: RawSocket): void {
      this.#socket.#rawOpened(raw);
    }

    refused(error: Error): void {
      this.#socket.#call(() => this.#socket.#over(error, "terminate"));
    }

    data(bytes: Uint8Array): void {
      if (this.#socket.#left === undefined) this.#socket.#receive(bytes);
      else this.#socket.#left.data(bytes);
    }

    drain(): void {
      if (this.#socket.#left === undefined) this.#socket.#rawDrained();
      else this.#socket.#left.drain();
    }

    end(): void {
      if (this.#socket.#left === undefined) this.#socket.#nothingMoreComes();
      else this.#socket.#left.end();
    }

    close(error: Error | undefined): void {
      this.#socket.#queue.disconnect();
      if (this.#socket.#left === undefined) this.#socket.#rawClosed(error);
      else this.#socket.#left.close();
    }
  };

  // What is written.

  /**
   * Writes what there is room for: what is taken is sealed and on its way, and nothing of the rest is kept.
   * @param data a text as UTF-8, or bytes, which may be changed when this returns.
   * @param byteOffset where the bytes begin; no matter for a text.
   * @param byteLength how many there are; no matter for a text.
   * @returns how many bytes were taken: `drain` tells when there is room for the others. None before the handshake is done;
   *   -1 when the socket is closed or ended.
   * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
   */
  write(data: string | Binary, byteOffset?: number, byteLength?: number): number {
    const bytes = writtenBytes(data, byteOffset, byteLength);
    if (this.#isOver || this.#isEnding) return -1;
    const taken = this.#seal(bytes);
    if (taken < bytes.length) this.#wantsDrain = true;
    return taken;
  }

  #seal(bytes: Uint8Array): number {
    let taken = 0;
    while (taken < bytes.length && this.#takesMore) {
      const piece = bytes.subarray(taken, taken + bytesSealedAtOnce);
      // Nobody is told anything in between, who could write before the next piece.
      this.#quietly(() => this.#connection.send(piece));
      this.#queue.flush();
      taken += piece.length;
    }
    return taken;
  }

  get #takesMore(): boolean {
    if (this.#isOver || this.#sendEnded) return false;
    if (this.#info === undefined && !this.#answersEarlyData) return false;
    return !this.#queue.isBlocked && this.#connection.unsent === 0;
  }

  /**
   * Writes the last data, all of it, and ends this side with a close_notify behind it. What there is no room for is kept until
   * there is. The other side stays: what the peer still sends is told, until it ends as well.
   * @returns how many bytes there were; -1 when the socket is closed or ended
   * @throws {TlsError} as `write` does
   */
  end(data: string | Binary = "", byteOffset?: number, byteLength?: number): number {
    const bytes = writtenBytes(data, byteOffset, byteLength);
    if (this.#isOver || this.#isEnding) return -1;
    const taken = this.#seal(bytes);
    this.#lastWords = bytes.slice(taken);
    this.#isEnding = true;
    this.#act(() => {});
    return bytes.length;
  }

  /**
   * Ends one direction.
   * @param halfClose `true`: nothing is told any more of what the peer sends. Otherwise this side is ended, as by `end`.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  shutdown(halfClose: boolean = false): void {
    check(halfClose, "halfClose", aBoolean);
    if (!halfClose) {
      this.end();
      return;
    }
    this.#discardsData = true;
    this.resume();
  }

  /**
   * Closes the socket: this side ends in order, and what the peer still sends is thrown away. A handshake that isn't done is
   * given up.
   */
  close(): void {
    if (this.#isOver || this.#isLeaving) return;
    this.#isLeaving = this.#isEnding = true;
    this.shutdown(true);
    if (this.#info === undefined) this.#act(() => this.#connection.close());
  }

  /** Closes the connection at once, without a close_notify: for the peer it is cut off. */
  terminate(): void {
    const error =
      this.#info === undefined ? callerError("closed_during_handshake", "the socket was terminated") : undefined;
    this.#act(() => this.#over(error, "terminate"));
  }

  /** The same as `end`, for `using`. */
  [Symbol.dispose](): void {
    this.end();
  }

  /** Hands over what is sealed: it has been mostly, when `write` returns. */
  flush(): void {
    this.#queue.flush();
  }

  // What is read.

  /**
   * From here on nothing of what the peer sends is told, data as well as its end, and nothing is read, until `resume`. A
   * handshake goes on.
   */
  pause(): void {
    this.#isPaused = true;
    this.#act(() => {});
  }

  resume(): void {
    this.#isPaused = false;
    this.#act(() => {});
  }

  /**
   * Other handlers in place of all that there were: for this socket, or at a server for all of its listener's, as in Bun.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  reload(options: { readonly socket: SocketHandler<Data, BinaryType> }): void {
    checkOptions("options", options, { socket: aHandlerSet });
    this.#handlers.replace(options.socket);
  }

  // What a socket is asked.

  /** What was negotiated and verified, once the handshake is done. */
  get info(): SocketInfo | undefined {
    return this.#info;
  }

  /** 2 before the handshake is done, 1 from then on, -2 when this side has ended, 0 when it is closed. */
  get readyState(): -2 | 0 | 1 | 2 {
    if (this.#isOver) return 0;
    if (this.#isEnding || this.#sendEnded) return -2;
    return this.#info === undefined ? 2 : 1;
  }

  /** The listener that has accepted it; none at a client. */
  get listener(): TlsListener<Data> | undefined {
    return this.#parts.listener;
  }

  /**
   * Whether the peer was verified. So it is at every client whose handshake is done, unless a server that can't be
   * verified was explicitly allowed; and at a server if the client has a pre-shared key, or showed a certificate which was
   * verified.
   */
  get authorized(): boolean {
    const { peer, externalPsk } = this.#info ?? {};
    return peer === undefined ? externalPsk !== undefined : VerifiedChain.isGenuine(peer);
  }

  /**
   * Why the handshake failed, or why a peer that was let in nevertheless isn't verified. Nothing for one that is, and for a
   * client that showed no certificate.
   */
  getAuthorizationError(): Error | null {
    if (this.#info === undefined) return this.#failure ?? null;
    const { peer } = this.#info;
    return peer instanceof UnverifiedPeer ? peer.refusal : null;
  }

  /** What ALPN agreed upon: `false` for nothing, `null` before the handshake is done. */
  get alpnProtocol(): string | false | null {
    return this.#info === undefined ? null : (this.#info.alpnProtocol ?? false);
  }

  /** `TLSv1.3`, say; nothing before the handshake is done. */
  getTLSVersion(): ProtocolName | null {
    return this.#info === undefined ? null : protocolName(this.#info.version);
  }

  /** The cipher suite, once the handshake is done. */
  getCipher(): CipherNameAndProtocol | undefined {
    return this.#info && cipherNameAndProtocol(this.#info.cipherSuite);
  }

  /** At a client, the key exchange: an empty object where there was none. Nothing at a server, or before the handshake is done. */
  getEphemeralKeyInfo(): EphemeralKeyInfo | null {
    return this.#role === "client" && this.#info !== undefined ? ephemeralKeyInfo(this.#info.namedGroup) : null;
  }

  /** At a server, the signature algorithms that it takes and its client offers, best first, as OpenSSL names them. */
  getSharedSigalgs(): string[] {
    return (this.#info?.sharedSignatureSchemes ?? []).map(signatureAlgorithmName);
  }

  /** The chain of the peer, its own certificate first, as it was verified; empty for a peer that showed none. */
  get peerCertificates(): readonly Certificate[] {
    return this.#info?.peer?.certificates ?? [];
  }

  /** The peer's certificate as an object of `node:tls`: an empty one if there is none. */
  getPeerCertificate(): PeerCertificate {
    return certificateObject(this.peerCertificates[0]?.der);
  }

  /** The peer's certificate as `node:crypto` has it. */
  getPeerX509Certificate(): X509Certificate | undefined {
    return x509Certificate(this.peerCertificates[0]?.der);
  }

  /** What this end has shown, as an object of `node:tls`: an empty one if it was nothing. */
  getCertificate(): PeerCertificate {
    return certificateObject(this.#ownCertificate);
  }

  /** What this end has shown, as `node:crypto` has it. */
  getX509Certificate(): X509Certificate | undefined {
    return x509Certificate(this.#ownCertificate);
  }

  get #ownCertificate(): Uint8Array | undefined {
    const { serverCertificates, clientCertificates } = this.#info ?? {};
    return (this.#role === "server" ? serverCertificates : clientCertificates)?.[0];
  }

  /** Whether an earlier session was resumed; `info` tells when the server last proved who it is. */
  isSessionReused(): boolean {
    return this.#info?.resumed ?? false;
  }

  /** The session that a client got last: it is as secret as a private key. None before the server has sent one, or at a server. */
  getSession(): Buffer | undefined {
    return this.#session && Buffer.from(this.#session);
  }

  /** The ticket of that session, for whoever looks at what servers give. */
  getTLSTicket(): Buffer | undefined {
    const { ticket } = (this.#session && decodeClientSession(this.#session)) ?? {};
    return ticket === undefined || ticket.length === 0 ? undefined : Buffer.from(ticket);
  }

  /**
   * A client's: the session to resume, instead of the option `session`. To be called before the handshake begins: in `open`, where
   * there is a handler `handshake`.
   * @throws {TlsError} `invalid_argument`; `started` (the caller's fault) if it has begun, or at a server
   */
  setSession(session: Uint8Array): void {
    check(session, "session", aUint8Array);
    this.#retarget({ session });
  }

  /** The name that the client asks for; empty if it asks for none. */
  getServername(): string {
    return this.#info?.serverName ?? this.#retargeted.serverName ?? "";
  }

  /**
   * A client's: the name that the server is asked for, and that its certificate must be for, instead of the option `serverName`. To be
   * called before the handshake begins, as `setSession`.
   * @throws {TlsError} `invalid_argument`, `invalid_host`; `started` (the caller's fault) if it has begun, or at a server
   */
  setServername(name: string): void {
    check(name, "name", aString);
    this.#retarget({ serverName: name });
  }

  #retarget(change: Retargeted): void {
    if (this.#hasBegun || this.#role === "server") {
      throw callerError("started", "it can be told to a client whose handshake has not begun, and to nobody else");
    }
    const retargeted = { ...this.#retargeted, ...change };
    const connection = this.#parts.open(new TlsSocket.#Handlers(this), retargeted);
    this.#connection.discard();
    this.#connection = connection;
    this.#retargeted = retargeted;
  }

  /**
   * Keying material for the application (RFC 9846 §7.5).
   * @param context none unless given. That is the same as an empty one in TLS 1.3, and something else before it (RFC 5705 §4).
   * @throws {TlsError} `invalid_argument`, `not_established`, `closed`, `out_of_range`, `not_ascii`
   */
  exportKeyingMaterial(length: number, label: string, context?: string | Uint8Array): Buffer {
    const bytes = typeof context === "string" ? Buffer.from(context) : context;
    check(bytes, "context", optional(aUint8Array));
    return asBuffer(this.#connection.exportKeyingMaterial(label, bytes, length));
  }

  /**
   * RFC 9266: 32 bytes that are this connection's alone and the same at both ends, for authentication above it that is to
   * hold for no other connection, such as SCRAM-SHA-256-PLUS.
   * @throws {TlsError} `invalid_argument`, `not_established`, `closed` once the connection has failed
   */
  channelBinding(type: ChannelBindingType): Uint8Array {
    return this.#connection.channelBinding(type);
  }

  /** What this end's last Finished proved itself with (verify_data), once the handshake is done. */
  getTLSFinishedMessage(): Buffer | undefined {
    const { sent } = this.#connection.finished ?? {};
    return sent && asBuffer(sent);
  }

  /** What the peer's last Finished proved itself with (verify_data), once the handshake is done. */
  getTLSPeerFinishedMessage(): Buffer | undefined {
    const { received } = this.#connection.finished ?? {};
    return received && asBuffer(received);
  }

  /**
   * RFC 9846 §4.7.3: goes over to new keys for sending.
   * @param request whether the peer is asked to do the same.
   * @throws {TlsError} `not_established`, `closed`, `no_key_update`
   */
  updateKeys(request: boolean = false): void {
    this.#act(() => this.#connection.updateKeys(request));
  }

  /**
   * RFC 9846 §4.7.2: a server asks its client for a certificate, after the handshake, by what its `clientCertificates` say.
   * What the client is verified to be is told by `info` and `authorized` from then on; one that isn't accepted ends the socket.
   * @returns whether the client showed a certificate: when it has answered, which may take as long as a person takes; `false`
   *   if the socket is closed before
   * @throws {TlsError} (the promise) `not_a_server`, `not_established`, `closed`, `client_not_askable`,
   *   `too_many_certificate_requests` (the caller's fault)
   */
  async requestClientCertificate(): Promise<boolean> {
    const ask = this.#parts.askForCertificate;
    if (ask === undefined) throw callerError("not_a_server", "it is servers that ask their clients for certificates");
    if (this.#isOver) throw callerError("closed", "the socket is closed");
    return await new Promise((resolve, reject) => {
      try {
        this.#act(() => this.#answers.set(toHex(ask()), resolve));
      } catch (error) {
        reject(error);
      }
    });
  }

  /**
   * Sets how many bytes of what is written go into a record at most, from here on: 512 to 16,384, which it is unless told
   * otherwise.
   * @returns whether it is a number that can be
   */
  setMaxSendFragment(size: number = maxSendFragment): boolean {
    if (!Number.isInteger(size) || size < minSendFragment || size > maxSendFragment) return false;
    this.#connection.recordSize = size;
    return true;
  }

  /**
   * Tells `timeout` when so many seconds are over, whatever happens meanwhile; without such a handler the socket is closed then.
   * Called again it begins again; 0 turns it off. Bun's own rounds to multiples of four seconds.
   * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
   */
  timeout(seconds: number): void {
    check(seconds, "seconds", aNumber);
    if (!(seconds >= 0)) throw callerError("out_of_range", `a timeout is 0 or more seconds, not ${seconds}`);
    clearTimeout(this.#timeout);
    this.#timeout = undefined;
    if (seconds === 0 || this.#isOver) return;
    const expired = (): void => {
      if (this.#handlers.current.timeout === undefined) this.close();
      else this.#call(() => this.#tell(() => this.#handlers.call(this, (handlers) => handlers.timeout?.(this))));
    };
    this.#timeout = setTimeout(expired, Math.min(seconds * 1000, maxTimerDelay));
    this.#timeout.unref();
  }

  // What the socket below has.

  /** Bytes of TLS that the socket below has taken. */
  get bytesWritten(): number {
    return this.#queue.bytesWritten;
  }

  get remoteAddress(): string | undefined {
    return this.#raw?.remoteAddress;
  }

  get remoteFamily(): "IPv4" | "IPv6" | undefined {
    return this.#raw?.remoteFamily;
  }

  get remotePort(): number | undefined {
    return this.#raw?.remotePort;
  }

  get localAddress(): string | undefined {
    return this.#raw?.localAddress;
  }

  get localFamily(): "IPv4" | "IPv6" | undefined {
    return this.#raw?.localFamily;
  }

  get localPort(): number | undefined {
    return this.#raw?.localPort;
  }

  /** @returns whether it could be set */
  setNoDelay(noDelay: boolean = true): boolean {
    return this.#raw?.setNoDelay(noDelay) ?? false;
  }

  /**
   * @param initialDelay milliseconds.
   * @returns whether it could be set
   */
  setKeepAlive(enable: boolean = false, initialDelay: number = 0): boolean {
    return this.#raw?.setKeepAlive(enable, initialDelay) ?? false;
  }

  /** The process lives as long as this socket does, which is so unless told otherwise. */
  ref(): void {
    this.#raw?.ref();
  }

  unref(): void {
    this.#raw?.unref();
  }

  // The socket below.

  #rawOpened(raw: RawSocket): void {
    if (this.#isOver) {
      raw.terminate();
      return;
    }
    this.#raw = raw;
    raw.setNoDelay(true);
    this.#queue.connect(raw);
    this.#call(() => {
      if (this.#handlers.current.handshake !== undefined) this.#tell(() => this.#open());
      this.#tell(() => this.#begin());
    });
  }

  #open(): void {
    this.#wasOpened = true;
    this.#handlers.call(this, (handlers) => handlers.open?.(this));
  }

  #begin(): void {
    if (this.#isOver || this.#isLeaving) return;
    this.#hasBegun = true;
    this.#connection.start();
    this.#watchDeadline();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const { buffer, byteOffset, length } = bytes;
    this.#call(() => {
      // Not as a Buffer, whose `slice` is not a Uint8Array's.
      this.#connection.receive(new Uint8Array(buffer, byteOffset, length));
      // Bun gives each chunk memory of its own today, and promises nothing.
      this.#connection.release(buffer);
    });
  }

  #rawDrained(): void {
    this.#queue.drained();
    this.#call(() => {});
  }

  #nothingMoreComes(): void {
    if (!this.#isOver) this.#call(() => this.#connection.receiveEnd());
  }

  /** Where our own side has ended Bun tells this without an `end` before it: what kind of end it was is TLS's to say. */
  #rawClosed(error: Error | undefined): void {
    if (this.#isOver) return;
    this.#rawFailure = error;
    // What came before it is told, to whom it may concern: there will be no other occasion.
    this.#isPaused = false;
    this.#nothingMoreComes();
    if (this.#isOver) return;
    // The peer has ended in order, and this side can't any more.
    const cutOff = new TlsError("truncation", "truncated", "the connection was closed before this side had ended it", {
      cause: error,
    });
    this.#call(() => this.#over(this.#sendEnded ? undefined : cutOff, "end"));
  }

  /** Lets the socket below wait while the reader, a provider that answers late, or the peer's own reading is behind. */
  #regulate(): void {
    if (this.#raw === undefined || this.#isOver) return;
    const isBehind = this.#connection.unread > maxUnreadBytes || this.#queue.length > maxWaitingBytes;
    const waits = isBehind || (this.#isPaused && this.#info !== undefined);
    if (waits === this.#isRawPaused) return;
    this.#isRawPaused = waits;
    if (waits) this.#raw.pause();
    else this.#raw.resume();
  }

  // What happens, in order.

  /** What comes from below: calls the connection, and tells what it told when the call has returned. */
  #call(step: () => void): void {
    // Bun may tell of something inside a call of ours, such as the end of what we close.
    if (this.#isBusy) {
      step();
      return;
    }
    this.#quietly(() => {
      try {
        step();
      } finally {
        this.#settle();
      }
    });
  }

  /** What the application asks for. What there is to be told of it is told soon: no handler is called inside its call. */
  #act(step: () => void): void {
    this.#quietly(() => {
      step();
      while (this.#goOn());
      this.#regulate();
    });
  }

  /** What the connection tells meanwhile is told behind it, by whoever has begun or soon. */
  #quietly(step: () => void): void {
    const wasBusy = this.#isBusy;
    this.#isBusy = true;
    try {
      step();
    } finally {
      this.#isBusy = wasBusy;
    }
    if (this.#told.length > 0 || (this.#arrived.length > 0 && !this.#isPaused)) this.#settleSoon();
  }

  /** What a provider that answers late leads to is told outside of any call. */
  #settleSoon(): void {
    if (this.#isBusy || this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#call(() => {});
    });
  }

  #tell(event: () => void): void {
    this.#told.push(event);
    this.#settleSoon();
  }

  #tellArrived(event: () => void): void {
    this.#arrived.push(event);
    this.#settleSoon();
  }

  /** Until there is nothing to tell any more, and nothing to say. */
  #settle(): void {
    for (;;) {
      const event = this.#told.shift() ?? (this.#isPaused ? undefined : this.#arrived.shift());
      if (event !== undefined) event();
      else if (!this.#goOn()) break;
    }
    this.#regulate();
  }

  /**
   * What can be done now that couldn't be done before.
   * @returns whether there may be more.
   */
  #goOn(): boolean {
    this.#queue.flush();
    if (this.#isOver) return false;
    if (this.#wantsDrain && !this.#isEnding && this.#takesMore) {
      this.#wantsDrain = false;
      this.#tell(() => this.#handlers.call(this, (handlers) => handlers.drain?.(this)));
      return true;
    }
    if (this.#isEnding && !this.#saidLastWords && this.#info !== undefined) {
      this.#lastWords = this.#lastWords.subarray(this.#seal(this.#lastWords));
      if (this.#lastWords.length > 0) return false;
      this.#saidLastWords = true;
      this.#connection.close();
      return true;
    }
    if (!this.#sendEnded || this.#queue.length > 0) return false;
    if (this.#bothEnded || this.#isLeaving) {
      this.#over(undefined, this.#bothEnded ? "end" : "linger");
      return true;
    }
    if (!this.#rawEnded) {
      this.#rawEnded = true;
      this.#raw?.shutdown();
    }
    return false;
  }

  // What the connection tells.

  #watchDeadline(): void {
    const { deadline } = this.#connection;
    if (deadline === undefined) return;
    const due = (): void => {
      this.#call(() => this.#connection.checkDeadline());
      this.#watchDeadline();
    };
    this.#deadlineTimer = setTimeout(due, Math.min(Math.max(1, deadline - Date.now()), maxTimerDelay));
    // The socket below keeps the process alive, or doesn't.
    this.#deadlineTimer.unref();
  }

  #forgetDeadline(): void {
    clearTimeout(this.#deadlineTimer);
    this.#deadlineTimer = undefined;
  }

  #established(info: SocketInfo): void {
    this.#forgetDeadline();
    this.#info = info;
    this.#parts.established?.(this);
    if (!this.#wasOpened) this.#open();
    this.#handlers.call(this, (handlers) => handlers.handshake?.(this, true, this.getAuthorizationError()));
    for (const session of this.#sessionsInHandshake.splice(0)) this.#tellSession(session);
  }

  /** Before TLS 1.3 it comes in the handshake, and is told when that is done: nobody has been verified before. */
  #keepSession(session: Buffer): void {
    this.#session = session;
    if (this.#info === undefined) this.#sessionsInHandshake.push(session);
    else this.#tellSession(session);
  }

  #tellSession(session: Buffer): void {
    if (!this.#isOver) this.#handlers.call(this, (handlers) => handlers.session?.(this, Buffer.from(session)));
  }

  #earlyData(bytes: Uint8Array): void {
    this.#answersEarlyData = true;
    this.#handlers.call(this, (handlers) => handlers.earlyData?.(this, asBuffer(bytes)));
  }

  #plaintext(bytes: Uint8Array): void {
    if (this.#discardsData) return;
    this.#handlers.call(this, (handlers) => {
      const { binaryType = "buffer" } = handlers;
      return handlers.data?.(this, binaryForms[binaryType](bytes));
    });
  }

  #ended(): void {
    if (!this.#discardsData) this.#handlers.call(this, (handlers) => handlers.end?.(this));
    if (!this.#parts.allowHalfOpen) this.#isEnding = true;
  }

  #clientAnswered({ request, authenticated, info }: ClientAnswer<SocketInfo>): void {
    this.#info = info;
    const answered = this.#answers.get(toHex(request));
    this.#answers.delete(toHex(request));
    answered?.(authenticated);
  }

  #closed(error: TlsError | undefined): void {
    if (error === undefined) {
      this.#bothEnded = true;
      return;
    }
    // Whom the peer has told, or who has hung up, hears no alert.
    const isGone = error.kind === "alert" || error.kind === "truncation";
    this.#over(this.#withCause(error), isGone ? "end" : "linger");
  }

  #withCause(error: TlsError): TlsError {
    if (error.kind !== "truncation" || this.#rawFailure === undefined) return error;
    return new TlsError(error.kind, error.code, error.message, { cause: this.#rawFailure });
  }

  /**
   * It is over, and so much is told, last.
   * @param below what becomes of the socket below.
   */
  #over(error: Error | undefined, below: "end" | "linger" | "terminate"): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = error;
    this.#forgetDeadline();
    clearTimeout(this.#timeout);
    this.#connection.discard();
    this.#told = [];
    this.#arrived = [];
    this.#closeRaw(below);
    for (const answered of this.#answers.values()) answered(false);
    this.#answers.clear();
    this.#parts.over?.(this);
    // Maybe a handler is being called, and has called this.
    this.#tell(() => {
      if (this.#info === undefined) this.#tellFailed(error ?? callerError("closed", "the socket was closed"));
      else this.#tellClosed(error);
    });
  }

  #closeRaw(below: "end" | "linger" | "terminate"): void {
    const raw = this.#raw;
    if (below === "linger" && raw !== undefined) {
      if (this.#isRawPaused) raw.resume();
      this.#left = new Lingering(raw, this.#queue);
      return;
    }
    this.#queue.disconnect();
    if (below === "terminate") raw?.terminate();
    else raw?.end();
  }

  #tellFailed(error: Error): void {
    const { current } = this.#handlers;
    const isHandled = this.#wasOpened || (this.#role === "client" && current.connectError !== undefined);
    if (this.#wasOpened) {
      this.#handlers.call(this, (handlers) => handlers.handshake?.(this, false, error));
      this.#handlers.call(this, (handlers) => handlers.close?.(this, error));
    } else if (this.#role === "client") {
      this.#handlers.call(this, (handlers) => handlers.connectError?.(this, error));
    }
    this.#parts.failed?.(error, isHandled);
  }

  #tellClosed(error: Error | undefined): void {
    if (error !== undefined) this.#handlers.call(this, (handlers) => handlers.error?.(this, error));
    this.#handlers.call(this, (handlers) => handlers.close?.(this, error));
  }
}

/** What `data` is given: the memory is nobody else's. */
const binaryForms: Readonly<Record<BinaryType, (bytes: Uint8Array) => BinaryTypes[BinaryType]>> = {
  buffer: asBuffer,
  uint8array: (bytes) => ownMemory(bytes),
  arraybuffer: (bytes) => ownMemory(bytes).buffer,
};

/** Whole buffers as they are. */
function ownMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length
    ? new Uint8Array(buffer)
    : Uint8Array.from(bytes);
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
