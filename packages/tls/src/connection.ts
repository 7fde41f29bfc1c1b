import type { CipherSuite } from "@tlskit/ciphersuites";
import { type CryptoProvider, Driver, type Random, type Steps } from "@tlskit/crypto";
import type {
  CertificateAnswer,
  EarlierIo,
  EarlierSecrets,
  EarlyDataIo,
  Epoch,
  Established,
  FindExternalPsk,
  HandshakeIo,
  IdentifiedClient,
  Negotiated,
  PreparedAnswer,
  Received,
  Resumption,
} from "@tlskit/handshake";
import type { Exporter, Tls12Exporter, TrafficSecret } from "@tlskit/keyschedule";
import { encodeMessage, KeyUpdate, type MessageLimits, type MessageType } from "@tlskit/messages";
import { type Allocate, ContentType, type RecordPadding, type Sealing } from "@tlskit/record";
import { Alert, type AlertDescription, alertName, callerError, concat, TlsError } from "@tlskit/wire";
import { aBoolean, aFunction, bytes as aUint8Array, check, expectation } from "@tlskit/wire/arguments";
import type { After } from "./after.ts";
import { AfterTls13 } from "./after-tls13.ts";
import { aChannelBindingType, type ChannelBindingType, channelBindings } from "./channel-binding.ts";
import { ClientEarlyData } from "./client-early-data.ts";
import type { ConnectionParts, EarlierRecords } from "./earlier-host.ts";
import { Events } from "./events.ts";
import { checkHandlers } from "./expectations.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { Incoming } from "./incoming.ts";
import { maxRenegotiations } from "./limits.ts";
import { Outgoing } from "./outgoing.ts";
import { recordKeys } from "./record-keys.ts";
import { checkedRecordSize } from "./record-size.ts";
import type { TraceEvent } from "./trace.ts";
import type { HandOver } from "./traffic-secrets.ts";
import type { EarlierConnection, TlsVersion } from "./version.ts";

/** What was negotiated and verified. */
export interface ConnectionInfo<Peer> extends Negotiated {
  readonly role: "client" | "server";
  /** What the peer's certificate was verified by; nothing for a client that showed none. */
  readonly peer: Peer;
}

/** The verify_data of an end's two Finished messages. */
export interface FinishedMessages {
  readonly sent: Uint8Array;
  readonly received: Uint8Array;
}

/** What a connection needs of its context. */
export interface ConnectionSettings {
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** Milliseconds since 1970, as `Date.now` gives them: for certificates' validity and the handshake's time. */
  readonly clock: () => number;
  /** `[tls13]` unless told otherwise. The newest that both sides have is used, whatever their order here. */
  readonly versions: readonly TlsVersion[];
  /** Milliseconds that a handshake may take: 30,000 unless told otherwise. */
  readonly handshakeTimeout: number;
  /**
   * Bytes of content that a record of ours has at most: 64 to 2^14, which it is unless told otherwise. Small records
   * can be read before much has come, large ones cost less.
   */
  readonly recordSize: number;
  /**
   * RFC 9846 §5.4: how many zeros are added to each protected record of ours, up to 2^14 bytes with its content, so that
   * its length tells less. None unless told otherwise. They cost as much as content does, and hide neither how many records
   * there are nor when they go.
   */
  readonly recordPadding: RecordPadding | undefined;
  /** Bytes that a peer's messages may have. */
  readonly messageLimits: MessageLimits;
  /**
   * Where buffers for records and data come from: `new Uint8Array(length)` unless told otherwise. A runtime may know of a
   * quicker way, such as memory that isn't filled with zeros first: of what is handed out everything has been written to.
   * A transport may use one for records again when they have gone: what `ciphertext` gives lies at its beginning.
   */
  readonly allocate: Allocate;
}

/** What of a handshake belongs to one connection, and not to its context. */
export interface OwnToConnection {
  /** Bytes of early data that a client has to send. */
  readonly earlyDataLength: number | undefined;
  /** Told of each session that a client can resume. */
  readonly session: ((session: Uint8Array) => void) | undefined;
  /** Told what the context's is told. */
  readonly keyLog: ((line: string) => void) | undefined;
  /** Finds a client's pre-shared key, at a server whose context has a function for that. */
  readonly findExternalPsk: FindExternalPsk | undefined;
}

/** What a role brings: its handshake, and what of it the application is told. */
export interface Role<Evidence, Info> {
  readonly name: "client" | "server";
  handshake(io: HandshakeIo, own: OwnToConnection): Steps<Established<Evidence>>;
  info(established: Established<Evidence>): Info;
  /** At a client: another handshake after this one, for which the server may have asked; nothing if there is to be none. */
  renegotiate?(
    io: HandshakeIo,
    own: OwnToConnection,
    previous: Established<Evidence>,
  ): Steps<Established<Evidence>> | undefined;
  /** At a server: what the application is told when the client has shown who it is after the handshake. */
  identified?(info: Info, client: IdentifiedClient<Evidence>): Info;
}

/**
 * A connection, sans-IO: handshake and record layer joined. Bytes and data go in by `receive`, `receiveEnd`, `send`,
 * `close`; what comes out is told by {@link ConnectionHandlers}; everything else is to be asked.
 */
export class Connection<Evidence, Info> {
  readonly #settings: ConnectionSettings;
  readonly #role: Role<Evidence, Info>;
  readonly #handlers: ConnectionHandlers<Info>;
  readonly #events = new Events(() => this.#flush());
  readonly #incoming: Incoming;
  readonly #outgoing: Outgoing;
  readonly #session: Driver<void>;
  readonly #io: HandshakeIo;

  /** Handshake messages on their way out, so that a flight shares records. */
  #flight: Uint8Array[] = [];
  /** Data that was given to `send` before there are keys for it (RFC 5246 §7.3#no-early-data). */
  #held: Uint8Array[] = [];
  /** Bytes of data in records that are sealed and not yet handed to `ciphertext`. */
  #sealed = 0;
  /** Data that has come and is still to be handed to `plaintext`. */
  #arrived: { bytes: Uint8Array; readonly event: () => void } | undefined;
  /** There once the handshake is done. */
  #info: Info | undefined;
  /** There from then on, until the connection fails. */
  #exporter: Exporter | Tls12Exporter | undefined;
  #earlyExporter: Exporter | undefined;
  readonly #earlyData: ClientEarlyData;
  /** Whether data may go although the handshake isn't done: from a server to a client whose early data it has accepted. */
  #answersEarlyData = false;
  /** What sends a server's tickets, each time that there are some. */
  #issuing: Driver<void>[] = [];
  /** What prepares a client's answers to requests for certificates after the handshake. */
  #answering: Driver<PreparedAnswer>[] = [];
  /** There from then on: what came of the handshake, and what the version has after it. */
  #established: Established<Evidence> | undefined;
  #after: After | undefined;
  /** The first handshake's: what comes of later ones in the connection isn't resumed. */
  #resumption: Resumption | undefined;
  /** How many handshakes there have been behind the first, and whether one is under way: then what is sent waits for its end. */
  #renegotiations = 0;
  #isRenegotiating = false;
  /** Another handshake is to be begun unasked. */
  #wantsHandshake = false;
  /** `close` was called meanwhile. */
  #closesThen = false;
  #writeEpoch: Epoch | "initial" = "initial";
  #deadline: number | undefined;
  #started = false;
  #readClosed = false;
  #writeClosed = false;
  #over = false;
  /** Another record layer has taken over. */
  #spent = false;
  /** What `closed` will get. */
  #outcome: TlsError | undefined;
  /** `closed` was called: until then the application can't know that the connection is over. */
  #toldClosed = false;

  constructor(settings: ConnectionSettings, role: Role<Evidence, Info>, handlers: ConnectionHandlers<Info>) {
    checkHandlers(handlers);
    this.#settings = settings;
    this.#role = role;
    this.#handlers = handlers;
    const { allocate, messageLimits } = settings;
    this.#earlyData = new ClientEarlyData((outcome, data) =>
      this.#events.tell(() =>
        handlers.earlyDataOutcome?.(outcome, outcome === "accepted" ? new Uint8Array(0) : concat(...data)),
      ),
    );
    const steps = { resumed: () => this.#events.begin(), settled: () => this.#events.end() };
    const mayBeEarlier = settings.versions.some(({ earlier }) => earlier !== undefined);
    const trace = handlers.trace && ((event: TraceEvent): void => this.#trace(event));
    this.#incoming = new Incoming(role.name, messageLimits, allocate, trace, mayBeEarlier);
    this.#outgoing = new Outgoing(settings, role.name, {
      records: (bytes, data) => {
        this.#sealed += data;
        this.#events.tell(() => {
          this.#sealed -= data;
          handlers.ciphertext(bytes);
        });
      },
      keyUpdate: (bytes, { secret }) => {
        this.#traceMessage(KeyUpdate, bytes);
        this.#traceKeys("sent", secret);
      },
      alert: (alert) => this.#trace({ type: "alert", direction: "sent", ...alert }),
      drained: () => this.#drained(),
      exhausted: () => this.#exhausted(),
      failed: (error) => this.#sealingFailed(error),
      ...steps,
    });
    this.#io = new Connection.#Host(this);
    this.#session = new Driver(this.#run(), { done: () => {}, failed: (error) => this.#fail(error), ...steps });
  }

  // What goes in.

  /** Begins: a client sends its hello, a server waits for one. From here on the handshake's time runs. */
  start(): void {
    this.#checkNotSpent();
    if (this.#started) throw callerError("started", "the connection has been started");
    if (this.#over) return;
    this.#started = true;
    this.#deadline = this.#settings.clock() + this.#settings.handshakeTimeout;
    this.#events.step(() => {
      this.#outgoing.start();
      this.#session.start();
    });
  }

  /**
   * Bytes from the peer. They are kept as they are and never written to: they aren't to be changed any more, unless
   * `release` is called.
   * @throws {TlsError} `invalid_argument`
   */
  receive(bytes: Uint8Array): void {
    this.#checkNotSpent();
    check(bytes, "bytes", aUint8Array);
    // RFC 9846 §6.1#data-after-close: what comes after close_notify is ignored.
    if (this.#over || this.#readClosed) return;
    this.#incoming.push(bytes);
    this.#events.step(() => this.#incoming.arrived());
  }

  /**
   * For a transport that reads into one buffer again and again: copies what is still needed of what was received out of
   * this memory, which may be written to from here on.
   * ```ts
   * connection.receive(buffer.subarray(0, length));
   * connection.release(buffer.buffer);
   * ```
   */
  release(memory: ArrayBufferLike): void {
    this.#checkNotSpent();
    this.#incoming.release(memory);
  }

  /** The transport brings no more bytes. Without a `close_notify` before it, that is a truncation. */
  receiveEnd(): void {
    this.#checkNotSpent();
    if (this.#over || this.#incoming.transportEnded) return;
    this.#incoming.transportEnded = true;
    this.#events.step(() => this.#incoming.arrived());
  }

  /**
   * Data for the peer, in as many pieces as it comes in: they share records. It may be changed when the call returns: what
   * can't be sealed at once is copied. Before the handshake is done it is kept; `unsent` tells how much. Where the
   * connection is over and `closed` is still to be called, it is dropped.
   * @throws {TlsError} `invalid_argument`; `closed` after `close`, or once `closed` was called
   */
  send(...pieces: readonly Uint8Array[]): void {
    this.#checkNotSpent();
    for (const piece of pieces) check(piece, "data", aUint8Array);
    this.#checkOpenForSending();
    if (this.#over || pieces.every((piece) => piece.length === 0)) return;
    this.#events.step(() => {
      if (this.#mayBeginSending()) this.#outgoing.send(ContentType.applicationData, pieces);
      else this.#held.push(...pieces.map((piece) => Uint8Array.from(piece)));
    });
  }

  #mayBeginSending(): boolean {
    if (this.#info !== undefined) return !this.#isRenegotiating;
    return this.#answersEarlyData && this.#writeEpoch === "application";
  }

  /** A client's data for its first flight, if there is a session that allows it. */
  protected addEarlyData(data: Uint8Array): void {
    this.#checkNotSpent();
    check(data, "data", aUint8Array);
    if (this.#started || this.#over) {
      throw callerError("started", "early data is given before the connection is started");
    }
    if (this.#handlers.earlyDataOutcome === undefined) {
      throw callerError("no_early_data_handler", "without the handler earlyDataOutcome early data could be lost");
    }
    this.#earlyData.add(data);
  }

  /**
   * Whatever these calls of `send` give shares records: for a transport that gets small pieces one after the other. They
   * are copied, so that a large one is better sent by itself. What else is called has its effect at once and in order.
   * ```ts
   * connection.batch(() => {
   *   connection.send(head);
   *   connection.send(body);
   * });
   * ```
   * @throws {TlsError} `invalid_argument`, and what the calls throw
   */
  batch(calls: () => void): void {
    this.#checkNotSpent();
    check(calls, "calls", aFunction);
    this.#events.step(() => this.#outgoing.collect(calls));
  }

  /**
   * Sends no more: a `close_notify` goes out behind what was sent (RFC 9846 §6.1#close-sent). The peer may still send.
   * During the handshake it is given up.
   */
  close(): void {
    this.#checkNotSpent();
    if (this.#writeClosed || this.#closesThen || this.#over) return;
    this.#events.step(() => {
      if (this.#info === undefined) {
        this.#cancel();
        this.#finish(callerError("closed_during_handshake", "the connection was closed during the handshake"));
        return;
      }
      if (this.#isRenegotiating) {
        this.#closesThen = true;
        return;
      }
      this.#closeWrite();
      if (this.#readClosed) this.#finish(undefined);
    });
  }

  /**
   * Ends the connection with a fatal alert, because the application can't go on with it (RFC 9846 §6.2): data that isn't
   * sealed yet is dropped, and `closed` gets an error with the code `aborted`. What was to be told before is told
   * nevertheless. After a `close_notify` that has gone there is no alert.
   * @throws {TlsError} `invalid_argument`; `out_of_range` for an alert that ends nothing by force: a peer would take it for an orderly end
   */
  abort(description: AlertDescription = Alert.internalError): void {
    this.#checkNotSpent();
    check(description, "description", anAlert);
    if (description === Alert.closeNotify || description === Alert.userCanceled) {
      throw callerError("out_of_range", `a connection isn't aborted with ${alertName(description)}`);
    }
    if (this.#over) return;
    const message = `the application aborted the connection with ${alertName(description)}`;
    this.#events.step(() => this.#fail(new TlsError("caller", "aborted", message, { alert: description })));
  }

  /**
   * To be called when nothing can come and nothing can go any more: the transport was destroyed by whoever owns it. Keys,
   * and all that waits, are dropped at once. Nobody is told of it, and no handler is called any more: `closed` tells of how
   * a connection ended, which this one didn't.
   */
  discard(): void {
    this.#over = true;
    this.#toldClosed = true;
    this.#deadline = undefined;
    this.#held = [];
    this.#flight = [];
    this.#session.stop();
    this.#stopBesides();
    this.#incoming.forget();
    this.#earlyData.connectionOver();
    this.#outgoing.stop();
    this.#events.forget();
    this.#after = this.#resumption = this.#established = this.#exporter = this.#earlyExporter = undefined;
  }

  /** To be called at `deadline`, or whenever: ends a handshake that has taken too long. */
  checkDeadline(): void {
    this.#checkNotSpent();
    if (this.#deadline === undefined || this.#settings.clock() < this.#deadline) return;
    const message = `the handshake took more than ${this.#settings.handshakeTimeout} ms`;
    this.#events.step(() => this.#fail(new TlsError("timeout", "handshake_timeout", message)));
  }

  /**
   * RFC 9846 §4.7.3: goes over to new keys for sending.
   * @param request whether the peer is asked to do the same; while an earlier request has no answer it isn't asked again.
   * @throws {TlsError} `invalid_argument`, `not_established`, `closed`; `no_key_update` before TLS 1.3, which has none
   */
  updateKeys(request: boolean = false): void {
    this.#checkNotSpent();
    check(request, "request", aBoolean);
    if (this.#info === undefined) throw callerError("not_established", "the handshake is not done");
    this.#checkOpenForSending();
    if (this.#over || this.#after === undefined) return;
    const after = this.#after;
    if (after.updateKeys === undefined) throw callerError("no_key_update", "keys are updated in TLS 1.3 alone");
    this.#events.step(() => after.updateKeys?.(request));
  }

  /**
   * A client's wish to make another handshake.
   * @throws {TlsError} `not_established`, `closed`, `no_renegotiation` (the caller's fault)
   */
  protected wantHandshake(): void {
    this.#checkNotSpent();
    const previous = this.#established;
    if (previous === undefined) throw callerError("not_established", "the handshake is not done");
    this.#checkOpenForSending();
    if (this.#over) return;
    const isPossible =
      !this.#isRenegotiating &&
      this.#renegotiations < maxRenegotiations &&
      this.#role.renegotiate?.(this.#io, this.#own(), previous) !== undefined;
    if (!isPossible) throw callerError("no_renegotiation", "the connection can't be renegotiated, now or at all");
    this.#wantsHandshake = true;
    this.#events.step(() => this.#incoming.arrived());
  }

  /**
   * Bytes of content that a record of ours has at most: what the context says, until another number is set, which counts for
   * all that isn't sealed yet: small ones while a reader waits for the first bytes, large ones when much is on its way.
   * @throws {TlsError} `out_of_range` for less than 64 or more than 2^14 (the caller's fault)
   */
  get recordSize(): number {
    return this.#outgoing.recordSize;
  }

  set recordSize(size: number) {
    this.#outgoing.recordSize = checkedRecordSize(size);
  }

  /** A server's wish to know who its client is, after the handshake. */
  protected askForCertificate(): Uint8Array {
    this.#checkNotSpent();
    if (this.#info === undefined) throw callerError("not_established", "the handshake is not done");
    this.#checkOpenForSending();
    if (this.#over) return new Uint8Array(0);
    const requests = this.#established?.certificateRequests;
    if (requests === undefined) {
      throw callerError("client_not_askable", "the client can't be asked for a certificate after the handshake");
    }
    let request = new Uint8Array(0);
    this.#events.step(() => {
      request = Uint8Array.from(requests.ask(this.#io));
    });
    return request;
  }

  /** @internal For `dangerouslyTakeTrafficSecrets`, which is bundled by whoever uses it. */
  get handOver(): HandOver {
    this.#checkNotSpent();
    return {
      isEstablished: this.#info !== undefined,
      hasEnded: this.#over || this.#readClosed || this.#writeClosed,
      after: this.#after,
      incoming: this.#incoming,
      outgoing: this.#outgoing,
      owesMessages: this.#flight.length > 0,
      owesAnswers: this.#answering.length > 0 || this.#established?.certificateRequests?.arePending === true,
      hasToldAll: this.#events.areTold,
      provider: this.#settings.provider,
      end: () => {
        this.discard();
        this.#spent = true;
      },
    };
  }

  /** Ends what goes on beside all else. */
  #stopBesides(): void {
    for (const driver of [...this.#issuing, ...this.#answering]) driver.stop();
    this.#issuing = [];
    this.#answering = [];
  }

  #checkNotSpent(): void {
    if (this.#spent) throw callerError("traffic_secrets_taken", "another record layer has taken the connection over");
  }

  /** A call that came before `closed` is no mistake of the caller's: otherwise a peer could make its callbacks throw. */
  #checkOpenForSending(): void {
    if (this.#writeClosed || this.#closesThen || this.#toldClosed)
      throw callerError("closed", "the connection is closed for sending");
  }

  // What can be asked.

  /** What was negotiated and verified, once the handshake is done. */
  get info(): Info | undefined {
    return this.#info;
  }

  /** When `checkDeadline` is due, by the context's clock; nothing when there is nothing to wait for. */
  get deadline(): number | undefined {
    return this.#deadline;
  }

  /** Bytes of data given to `send` and not yet handed to `ciphertext`. */
  get unsent(): number {
    return this.#outgoing.unsent + this.#sealed + this.#held.reduce((sum, data) => sum + data.length, 0);
  }

  /** Bytes given to `receive` and not yet used: a part of a record, or what waits for a provider that answers late. */
  get unread(): number {
    return this.#incoming.buffered;
  }

  /**
   * Keying material for the application, from exporter_secret (RFC 9846 §7.5#exporter-secret); before TLS 1.3 from the main
   * secret (RFC 5705).
   * @param context used before the call returns, as is the label. None is the same as an empty one in TLS 1.3, and something
   * else before it.
   * @param length bytes wanted.
   * @throws {TlsError} `not_established`, `closed` once the connection has failed, `out_of_range`, `not_ascii`; `no_exporter`
   * before TLS 1.3 if there is no extended main secret
   */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    this.#checkNotSpent();
    if (this.#info === undefined) throw callerError("not_established", "the handshake is not done");
    if (this.#exporter === undefined) throw callerError("closed", "the connection has failed, and its secrets with it");
    // RFC 7627 §5.4#no-export
    if (this.#after?.secretsAreItsOwn === false) {
      throw callerError(
        "no_exporter",
        "the connection has no extended main secret, and its secrets may not be its own",
      );
    }
    return this.#exporter.export(label, context, length);
  }

  /**
   * RFC 9266: bytes that are this connection's alone and the same at both ends, for authentication above it that is to hold
   * for no other connection, such as SCRAM-SHA-256-PLUS (RFC 5802). Always of the whole handshake, never of early data, and
   * of the last one where a client has renegotiated (RFC 5929 §3.1).
   * @returns 32 bytes; 12 of tls-unique
   * @throws {TlsError} `invalid_argument`, `not_established`, `closed` once the connection has failed; `no_channel_binding`
   * for tls-unique in TLS 1.3, and before it if the connection has no extended main secret (RFC 7627, RFC 9266 §4): then
   * somebody in between can give two connections the same one
   */
  channelBinding(type: ChannelBindingType): Uint8Array {
    check(type, "type", aChannelBindingType);
    const earlier = this.#info && this.#after?.channelBinding?.(type);
    if (earlier !== undefined) return earlier;
    const { label, length } = channelBindings["tls-exporter"];
    const exported = this.exportKeyingMaterial(label, new Uint8Array(0), length);
    if (type === "tls-unique") throw callerError("no_channel_binding", "TLS 1.3 has no tls-unique");
    return exported;
  }

  /**
   * The verify_data of the Finished messages of the last handshake (RFC 9846 §4.5.3), once that is done: what the one end has
   * sent the other has received. For protocols that were written for it; others are better bound by `channelBinding`, since
   * without the extended main secret (RFC 7627) somebody in between can give two connections the same.
   */
  get finished(): FinishedMessages | undefined {
    const verifyData = this.#established?.secrets.verifyData;
    if (verifyData === undefined) return undefined;
    const { name } = this.#role;
    return { sent: verifyData[name].slice(), received: verifyData[name === "client" ? "server" : "client"].slice() };
  }

  /**
   * Keying material from early_exporter_secret (RFC 9846 §7.5): there when early data is sent or accepted, and the same
   * again for whoever replays it.
   * @param context used before the call returns, as is the label.
   * @param length bytes wanted.
   * @throws {TlsError} `no_early_data`, `out_of_range`, `not_ascii`
   */
  exportEarlyKeyingMaterial(label: string, context: Uint8Array, length: number): Uint8Array {
    this.#checkNotSpent();
    if (this.#earlyExporter === undefined) throw callerError("no_early_data", "there is no early data");
    return this.#earlyExporter.export(label, context, length);
  }

  // The connection from its first byte to its last.

  *#run(): Steps<void> {
    const established = yield* this.#role.handshake(this.#io, this.#own());
    this.#issueTickets(established);
    const info = this.#establish(established);
    this.#events.tell(() => this.#handlers.established?.(info));
    this.#sendHeld();
    yield* this.#transfer(established);
  }

  #own(): OwnToConnection {
    const { keyLog, session, findExternalPsk } = this.#handlers;
    return {
      earlyDataLength: this.#earlyData.length,
      session: session && ((bytes) => this.#events.tell(() => this.#handlers.session?.(bytes))),
      keyLog: keyLog && ((line) => this.#events.tell(() => this.#handlers.keyLog?.(line))),
      findExternalPsk,
    };
  }

  /** Beside all else, since it may wait for a store; in front of data if it doesn't. */
  #issueTickets({ resumption }: Established<Evidence>): void {
    const driver = new Driver(resumption.issue(this.#io), {
      done: () => {
        this.#issuing = this.#issuing.filter((other) => other !== driver);
      },
      failed: (error) => this.#fail(error),
      resumed: () => this.#events.begin(),
      settled: () => this.#events.end(),
    });
    this.#issuing.push(driver);
    driver.start();
  }

  #establish(established: Established<Evidence>): Info {
    this.#flush();
    const info = this.#role.info(established);
    this.#info = info;
    this.#established = established;
    this.#resumption ??= established.resumption;
    this.#exporter = established.secrets.exporter;
    this.#deadline = undefined;
    this.#incoming.established();
    return info;
  }

  /**
   * RFC 5246 §7.4.1.1, §7.4.1.2: makes the handshake that the server has asked for, or the client wants. Data that comes meanwhile is told; what is sent
   * waits, since servers take none then.
   * @returns what it leaves; nothing where it is to be refused
   */
  *#renegotiate(): Steps<EarlierSecrets | undefined> {
    const previous = this.#established;
    if (previous === undefined || this.#renegotiations >= maxRenegotiations || this.#writeClosed) return undefined;
    const handshake = this.#role.renegotiate?.(this.#io, this.#own(), previous);
    if (handshake === undefined) return undefined;
    this.#renegotiations += 1;
    this.#wantsHandshake = false;
    this.#isRenegotiating = true;
    this.#deadline = this.#settings.clock() + this.#settings.handshakeTimeout;
    this.#incoming.interleave((content) => this.#tellData(content));
    this.#events.tell(() => this.#handlers.renegotiating?.());
    const established = yield* handshake;
    const info = this.#establish(established);
    this.#isRenegotiating = false;
    this.#events.tell(() => this.#handlers.renegotiated?.(info));
    this.#sendHeld();
    if (this.#closesThen) this.#closeWrite();
    return established.secrets.type === "earlier" ? established.secrets : undefined;
  }

  #sendHeld(): void {
    const held = this.#held;
    this.#held = [];
    if (held.length > 0) this.#outgoing.send(ContentType.applicationData, held);
  }

  /** After the handshake: data, what the version has besides, and at last close_notify. */
  *#transfer(established: Established<Evidence>): Steps<void> {
    const after = this.#afterOf(established);
    this.#after = after;
    for (;;) {
      const record = yield* this.#incoming.recordUnless(() => this.#wantsHandshake);
      if (record === undefined) {
        this.#wantsHandshake = false;
        if (after.renegotiate !== undefined) yield* after.renegotiate();
        continue;
      }
      const { type, content } = record;
      if (type === ContentType.applicationData) {
        // A record without data doesn't count: otherwise the two that carry nothing could take turns for ever.
        if (content.length === 0) continue;
        after.data();
        this.#tellData(content);
      } else if (type === ContentType.alert) {
        if (this.#incoming.alert(content) === "ignored") continue;
        this.#closeRead();
        return;
      } else {
        this.#incoming.assemble(content);
        while (this.#incoming.hasMessages) yield* after.message();
      }
    }
  }

  /** Beside all else, since a person may be asked: messages and data come and go meanwhile. */
  #answer(steps: Steps<PreparedAnswer>): void {
    const driver = new Driver(steps, {
      done: (answer) => {
        this.#answering = this.#answering.filter((other) => other !== driver);
        if (!this.#writeClosed) this.#sendAnswer(answer);
      },
      failed: (error) => this.#fail(error),
      resumed: () => this.#events.begin(),
      settled: () => this.#events.end(),
    });
    this.#answering.push(driver);
    driver.start();
  }

  #sendAnswer(answer: PreparedAnswer): void {
    this.#flush();
    this.#outgoing.sendUnderKeys(answer.length, (secret) => {
      const messages: Uint8Array[] = [];
      const send: HandshakeIo["send"] = (type, message) => {
        const bytes = encodeMessage(type, message);
        messages.push(bytes);
        this.#traceMessage(type, bytes);
        return bytes;
      };
      answer.send({ send }, secret);
      return concat(...messages);
    });
  }

  #clientAnswered(established: Established<Evidence>, { request, client }: CertificateAnswer<Evidence>): void {
    if (client !== undefined) {
      if (this.#info !== undefined) this.#info = this.#role.identified?.(this.#info, client);
      // RFC 9846 §4.7.1: in front of what the application has to say, as after the handshake.
      this.#issueTickets(established);
    }
    const info = this.#info;
    if (info === undefined) return;
    this.#events.tell(() => this.#handlers.clientAnswered?.({ request, authenticated: client !== undefined, info }));
  }

  #afterOf(established: Established<Evidence>): After {
    const { name } = this.#role;
    const { secrets, negotiated } = established;
    if (secrets.type === "TLS 1.3") {
      return new AfterTls13(this.#io, name, established, secrets, this.#outgoing, {
        answer: (steps) => this.#answer(steps),
        answered: (answer) => this.#clientAnswered(established, answer),
      });
    }
    return this.#earlier(negotiated.version).after(this.#io, name, secrets, {
      sendAlert: (description) => {
        if (!this.#writeClosed) this.#sendAlert(description);
      },
      renegotiate: () => this.#renegotiate(),
    });
  }

  /** A version before TLS 1.3 that was negotiated. */
  #earlier(version: number): EarlierConnection {
    const found = this.#settings.versions.find(({ code }) => code === version)?.connection;
    if (found === undefined) throw callerError("unsupported_choice", "the version isn't the context's");
    return found;
  }

  /** Data that was opened end to end is told at once. What is handed out shares its buffer with nothing else. */
  #tellData(content: Uint8Array): void {
    const last = this.#arrived;
    if (last !== undefined && this.#events.isLast(last.event) && areAdjacent(last.bytes, content)) {
      const { buffer, byteOffset, length } = last.bytes;
      last.bytes = new Uint8Array(buffer, byteOffset, length + content.length);
      return;
    }
    const arrived = {
      bytes: content.byteOffset === 0 ? content : Uint8Array.from(content),
      event: (): void => {
        this.#arrived = undefined;
        this.#incoming.handedOut();
        this.#handlers.plaintext(arrived.bytes);
      },
    };
    this.#arrived = arrived;
    this.#events.tell(arrived.event);
  }

  /** Made when it is asked for, which is seldom. */
  get #earlyDataIo(): EarlyDataIo {
    return {
      hasEnd: true,
      send: ({ cipherSuite, secret, exporter }) => {
        this.#earlyExporter = exporter;
        this.#protectSending("early", cipherSuite, secret);
        // RFC 9846 §5.5#early-data: there is no KeyUpdate for early data, behind which EndOfEarlyData has to go as well.
        const most = (cipherSuite.recordLimit - 2) * this.#settings.recordSize;
        const { length = 0 } = this.#earlyData;
        if (length <= most) this.#outgoing.send(ContentType.applicationData, this.#earlyData.send());
      },
      answered: (accepted) => {
        this.#earlyData.answered(accepted);
        if (accepted || this.#writeEpoch !== "early") return;
        this.#flush();
        this.#outgoing.useNoKeys();
        this.#writeEpoch = "initial";
      },
      receive: ({ cipherSuite, secret, exporter, limit }) => {
        this.#earlyExporter = exporter;
        const keys = recordKeys(this.#settings.provider, { cipherSuite, secret });
        this.#incoming.acceptEarlyData(keys, limit, (content) => {
          const bytes = Uint8Array.from(content);
          this.#events.tell(() => this.#handlers.earlyPlaintext?.(bytes));
        });
        this.#answersEarlyData = true;
        this.#traceKeys("received", secret);
      },
    };
  }

  /**
   * What the handshake is hosted by. A class, since each connection keeps one: as an object of closures it would take a
   * kilobyte more.
   */
  static readonly #Host = class implements HandshakeIo, ConnectionParts {
    readonly #connection: Connection<unknown, unknown>;
    readonly earlier: EarlierIo | undefined;

    constructor(connection: Connection<unknown, unknown>) {
      this.#connection = connection;
      const version = connection.#settings.versions.find((version) => version.connection !== undefined);
      this.earlier = version?.connection?.host(this);
    }

    receive<const Types extends readonly MessageType<unknown>[]>(...accept: Types): Steps<Received<Types[number]>> {
      this.#connection.#earlyData.mayBeSentNoMore();
      return this.#connection.#incoming.message(accept);
    }

    send<Message>(type: MessageType<Message>, message: Message): Uint8Array {
      const bytes = encodeMessage(type, message);
      this.#connection.#flight.push(bytes);
      this.#connection.#traceMessage(type, bytes);
      return bytes;
    }

    changeCipherSpec(): void {
      this.#connection.#flush();
      this.#connection.#outgoing.send(ContentType.changeCipherSpec, [Uint8Array.of(1)]);
      this.#connection.#trace({ type: "changeCipherSpec", direction: "sent" });
    }

    endOfFlight(): void {
      this.#connection.#incoming.endOfFlight();
    }

    installRead(epoch: Epoch, cipherSuite: CipherSuite, secret: TrafficSecret): void {
      this.#connection.#incoming.protect(epoch, recordKeys(this.provider, { cipherSuite, secret }));
      this.#connection.#traceKeys("received", secret);
    }

    installWrite(epoch: Epoch, cipherSuite: CipherSuite, secret: TrafficSecret): void {
      this.#connection.#protectSending(epoch, cipherSuite, secret);
    }

    skipEarlyData(limit: number): void {
      this.#connection.#incoming.skipEarlyData(limit);
    }

    /** Looked at when a hello has come, so that a transport may learn until then whether anybody listens. */
    get earlyData(): EarlyDataIo | undefined {
      // A server takes no early data whose application doesn't ask for it.
      const isTaken = this.role === "client" || this.#connection.#handlers.earlyPlaintext !== undefined;
      return isTaken ? this.#connection.#earlyDataIo : undefined;
    }

    // For versions before TLS 1.3.

    get role(): "client" | "server" {
      return this.#connection.#role.name;
    }

    get provider(): CryptoProvider {
      return this.#connection.#settings.provider;
    }

    get random(): Random {
      return this.#connection.#settings.random;
    }

    get incoming(): Incoming {
      return this.#connection.#incoming;
    }

    recordsOf(version: number): EarlierRecords {
      return this.#connection.#earlier(version).records;
    }

    flush(): void {
      this.#connection.#flush();
    }

    useRecordVersion(version: number): void {
      this.#connection.#outgoing.useRecordVersion(version);
    }

    useSealing(sealing: Sealing): void {
      this.#connection.#outgoing.useSealing(sealing);
      this.#connection.#writeEpoch = "application";
    }

    trace(event: TraceEvent): void {
      this.#connection.#trace(event);
    }
  };

  #protectSending(epoch: Epoch, cipherSuite: CipherSuite, secret: TrafficSecret): void {
    this.#flush();
    this.#outgoing.useKeys({ cipherSuite, secret });
    this.#writeEpoch = epoch;
    this.#traceKeys("sent", secret);
    if (epoch === "application" && this.#answersEarlyData) this.#sendHeld();
  }

  #closeRead(): void {
    this.#readClosed = true;
    this.#events.tell(() => this.#handlers.ended?.());
    if (!this.#writeClosed && this.#after?.sendsAfterEnd === false) {
      // RFC 5246 §7.2.1#close-answered: it is answered at once, and what waits is discarded.
      this.#outgoing.abandon();
      this.#closeWrite();
    }
    if (this.#writeClosed) this.#finish(undefined);
  }

  // What goes out.

  #closeWrite(): void {
    // A ticket that a store answers with later would come behind the end, and so would an answer.
    this.#stopBesides();
    this.#sendAlert(Alert.closeNotify);
    this.#writeClosed = true;
    this.#outgoing.andThen(() => {
      // Not if the connection failed before its turn came.
      if (this.#outgoing.closed) this.#events.tell(() => this.#handlers.sendEnded?.());
    });
  }

  #sendAlert(description: number): void {
    this.#flush();
    this.#outgoing.alert(description);
  }

  /** The handshake messages that were held back to share records. */
  #flush(): void {
    if (this.#flight.length === 0) return;
    const flight = concat(...this.#flight);
    this.#flight = [];
    // RFC 9846 §5.1#key-change-alignment-sent: keys change where a flight ends.
    this.#outgoing.send(ContentType.handshake, [flight]);
  }

  #drained(): void {
    this.#events.tell(() => {
      // More may have been sent since, by the callbacks before this one: then that will be told of.
      if (this.unsent === 0) this.#handlers.drained?.();
    });
  }

  // How it ends.

  /** Before TLS 1.3 a key can't be followed by another one: at its limit the connection ends, with its last record. */
  #exhausted(): void {
    if (this.#over) return;
    this.#outgoing.abandon();
    this.#sendAlert(Alert.closeNotify);
    this.#writeClosed = true;
    this.#finish(callerError("record_limit_reached", "the connection's keys have protected as much as they may"));
  }

  /**
   * RFC 9846 §6#error-ends, §6.2#closed-at-once, §6.2#named-alert, RFC 5246 §7.2.2#alert-sent: an error ends both directions;
   * the peer is told why. One record that isn't authentic is enough (RFC 9325 §4.4#integrity-limit).
   */
  #fail(error: unknown): void {
    if (this.#over) return;
    const tlsError = asTlsError(error);
    if (this.#mayGoOnSending(tlsError)) {
      this.#truncated(tlsError);
      return;
    }
    if (this.#isRenegotiating && tlsError.code === "closed_during_handshake") {
      // What came before is whole, as if no handshake had been begun.
      this.#flight = [];
      this.#closeRead();
      return;
    }
    this.#flight = [];
    this.#outgoing.abandon();
    const alert = alertFor(tlsError);
    if (alert !== undefined || tlsError.kind === "alert") this.#resumption?.failed?.();
    if (tlsError.kind === "timeout") this.#cancel();
    else if (alert !== undefined && !this.#outgoing.closed) this.#sendAlert(alert);
    this.#finish(tlsError);
  }

  /** A truncation is nothing that the peer did wrong, and what it is still to get may be what it waits for. */
  #mayGoOnSending({ kind }: TlsError): boolean {
    if (this.#info === undefined || this.#isRenegotiating) return false;
    return kind === "truncation" && this.#handlers.truncated !== undefined;
  }

  #truncated(error: TlsError): void {
    this.#readClosed = true;
    this.#incoming.forget();
    this.#events.tell(() => this.#handlers.truncated?.(error));
    if (this.#writeClosed) this.#finish(undefined);
  }

  /** RFC 9846 §6.1#canceled-then-closed, §6.1#close-sent: the handshake is given up, through no fault of the peer's. */
  #cancel(): void {
    this.#sendAlert(Alert.userCanceled);
    this.#sendAlert(Alert.closeNotify);
    this.#writeClosed = true;
  }

  #finish(error: TlsError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#outcome = error;
    this.#deadline = undefined;
    this.#held = [];
    this.#session.stop();
    this.#stopBesides();
    this.#incoming.forget();
    this.#earlyData.connectionOver();
    // Before its start a connection sends nothing, so that there is nothing to wait for.
    if (this.#started) this.#outgoing.andThen(() => this.#tellClosed());
    else this.#tellClosed();
  }

  /** Nothing can be sent any more, not even an alert. */
  #sealingFailed(error: unknown): void {
    if (!this.#over) {
      this.#fail(error);
      return;
    }
    // What was still to go out before the end never will.
    this.#outcome ??= asTlsError(error);
    this.#tellClosed();
  }

  #tellClosed(): void {
    this.#events.tell(() => {
      this.#outgoing.stop();
      // RFC 9846 §6#secrets-forgotten: those of a connection that failed; with its end all keys go. Not before the
      // application is told: it may be about to be told of the handshake, and to ask for keying material then.
      if (this.#outcome !== undefined) this.#exporter = this.#earlyExporter = undefined;
      this.#toldClosed = true;
      this.#handlers.closed(this.#outcome);
    });
  }

  // What is told.

  #trace(event: TraceEvent): void {
    if (this.#handlers.trace !== undefined) this.#events.tell(() => this.#handlers.trace?.(event));
  }

  #traceMessage(messageType: MessageType<unknown>, bytes: Uint8Array): void {
    if (this.#handlers.trace === undefined) return;
    this.#trace({ type: "message", direction: "sent", messageType, bytes, epoch: this.#writeEpoch });
  }

  #traceKeys(direction: "sent" | "received", secret: TrafficSecret): void {
    if (this.#handlers.trace === undefined) return;
    this.#trace({ type: "keys", direction, kind: secret.kind, generation: secret.generation });
  }
}

/** Whether the one is directly behind the other. */
function areAdjacent(one: Uint8Array, other: Uint8Array): boolean {
  return one.buffer === other.buffer && one.byteOffset + one.length === other.byteOffset;
}

const anAlert = expectation("one of Alert", (value) => Object.values<unknown>(Alert).includes(value));

/** RFC 9846 §6.2: what the peer is told of an error, if it is there to be told. */
function alertFor({ kind, alert }: TlsError): number | undefined {
  if (kind === "alert" || kind === "truncation" || kind === "timeout") return undefined;
  if (kind === "peer") return alert;
  // What our own application does wrong is its own affair.
  return alert ?? Alert.internalError;
}

/** Whatever failed, as an error of TLS: what isn't one is a failure of our own, and says nothing to the peer. */
function asTlsError(error: unknown): TlsError {
  if (error instanceof TlsError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new TlsError("internal", "internal_error", message, { alert: Alert.internalError, cause: error });
}
