import type { X509Certificate } from "node:crypto";
import { type AddressInfo, Socket, type SocketReadyState } from "node:net";
import type { Duplex } from "node:stream";
import type { DetailedPeerCertificate, PeerCertificate } from "node:tls";
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
  type DangerousClientInfo,
  type DangerousServerInfo,
  type EarlyDataOutcome,
  type PskClientInfo,
  type TlsClient,
  TlsError,
  type TraceEvent,
  UnverifiedPeer,
  VerifiedChain,
} from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { reuse } from "./buffers.ts";
import { tellAttempts } from "./connection-attempts.ts";
import { TracedHandshake } from "./handshake-channel.ts";
import { paceHttp2 } from "./http/http2-pace.ts";
import { failResponse, framingOf } from "./http/whole-message.ts";
import { IdleTimer } from "./idle-timer.ts";
import {
  bytesSealedAtOnce,
  lingerTime,
  maxSendFragment,
  maxTimerDelay,
  maxUnreadBytes,
  maxWaitingBytes,
  minSendFragment,
} from "./limits.ts";
import { chainToAnchor, detailedPeerCertificate, peerCertificate, peerX509Certificate } from "./peer-certificate.ts";
import { failAfterReading, linger, type RawStream, rawBytes, readBytesOf, type SharedReading } from "./raw-stream.ts";
import { identityRefused } from "./target.ts";

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
  | "updateKeys"
>;

/**
 * What was negotiated and verified. A `peer` is an `UnverifiedPeer` only where that was asked for, and there is none at a
 * server whose client showed no certificate.
 */
export type SocketInfo = DangerousClientInfo | PskClientInfo | DangerousServerInfo;

/** @internal How a socket comes to be. */
export interface TlsSocketParts {
  readonly raw: Duplex;
  /** How its bytes come, where they don't come as a stream's. */
  readonly reading?: SharedReading | undefined;
  /** Makes the connection that calls these. */
  open(handlers: ConnectionHandlers<SocketInfo>): End;
  readonly role: "client" | "server";
  /** The name that a client asks for. */
  readonly servername?: string | undefined;
  /** A client's session to resume. */
  readonly session?: Uint8Array | undefined;
  readonly allowHalfOpen?: boolean | undefined;
  readonly highWaterMark?: number | undefined;
  /** Whether an end of the stream without close_notify is taken for an orderly one, whoever caused it. */
  readonly acceptTruncation?: boolean | undefined;
  /** Whether whoever destroys it without an error says close_notify, if everything that was written has gone. */
  readonly takesLeave?: boolean | undefined;
  /** Asked anew for each event: who wants to know. */
  readonly trace?: (() => ((event: TraceEvent) => void) | undefined) | undefined;
  readonly idlesQuietly?: boolean | undefined;
  /** A server's: asks the client for a certificate, and gives what the answer will be told with. */
  readonly askForCertificate?: (() => Uint8Array) | undefined;
  /** What the socket ends with for an error of ours, where that is another one than that of `@tlskit/node`. */
  errorOf?(error: TlsError): Error;
  /** Told what became of a client's early data. */
  readonly earlyDataOutcome?: ((outcome: EarlyDataOutcome, data: Buffer) => void) | undefined;
}

/** Where the two ends are, as the raw stream has it. */
const rawAddresses = [
  "remoteAddress",
  "remoteFamily",
  "remotePort",
  "localAddress",
  "localFamily",
  "localPort",
] as const;

/**
 * A TLS connection, shaped like the socket of `node:tls`: a `net.Socket`, for whoever asks for one, but with no handle of
 * the system's, since it runs over any stream. Made by `connect`, `accept` or a server.
 *
 * Events besides a Duplex's: `connect` (the raw socket is connected), `secureConnect` (a client's handshake is done and
 * the server verified), `secure` (the same, on both sides), `timeout`; `session` (a client's: a session that another
 * connection to the same server can resume, as its `session`; as secret as a private key), `keylog` (a line of an NSS key
 * log, with which this connection's traffic can be read; to be listened to before the handshake), `earlyData` (a server's: data
 * that came before the handshake's end, which anybody who has seen it can send again; none is taken unless somebody
 * listens, and the context has `earlyData`), `renegotiated` (a client's, with the option `renegotiation`: the server has
 * asked for another handshake, which is done; `info` is of that one now).
 *
 * `end` sends a close_notify. `error` comes with a `TlsError` for everything that the peer does wrong, for an alert
 * that it sends and for a stream that ends without a close_notify (`kind` is `truncation`; during the handshake its code
 * is `ECONNRESET`, as with `node:tls`, since that is what retries look for), unless Node's HTTP runs over it and the
 * message says itself where it ends; with the error that `checkServerIdentity` gave; and with the raw socket's error,
 * untouched, for what fails below. `close` tells whether there was one.
 */
export class TlsSocket extends Socket {
  /** As in `node:tls`: what tells it from a plain socket. */
  readonly encrypted = true;
  /** The name that the client asked for, `false` if none. */
  servername: string | false;
  /** What ALPN agreed upon, `false` if nothing. */
  alpnProtocol: string | false = false;
  /** Milliseconds, as given to `setTimeout`. */
  declare timeout?: number;

  readonly #raw: RawStream;
  readonly #reading: SharedReading | undefined;
  readonly #connection: End;
  readonly #role: "client" | "server";
  readonly #acceptTruncation: boolean;
  readonly #takesLeave: boolean;
  readonly #errorOf: TlsSocketParts["errorOf"];
  /** There once it was asked for. */
  #idle: IdleTimer | undefined;
  #deadlineTimer: NodeJS.Timeout | undefined;
  /** Whether it is the raw stream alone that keeps the process alive, as with `node:tls`, and no limit of time. */
  readonly #idlesQuietly: boolean;
  /** Whether this socket keeps the process alive: what `ref` and `unref` said last. */
  #keepsAlive = true;
  #info: SocketInfo | undefined;
  /** What came last, at a client, or what it has resumed. */
  #session: Buffer | undefined;
  /** What it is to resume, if the server takes it. */
  readonly #offered: Uint8Array | undefined;
  readonly #sessionsInHandshake: (() => void)[] = [];
  readonly #askForCertificate: TlsSocketParts["askForCertificate"];
  /** Who waits for the client's answer to which request. */
  #answers: Map<string, (authenticated: boolean) => void> | undefined;
  /** Whom to tell what became of early data, until it is told. */
  #earlyDataOutcome: TlsSocketParts["earlyDataOutcome"];
  #established: Promise<SocketInfo> | undefined;
  #bytesRead = 0;
  #bytesWritten = 0;
  /** The reader has had enough for now. */
  #readerFull = false;
  /** What is left to be sealed of the write that is under way, by what is sealed at a time, and whom to tell when all has gone. */
  #unsealed: (readonly Uint8Array[])[] = [];
  #written: ((error?: Error | null) => void) | undefined;
  /** Of the write that is under way, sealed or not, in what `writableLength` counts: bytes, and characters of texts. */
  #writing = 0;
  #sealing = false;
  /** Whether `send` is under way, which goes on by itself. */
  #sending = false;
  /** Calls of the connection that are under way, and what it told meanwhile. */
  #calls = 0;
  #isCorked = false;
  #told: (() => void)[] = [];
  /** `end` was called: told when the close_notify has gone. */
  #finished: (() => void) | undefined;
  /** The connection is over. */
  #over = false;
  /** Whether something that was said last, a close_notify or an alert, is on its way to the peer. */
  #hasLastWords = false;
  /** The connection has been started. */
  #hasBegun = false;
  /** The handshake, until it is done, if somebody is told of it. */
  #traced: TracedHandshake | undefined;
  /** The peer's close_notify came. */
  #hasEnded = false;
  /** What the raw stream failed with. */
  #rawFailure: Error | undefined;
  /** The stream was cut off: told when what came before has been read. */
  #truncation: TlsError | undefined;

  /** @internal */
  constructor(parts: TlsSocketParts) {
    super({
      allowHalfOpen: parts.allowHalfOpen ?? false,
      ...(parts.highWaterMark === undefined ? {} : { highWaterMark: parts.highWaterMark }),
    });
    readBytesOf(parts.raw);
    failAfterReading(parts.raw);
    this.#raw = parts.raw;
    this.#reading = parts.reading;
    this.#role = parts.role;
    this.#askForCertificate = parts.askForCertificate;
    this.#acceptTruncation = parts.acceptTruncation ?? false;
    this.#takesLeave = parts.takesLeave ?? false;
    this.#errorOf = parts.errorOf;
    this.servername = parts.servername ?? false;
    this.#offered = parts.session;
    this.#idlesQuietly = parts.idlesQuietly ?? false;
    this.#earlyDataOutcome = parts.earlyDataOutcome;
    this.#connection = parts.open(new TlsSocket.#Handlers(this, parts.trace));
    const raw = this.#raw;
    raw.on("error", this.#rawError);
    raw.on("close", this.#rawClose);
    this.#setConnecting(raw.connecting === true);
    // One that nobody has told where to connect to is waited for as well.
    if (this.connecting || (raw.pending === true && !raw.destroyed)) {
      raw.once("connect", this.#rawConnect);
      tellAttempts(raw, this);
    } else {
      process.nextTick(this.#start);
    }
  }

  /**
   * What the connection calls. A class, since each socket keeps one: as an object of closures it would take a kilobyte and a
   * half more.
   */
  static readonly #Handlers = class implements ConnectionHandlers<SocketInfo> {
    readonly #socket: TlsSocket;
    readonly #trace: TlsSocketParts["trace"];

    constructor(socket: TlsSocket, trace: TlsSocketParts["trace"]) {
      this.#socket = socket;
      this.#trace = trace;
    }

    get trace(): ((event: TraceEvent) => void) | undefined {
      const socket = this.#socket;
      return this.#trace?.() && ((event) => socket.#tell(() => this.#trace?.()?.(event)));
    }

    ciphertext(bytes: Uint8Array): void {
      this.#socket.#ciphertext(bytes);
    }

    drained(): void {
      this.#socket.#sealed();
    }

    plaintext(bytes: Uint8Array): void {
      this.#socket.#tell(() => this.#socket.#plaintext(bytes));
    }

    get earlyPlaintext(): ((bytes: Uint8Array) => void) | undefined {
      const socket = this.#socket;
      return socket.listenerCount("earlyData") > 0
        ? (bytes) => socket.#tell(() => socket.#earlyData(bytes))
        : undefined;
    }

    earlyDataOutcome(outcome: EarlyDataOutcome, data: Uint8Array): void {
      this.#socket.#tell(() => this.#socket.#toldEarlyDataOutcome(outcome, data));
    }

    clientAnswered(answer: ClientAnswer<SocketInfo>): void {
      this.#socket.#tell(() => this.#socket.#clientAnswered(answer));
    }

    session(session: Uint8Array): void {
      this.#socket.#tell(() => this.#socket.#keepSession(session));
    }

    get keyLog(): ((line: string) => void) | undefined {
      const socket = this.#socket;
      return socket.listenerCount("keylog") > 0
        ? (line) => socket.#tell(() => socket.emit("keylog", Buffer.from(`${line}\n`)))
        : undefined;
    }

    established(info: SocketInfo): void {
      this.#socket.#tell(() => this.#socket.#secured(info));
    }

    renegotiating(): void {
      this.#socket.#tell(() => this.#socket.#watchDeadline());
    }

    renegotiated(info: SocketInfo): void {
      this.#socket.#tell(() => this.#socket.#renegotiated(info));
    }

    ended(): void {
      this.#socket.#tell(() => this.#socket.#ended());
    }

    truncated(error: TlsError): void {
      this.#socket.#tell(() => this.#socket.#cutOff(error));
    }

    sendEnded(): void {
      this.#socket.#tell(() => this.#socket.#sendEnded());
    }

    closed(error: TlsError | undefined): void {
      this.#socket.#tell(() => this.#socket.#closed(error));
    }
  };

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
      const failed = (): void => {
        reject(this.errored ?? callerError("closed_during_handshake", "the socket was destroyed"));
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
   * The code of the reason why a peer that was let in nevertheless isn't verified: `no_certificate` for a client that
   * showed none.
   */
  get authorizationError(): string | null {
    if (this.#info === undefined) return null;
    const { peer } = this.#info;
    if (peer === undefined) return this.authorized ? null : "no_certificate";
    return peer instanceof UnverifiedPeer ? peer.refusal.code : null;
  }

  /** Whether the handshake is not done yet. */
  get secureConnecting(): boolean {
    return this.#info === undefined && !this.destroyed;
  }

  /** `TLSv1.3`, say; nothing before the handshake is done. */
  getProtocol(): ProtocolName | null {
    return this.#info === undefined ? null : protocolName(this.#info.version);
  }

  /** The cipher suite, once the handshake is done. */
  getCipher(): CipherNameAndProtocol | undefined {
    return this.#info && cipherNameAndProtocol(this.#info.cipherSuite);
  }

  /**
   * At a client, the key exchange as `node:tls` tells it: an empty object where there was none but the certificate's key or a
   * session's secret. At a server nothing, and nothing before the handshake is done.
   */
  getEphemeralKeyInfo(): EphemeralKeyInfo | null {
    return this.#role === "client" && this.#info !== undefined ? ephemeralKeyInfo(this.#info.namedGroup) : null;
  }

  /**
   * At a server, the signature algorithms that it takes and its client offers, best first, as OpenSSL names them
   * (`ECDSA+SHA256`, `RSA-PSS+SHA256`): twice where two schemes have one name. None at a client, or before the handshake is
   * done.
   */
  getSharedSigalgs(): string[] {
    return (this.#info?.sharedSignatureSchemes ?? []).map(signatureAlgorithmName);
  }

  /** The chain of the peer, its own certificate first, as it was verified; empty for a peer that showed none. */
  get peerCertificates(): readonly Certificate[] {
    return this.#info?.peer?.certificates ?? [];
  }

  /**
   * The peer's certificate as an object of `node:tls`: an empty one if there is none, nothing once the socket is destroyed.
   * @param detailed whether each certificate has its issuer's in `issuerCertificate`, up to the trust anchor's.
   */
  getPeerCertificate(detailed: true): DetailedPeerCertificate;
  getPeerCertificate(detailed?: false): PeerCertificate;
  getPeerCertificate(detailed?: boolean): PeerCertificate | DetailedPeerCertificate;
  getPeerCertificate(detailed: boolean = false): PeerCertificate | DetailedPeerCertificate | null {
    if (this.destroyed) return null;
    const chain = this.#peerChain();
    // As of node:tls, whose types pass over that it may be empty.
    return (detailed ? detailedPeerCertificate(chain) : peerCertificate(chain)) ?? ({} as PeerCertificate);
  }

  /** The peer's certificate as `node:crypto` has it, with its issuer's, up to the trust anchor's. */
  getPeerX509Certificate(): X509Certificate | undefined {
    return this.destroyed ? undefined : peerX509Certificate(this.#peerChain());
  }

  #peerChain(): readonly Certificate[] {
    const peer = this.#info?.peer;
    return peer instanceof VerifiedChain ? chainToAnchor(peer) : (peer?.certificates ?? []);
  }

  /** Whether an earlier session was resumed; `info` tells when the server last proved who it is. */
  isSessionReused(): boolean {
    return this.#info?.resumed ?? false;
  }

  /**
   * The session that a client got last, for the option `session` of another connection: it is as secret as a private key.
   * Before the server has sent one, which is after the handshake, there is the one that was resumed, if that was an option;
   * there is none at a server.
   */
  getSession(): Buffer | undefined {
    return this.#session && Buffer.from(this.#session);
  }

  /**
   * The ticket of the session that a client got last, for whoever looks at what servers give; nothing at a server, before there
   * is one, or of a session of TLS 1.2 that has an identifier instead.
   */
  getTLSTicket(): Buffer | undefined {
    const { ticket } = (this.#session && decodeClientSession(this.#session)) ?? {};
    return ticket === undefined || ticket.length === 0 ? undefined : Buffer.from(ticket);
  }

  /**
   * RFC 9846 §4.7.2: a server asks its client for a certificate, after the handshake, by what its `clientCertificates` say.
   * The client has to have offered that (`postHandshakeAuth`), and HTTP/2 forbids it (RFC 9113 §9.2.3). What the client is
   * verified to be is told by `info` and `authorized` from then on; one that isn't accepted ends the socket.
   * @returns whether the client showed a certificate: when it has answered, which may take as long as a person takes
   * @throws {TlsError} (the promise) `not_a_server`, `not_established`, `closed`, `client_not_askable`,
   *   `too_many_certificate_requests` (the caller's fault), and what ends the socket before the answer
   */
  async requestClientCertificate(): Promise<boolean> {
    const ask = this.#askForCertificate;
    if (ask === undefined) throw callerError("not_a_server", "it is servers that ask their clients for certificates");
    if (this.destroyed) throw callerError("closed", "the socket is closed");
    return await new Promise((resolve, reject) => {
      let request = "";
      this.#call(() => {
        request = toHex(ask());
      });
      const failed = (): void => {
        this.#answers?.delete(request);
        reject(this.errored ?? callerError("closed", "the socket was closed before the client answered"));
      };
      this.once("close", failed);
      this.#answers ??= new Map();
      this.#answers.set(request, (authenticated) => {
        this.off("close", failed);
        resolve(authenticated);
      });
    });
  }

  /** The server has asked for another handshake in the connection, which is done. */
  #renegotiated(info: SocketInfo): void {
    this.#forgetDeadline();
    this.#info = info;
    this.emit("renegotiated", info);
  }

  #clientAnswered({ request, authenticated, info }: ClientAnswer<SocketInfo>): void {
    this.#info = info;
    const answered = this.#answers?.get(toHex(request));
    this.#answers?.delete(toHex(request));
    answered?.(authenticated);
  }

  /**
   * Keying material for the application (RFC 9846 §7.5), arguments ordered as in `node:tls`.
   * @param context none unless given. That is the same as an empty one in TLS 1.3, and something else before it (RFC 5705 §4).
   * @throws {TlsError} `not_established`, `out_of_range`, `not_ascii`
   */
  exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Uint8Array {
    return this.#connection.exportKeyingMaterial(label, context, length);
  }

  /** What this end's last Finished proved itself with (verify_data), once the handshake is done; the peer has received it. */
  getFinished(): Buffer | undefined {
    return bufferOf(this.#connection.finished?.sent);
  }

  /** What the peer's last Finished proved itself with (verify_data), once the handshake is done. */
  getPeerFinished(): Buffer | undefined {
    return bufferOf(this.#connection.finished?.received);
  }

  /**
   * RFC 9266: 32 bytes that are this connection's alone and the same at both ends, for authentication above it that is to
   * hold for no other connection, such as SCRAM-SHA-256-PLUS.
   * @throws {TlsError} `invalid_argument`, `not_established`, `closed` once the connection has failed
   */
  channelBinding(type: ChannelBindingType): Uint8Array {
    return this.#connection.channelBinding(type);
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
   * RFC 9846 §4.7.3: goes over to new keys for sending.
   * @param request whether the peer is asked to do the same.
   * @throws {TlsError} `not_established`, `closed`
   */
  updateKeys(request: boolean = false): void {
    this.#call(() => this.#connection.updateKeys(request));
  }

  // What a socket of node:net has, for Node's own clients.

  /** A property of its own of every socket, which types call read-only. */
  #setConnecting(connecting: boolean): void {
    Reflect.set(this, "connecting", connecting);
  }

  // Accessors of the prototype as they are of net.Socket's, which types call properties.
  static {
    // Bun's Socket has some as properties, which its constructor sets.
    const set = (): void => undefined;
    const get = (get: (this: TlsSocket) => unknown): PropertyDescriptor => ({ get, set, configurable: true });
    Object.defineProperties(TlsSocket.prototype, {
      // Octets of TLS, received from the raw stream and given to it.
      bytesRead: get(function () {
        return this.#bytesRead;
      }),
      bytesWritten: get(function () {
        return this.#bytesWritten;
      }),
      pending: get(function () {
        return this.#raw.pending ?? false;
      }),
      readyState: get(function (): SocketReadyState {
        if (this.connecting) return "opening";
        if (this.readable) return this.writable ? "open" : "readOnly";
        return this.writable ? "writeOnly" : "closed";
      }),
      ...Object.fromEntries(
        rawAddresses.map((name) => [
          name,
          get(function () {
            return this.#raw[name];
          }),
        ]),
      ),
    });
  }

  override address(): AddressInfo | Record<string, never> {
    const address = this.#raw.address?.();
    return address !== undefined && "port" in address ? address : {};
  }

  override setKeepAlive(...told: readonly unknown[]): this {
    // In either of two forms, which are the raw stream's to read.
    const { setKeepAlive } = this.#raw;
    if (setKeepAlive !== undefined) Reflect.apply(setKeepAlive, this.#raw, told);
    return this;
  }

  override setNoDelay(noDelay?: boolean): this {
    this.#raw.setNoDelay?.(noDelay);
    return this;
  }

  override ref(): this {
    this.#keepsAlive = true;
    this.#raw.ref?.();
    if (!this.#idlesQuietly) this.#deadlineTimer?.ref();
    return this;
  }

  override unref(): this {
    this.#keepsAlive = false;
    this.#raw.unref?.();
    this.#deadlineTimer?.unref();
    return this;
  }

  /** Emits `timeout` when no bytes have come or gone for so many milliseconds; 0 turns it off. */
  override setTimeout(milliseconds: number, callback?: () => void): this {
    this.timeout = milliseconds;
    this.#idle ??= new IdleTimer(() => this.emit("timeout"));
    this.#idle.set(milliseconds);
    if (callback !== undefined) {
      if (milliseconds === 0) this.off("timeout", callback);
      else this.once("timeout", callback);
    }
    return this;
  }

  /** @throws {TlsError} `already_connected` (the caller's fault): it is `connect` of this package that opens connections. */
  override connect(..._given: readonly unknown[]): this {
    throw callerError("already_connected", "a TlsSocket has its connection from the beginning");
  }

  override setTypeOfService(typeOfService: number): this {
    this.#raw.setTypeOfService?.(typeOfService);
    return this;
  }

  override getTypeOfService(): number {
    return this.#raw.getTypeOfService?.() ?? 0;
  }

  /** Destroys the socket, and has the connection below reset where there is such a thing; no close_notify is sent. */
  override resetAndDestroy(): this {
    this.#raw.resetAndDestroy?.();
    return this.destroy();
  }

  /** As of `node:net`: destroys the socket when what was written has gone. */
  override destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  // The raw stream.

  readonly #rawConnect = (): void => {
    if (this.destroyed) return;
    this.#setConnecting(false);
    try {
      this.emit("connect");
      this.emit("ready");
    } finally {
      // Without it nothing would ever come, not even the end of the handshake's time.
      this.#start();
    }
  };

  readonly #start = (): void => {
    if (this.destroyed) return;
    const raw = this.#raw;
    // Node's agents leave theirs on a socket to a proxy: it would get bytes that are TLS's, and keep them from coming by themselves.
    raw.removeAllListeners("readable");
    if (this.#reading === undefined) raw.on("data", this.#rawData);
    else this.#reading.take = this.#rawShared;
    raw.on("end", this.#rawEnd);
    raw.on("drain", this.#rawDrained);
    const traced = TracedHandshake.begun({ socket: this, role: this.#role });
    this.#traced = traced;
    const start = (): void => this.#call(() => this.#connection.start());
    if (traced === undefined) start();
    else traced.during(start);
    this.#watchDeadline();
    this.#hasBegun = true;
    if (raw.destroyed || raw.readableEnded) this.#nothingMoreComes();
    else raw.resume();
  };

  readonly #rawData = (chunk: unknown): void => {
    const bytes = rawBytes(this.#raw, chunk);
    if (bytes === undefined) {
      this.destroy(callerError("raw_encoding", "setEncoding was called on the raw stream, which is TLS's to read"));
      return;
    }
    this.#receive(bytes);
  };

  readonly #rawShared = (bytes: Uint8Array): void => {
    try {
      this.#receive(bytes);
    } finally {
      this.#connection.release(bytes.buffer);
    }
  };

  #receive(bytes: Uint8Array): void {
    this.#bytesRead += bytes.length;
    this.#idle?.restart();
    this.#call(() => this.#connection.receive(bytes));
    this.#regulate();
  }

  #nothingMoreComes(): void {
    this.#call(() => this.#connection.receiveEnd());
  }

  readonly #rawEnd = (): void => {
    // A write has failed as well, which the raw stream is about to tell.
    if (!(this.#raw.errored instanceof Error)) this.#nothingMoreComes();
  };

  readonly #rawError = (error: Error): void => {
    if (!this.#hasBegun || this.#hasEnded) {
      this.destroy(error);
      return;
    }
    // What came before is used first, which with a provider that answers late takes a while: it may be the alert that
    // says why.
    this.#rawFailure = error;
    this.#nothingMoreComes();
    if (!this.destroyed) setTimeout(() => this.destroy(error), lingerTime).unref();
  };

  readonly #rawClose = (): void => {
    if (this.#over || this.destroyed || this.#rawFailure !== undefined) return;
    // Whoever destroyed it: no close_notify came.
    this.#nothingMoreComes();
    if (!this.#over && this.#info === undefined) this.destroy();
    else this.#sealMore();
  };

  // The connection.

  /**
   * Calls the connection, and does what it told when the call has returned: what the application does then, in a `data`
   * listener say, has its effect at once, so that what it writes is in the raw stream before it destroys the socket. All
   * of it goes out in one write.
   */
  #call(step: () => void): void {
    this.#quietly(() => {
      step();
      if (this.#calls > 1) return;
      for (let event = this.#told.shift(); event !== undefined; event = this.#told.shift()) event();
    });
  }

  /** The same where listeners must not be called: what is told is done soon. */
  #quietly(step: () => void): void {
    this.#calls += 1;
    try {
      step();
    } finally {
      this.#calls -= 1;
      // What is left: a listener that throws takes nothing from those behind it.
      if (this.#calls === 0 && this.#told.length > 0) this.#doToldSoon();
    }
  }

  /**
   * Collects what goes to the raw stream until whoever is being told of something has done what it does then, also behind
   * an `await`: a client's first request shares a segment with its Finished. Under Nagle's algorithm it would otherwise
   * wait for an acknowledgement that the server delays.
   */
  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    this.#raw.cork();
    // Behind all microtasks, which a tick by itself would come before.
    queueMicrotask(this.#uncorkSoon);
  }

  readonly #uncorkSoon = (): void => {
    process.nextTick(this.#uncork);
  };

  readonly #uncork = (): void => {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#raw.uncork();
  };

  /** What a provider that answers late leads to is told outside of any call. */
  #tell(event: () => void): void {
    this.#told.push(event);
    if (this.#calls === 0 && this.#told.length === 1) this.#doToldSoon();
  }

  #doToldSoon(): void {
    process.nextTick(() => this.#call(() => undefined));
  }

  #ciphertext(bytes: Uint8Array): void {
    const raw = this.#raw;
    if (raw.destroyed || raw.writableEnded) return;
    this.#bytesWritten += bytes.length;
    this.#idle?.restart();
    this.#cork();
    raw.write(bytes, reuse(raw, bytes));
    this.#regulate();
  }

  #watchDeadline(): void {
    const { deadline } = this.#connection;
    if (deadline === undefined) return;
    this.#deadlineTimer = setTimeout(
      () => {
        this.#call(() => this.#connection.checkDeadline());
        this.#watchDeadline();
      },
      Math.min(Math.max(1, deadline - Date.now()), maxTimerDelay),
    );
    if (!this.#keepsAlive || this.#idlesQuietly) this.#deadlineTimer.unref();
  }

  #forgetDeadline(): void {
    clearTimeout(this.#deadlineTimer);
    this.#deadlineTimer = undefined;
  }

  #secured(info: SocketInfo): void {
    this.#forgetDeadline();
    if (this.destroyed) return;
    this.#info = info;
    this.#traced?.succeeded(info);
    this.#traced = undefined;
    this.alpnProtocol = info.alpnProtocol ?? false;
    this.servername = info.serverName ?? this.servername;
    if (info.resumed && this.#role === "client") this.#session ??= bufferOf(this.#offered);
    if (this.#role === "client" && info.alpnProtocol === "h2") paceHttp2(this);
    // Told next, and singly: a listener that throws takes nothing from those behind it.
    this.#told.unshift(
      () => this.emit("secure", info),
      () => {
        if (this.#role === "client" && !this.destroyed) this.emit("secureConnect");
      },
      ...this.#sessionsInHandshake.splice(0),
      () => {
        if (this.#finished !== undefined) this.#connection.close();
      },
    );
  }

  // Sessions, and what comes before the handshake's end.

  /** Before TLS 1.3 it comes in the handshake, and is told when that is done: nobody has been verified before. */
  #keepSession(session: Uint8Array): void {
    this.#session = asBuffer(session);
    const told = (): void => {
      if (!this.destroyed) this.emit("session", Buffer.from(session));
    };
    if (this.#info === undefined) this.#sessionsInHandshake.push(told);
    else told();
  }

  #earlyData(bytes: Uint8Array): void {
    if (!this.destroyed) this.emit("earlyData", asBuffer(bytes));
  }

  #toldEarlyDataOutcome(outcome: EarlyDataOutcome, data: Uint8Array): void {
    const told = this.#earlyDataOutcome;
    this.#earlyDataOutcome = undefined;
    told?.(outcome, asBuffer(data));
  }

  // Reading.

  #plaintext(bytes: Uint8Array): void {
    if (this.destroyed) return;
    if (!this.push(bytes)) this.#readerFull = true;
    this.#regulate();
  }

  /** Lets the raw stream wait while the reader, a provider that answers late, or the peer's own reading is behind. */
  #regulate(): void {
    const raw = this.#raw;
    if (raw.destroyed || this.destroyed) return;
    const peerIsBehind = raw.writableNeedDrain && raw.writableLength > raw.writableHighWaterMark + maxWaitingBytes;
    const wait = this.#readerFull || peerIsBehind || this.#connection.unread > maxUnreadBytes;
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
   *
   * Whoever is told that there is something to read gets all of it, as before Node 26. What came in several records comes in
   * several events from `node:tls`; here it is one, and who reads once for each would wait for the rest for ever.
   */
  override read(size?: number): ReturnType<Socket["read"]> {
    if (this.destroyed) return null;
    const all = size === undefined && this.listenerCount("readable") > 0 && this.readableLength > 0;
    const data: unknown = super.read(all ? this.readableLength : size);
    if (this.#truncation !== undefined && this.readableLength === 0) process.nextTick(() => this.#truncated());
    return data;
  }

  #ended(): void {
    this.#hasEnded = true;
    this.push(null);
    // As of node:net: where nothing is left to be read the end is told to whoever reads nothing as well.
    this.read(0);
    if (this.#rawFailure !== undefined) this.destroy(this.#rawFailure);
    // The raw stream's end is still to be seen.
    this.#readerFull = false;
    this.#regulate();
  }

  #cutOff(error: TlsError): void {
    if (this.destroyed) return;
    if (this.#rawFailure !== undefined) {
      this.destroy(this.#rawFailure);
      return;
    }
    this.#truncation = error;
    if (this.readableLength === 0) this.#truncated();
    else if (!this.#endsWhole) this.#writeDone(error);
  }

  /** Everything that came before the truncation has been read: it is an end, or an error. */
  #truncated(): void {
    const error = this.#truncation;
    if (error === undefined || this.destroyed) return;
    if (this.#endsWhole) {
      this.#truncation = undefined;
      this.#ended();
    } else {
      failResponse(this, error);
      this.destroy(this.#asOfNode(error));
    }
  }

  /** RFC 9112 §9.8: whether a stream that ends here without close_notify leaves no message incomplete unnoticed. */
  get #endsWhole(): boolean {
    return this.#acceptTruncation || framingOf(this)?.receivesWhole() === true;
  }

  // Writing.

  override _write(chunk: Uint8Array | string, encoding: BufferEncoding, written: (error?: Error | null) => void): void {
    this.#write([{ chunk, encoding }], written);
  }

  override _writev(chunks: readonly Chunk[], written: (error?: Error | null) => void): void {
    this.#write(chunks, written);
  }

  #write(chunks: readonly Chunk[], written: (error?: Error | null) => void): void {
    if (this.#truncation !== undefined && !this.#endsWhole) {
      written(this.#truncation);
      return;
    }
    this.#unsealed = sealedTogether(chunks.map(bytesOfChunk));
    this.#writing = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    this.#written = written;
    this.#sealMore();
  }

  readonly #rawDrained = (): void => {
    this.#regulate();
    this.#sealMore();
  };

  /** Seals the next pieces while the raw stream would take more; the write is done when all have gone. */
  readonly #sealMore = (): void => {
    while (this.#written !== undefined && !this.#sealing) {
      if (this.#raw.destroyed) {
        this.#writeDone(callerError("closed", "the stream below is closed"));
        return;
      }
      if (this.#raw.writableNeedDrain) return;
      const pieces = this.#unsealed.shift();
      if (pieces === undefined) {
        this.#writeDone();
        return;
      }
      this.#sealing = true;
      this.#sending = true;
      try {
        // Of whoever writes: what a listener throws isn't a failure of this write.
        this.#quietly(() => this.#connection.send(...pieces));
      } catch (error) {
        this.#sealing = false;
        // What `send` throws is a TlsError.
        this.#writeDone(error instanceof Error ? error : null);
      } finally {
        this.#sending = false;
      }
    }
  };

  #sealed(): void {
    this.#sealing = false;
    if (!this.#sending) this.#tell(this.#sealMore);
  }

  #writeDone(error?: Error | null): void {
    const written = this.#written;
    this.#written = undefined;
    this.#unsealed = [];
    this.#writing = 0;
    written?.(error);
  }

  override _final(finished: (error?: Error | null) => void): void {
    this.#finished = () => finished();
    // During the handshake an end waits: closing the connection would give the handshake up.
    // Before TLS 1.3 the peer's end has been ours.
    if (this.#over) this.#sendEnded();
    else if (this.#info !== undefined) this.#call(() => this.#connection.close());
  }

  #sendEnded(): void {
    const finished = this.#finished;
    this.#finished = undefined;
    this.#hasLastWords = true;
    if (this.destroyed) this.#connection.discard();
    if (this.#raw.destroyed) finished?.();
    else this.#raw.end(() => finished?.());
  }

  /**
   * RFC 9846 §6.1, RFC 9112 §9.8: whether a close_notify can be said still, and would tell no lie: between messages, and
   * behind everything that was written.
   */
  #mayTakeLeave(error: Error | null): boolean {
    const written = this.#unsealed.length === 0 && this.writableLength === this.#writing;
    if (this.#info === undefined || this.#over || !written) return false;
    return framingOf(this)?.sendsWhole() ?? (this.#takesLeave && error === null);
  }

  // How it ends.

  #closed(error: TlsError | undefined): void {
    this.#over = true;
    this.#forgetDeadline();
    if (error === undefined) return; // the stream has its two ends, and destroys itself when they are reached
    this.#hasLastWords = error.kind === "peer" || error.kind === "internal";
    this.destroy(this.#asOfNode(error));
  }

  /** The error that `node:tls` would end with, where programs look for that one. */
  #asOfNode(error: TlsError): Error {
    if (error.kind === "truncation" && this.#rawFailure !== undefined) return this.#rawFailure;
    if (error.code === identityRefused && error.cause instanceof Error) return error.cause;
    const told =
      error.kind === "truncation" && this.#info === undefined
        ? new TlsError("truncation", "ECONNRESET", error.message, { cause: error })
        : error;
    return this.#errorOf?.(told) ?? told;
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#setConnecting(false);
    this.#forgetDeadline();
    this.#traced?.failed(error);
    this.#traced = undefined;
    this.#idle?.set(0);
    const raw = this.#raw;
    raw.off("connect", this.#rawConnect);
    raw.off("data", this.#rawData);
    if (this.#reading !== undefined) this.#reading.take = ignore;
    raw.off("end", this.#rawEnd);
    raw.off("drain", this.#rawDrained);
    raw.off("close", this.#rawClose);
    raw.off("error", this.#rawError);
    // Its errors are of no interest any more, and must not end the process.
    raw.on("error", ignore);
    // What was written last is on its way before the raw stream is closed.
    this.#uncork();
    if (this.#mayTakeLeave(error)) {
      linger(raw, this.#reading);
      // Which ends the raw stream when the close_notify has gone: later, if a step is under way.
      this.#call(() => this.#connection.close());
    } else {
      if (this.#hasLastWords) {
        linger(raw, this.#reading);
        raw.end();
      } else {
        raw.destroy();
      }
      // Given up during the handshake: early data is given back.
      if (this.#earlyDataOutcome !== undefined) this.#call(() => this.#connection.close());
      else this.#connection.discard();
    }
    // An error that nobody gets isn't made: telling where it was made takes longer than all the rest here.
    if (this.#written !== undefined) this.#writeDone(error ?? callerError("closed", "the socket was destroyed"));
    done(error);
    process.nextTick(() => this.emit("close", error !== null));
  }
}

/** What is written, as a stream hands it on that leaves texts as they are, which those of `node:net` do. */
interface Chunk {
  readonly chunk: Uint8Array | string;
  readonly encoding: BufferEncoding;
}

function bytesOfChunk({ chunk, encoding }: Chunk): Uint8Array {
  return typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
}

function bufferOf(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes && asBuffer(bytes);
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}

/** Chunks by what is sealed at a time: small ones together, large ones cut. */
function sealedTogether(chunks: readonly Uint8Array[]): (readonly Uint8Array[])[] {
  const all: Uint8Array[][] = [];
  let [last, room]: [Uint8Array[], number] = [[], 0];
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; ) {
      if (room === 0) {
        [last, room] = [[], bytesSealedAtOnce];
        all.push(last);
      }
      const length = Math.min(room, chunk.length - start);
      last.push(new Uint8Array(chunk.buffer, chunk.byteOffset + start, length));
      start += length;
      room -= length;
    }
  }
  return all;
}

/**
 * Of no function's scope: what is made inside of one keeps all of that alive, and a raw stream, whose native part only a
 * full collection frees, would keep the connection's memory as long.
 */
function ignore(): void {}
