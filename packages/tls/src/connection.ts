import { type CryptoProvider, Driver, type Steps } from "@tlskit/crypto";
import {
  type Epoch,
  type Established,
  type HandshakeIo,
  type Negotiated,
  type Received,
  received,
  receivePostHandshake,
} from "@tlskit/handshake";
import type { Exporter, TrafficSecret } from "@tlskit/keyschedule";
import { encodeMessage, KeyUpdate, MessageAssembler, type MessageLimits, type MessageType } from "@tlskit/messages";
import { ContentType, decodeAlert, type PlainRecord, RecordReader } from "@tlskit/record";
import {
  Alert,
  type AlertDescription,
  alertName,
  alertReceived,
  callerError,
  concat,
  peerError,
  TlsError,
} from "@tlskit/wire";
import { aBoolean, bytes as aUint8Array, check, expectation } from "@tlskit/wire/arguments";
import { checkHandlers } from "./expectations.ts";
import type { ConnectionHandlers } from "./handlers.ts";
import { maxIgnoredAlerts, maxKeyUpdatesInARow } from "./limits.ts";
import { Outgoing } from "./outgoing.ts";
import { recordKeys } from "./record-keys.ts";
import { Signal } from "./signal.ts";
import type { TraceEvent } from "./trace.ts";

/** What was negotiated and verified. */
export interface ConnectionInfo<Peer> extends Negotiated {
  readonly role: "client" | "server";
  /** What the peer's certificate was verified by; nothing for a client that showed none. */
  readonly peer: Peer;
}

/** What a connection needs of its context. */
export interface ConnectionSettings {
  readonly provider: CryptoProvider;
  /** Milliseconds since 1970, as `Date.now` gives them: for certificates' validity and the handshake's time. */
  readonly clock: () => number;
  /** Milliseconds that a handshake may take: 30,000 unless told otherwise. */
  readonly handshakeTimeout: number;
  /**
   * Bytes of content that a record of ours has at most: 64 to 2^14, which it is unless told otherwise. Small records
   * can be read before much has come, large ones cost less.
   */
  readonly recordSize: number;
  /** Bytes that a peer's messages may have. */
  readonly messageLimits: MessageLimits;
}

/** What a role brings: its handshake, and what of it the application is told. */
export interface Role<Evidence, Info> {
  readonly name: "client" | "server";
  handshake(io: HandshakeIo): Steps<Established<Evidence>>;
  info(established: Established<Evidence>): Info;
}

/**
 * A connection, sans-IO: handshake and record layer joined. Bytes and data go in by `receive`, `receiveEnd`, `send`,
 * `close`; what comes out is told by {@link ConnectionHandlers}; everything else is to be asked.
 */
export class Connection<Evidence, Info> {
  readonly #settings: ConnectionSettings;
  readonly #role: Role<Evidence, Info>;
  readonly #handlers: ConnectionHandlers<Info>;
  readonly #reader = new RecordReader();
  readonly #assembler: MessageAssembler;
  readonly #outgoing: Outgoing;
  readonly #arrival = new Signal();
  readonly #session: Driver<void>;

  /** Handshake messages on their way out, so that a flight shares records. */
  #flight: Uint8Array[] = [];
  /** Data that was given to `send` before there are keys for it. */
  #held: Uint8Array[] = [];
  /** Bytes of data in records that are sealed and not yet handed to `ciphertext`. */
  #sealed = 0;
  /** There once the handshake is done. */
  #info: Info | undefined;
  /** There from then on, until the connection fails. */
  #exporter: Exporter | undefined;
  #readEpoch: Epoch | "initial" = "initial";
  #writeEpoch: Epoch | "initial" = "initial";
  #deadline: number | undefined;
  #started = false;
  #transportEnded = false;
  #sawRecord = false;
  #readClosed = false;
  #writeClosed = false;
  #over = false;
  /** What `closed` will get. */
  #outcome: TlsError | undefined;
  /** `closed` was called: until then the application can't know that the connection is over. */
  #toldClosed = false;
  #ignoredAlerts = 0;
  #keyUpdatesInARow = 0;

  #events: (() => void)[] = [];
  #depth = 0;
  #delivering = false;

  constructor(settings: ConnectionSettings, role: Role<Evidence, Info>, handlers: ConnectionHandlers<Info>) {
    checkHandlers(handlers);
    this.#settings = settings;
    this.#role = role;
    this.#handlers = handlers;
    this.#assembler = new MessageAssembler(settings.messageLimits);
    this.#outgoing = new Outgoing(settings.provider, settings.recordSize, {
      record: (bytes, data) => {
        this.#sealed += data;
        this.#tell(() => {
          this.#sealed -= data;
          handlers.ciphertext(bytes);
        });
      },
      keyUpdate: (message, keys) => {
        this.#trace({
          type: "message",
          direction: "sent",
          messageType: KeyUpdate,
          bytes: message,
          epoch: "application",
        });
        this.#traceKeys("sent", keys.secret);
      },
      alert: (description) => this.#trace({ type: "alert", direction: "sent", description }),
      drained: () => this.#drained(),
      failed: (error) => this.#sealingFailed(error),
      resumed: () => this.#resumed(),
      settled: () => this.#settled(),
    });
    if (role.name === "client") this.#outgoing.legacyRecordVersion = 0x0301;
    this.#session = new Driver(this.#run(), {
      done: () => {},
      failed: (error) => this.#fail(error),
      resumed: () => this.#resumed(),
      settled: () => this.#settled(),
    });
  }

  // What goes in.

  /** Begins: a client sends its hello, a server waits for one. From here on the handshake's time runs. */
  start(): void {
    if (this.#started) throw callerError("started", "the connection has been started");
    if (this.#over) return;
    this.#started = true;
    this.#deadline = this.#settings.clock() + this.#settings.handshakeTimeout;
    this.#enter(() => {
      this.#outgoing.start();
      this.#session.start();
    });
  }

  /**
   * Bytes from the peer. They are kept as they are, also behind what is handed out, and never written to: they aren't to
   * be changed any more. A transport that reads into one buffer again and again gives copies.
   * @throws {TlsError} `invalid_argument`
   */
  receive(bytes: Uint8Array): void {
    check(bytes, "bytes", aUint8Array);
    // RFC 9846 §6.1#data-after-close: what comes after close_notify is ignored.
    if (this.#over || this.#readClosed) return;
    this.#reader.push(bytes);
    this.#enter(() => this.#arrival.ring());
  }

  /** The transport brings no more bytes. Without a `close_notify` before it, that is a truncation. */
  receiveEnd(): void {
    if (this.#over || this.#transportEnded) return;
    this.#transportEnded = true;
    this.#enter(() => this.#arrival.ring());
  }

  /**
   * Data for the peer, which may be changed when the call returns: what can't be sealed at once is copied. Before the
   * handshake is done it is kept; `unsent` tells how much. Where the connection is over
   * and `closed` is still to be called, it is dropped.
   * @throws {TlsError} `invalid_argument`; `closed` after `close`, or once `closed` was called
   */
  send(data: Uint8Array): void {
    check(data, "data", aUint8Array);
    this.#checkOpenForSending();
    if (data.length === 0 || this.#over) return;
    this.#enter(() => {
      if (this.#info === undefined) this.#held.push(Uint8Array.from(data));
      else this.#outgoing.send(ContentType.applicationData, data);
    });
  }

  /**
   * Sends no more: a `close_notify` goes out behind what was sent (RFC 9846 §6.1#close-sent). The peer may still send.
   * During the handshake it is given up.
   */
  close(): void {
    if (this.#writeClosed || this.#over) return;
    this.#enter(() => {
      if (this.#info === undefined) {
        this.#cancel();
        this.#finish(callerError("closed_during_handshake", "the connection was closed during the handshake"));
        return;
      }
      this.#sendAlert(Alert.closeNotify);
      this.#writeClosed = true;
      this.#outgoing.andThen(() => {
        // Not if the connection failed before its turn came.
        if (this.#outgoing.closed) this.#tell(() => this.#handlers.sendEnded?.());
      });
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
    check(description, "description", anAlert);
    if (description === Alert.closeNotify || description === Alert.userCanceled) {
      throw callerError("out_of_range", `a connection isn't aborted with ${alertName(description)}`);
    }
    if (this.#over) return;
    const message = `the application aborted the connection with ${alertName(description)}`;
    this.#enter(() => this.#fail(new TlsError("caller", "aborted", message, { alert: description })));
  }

  /** To be called at `deadline`, or whenever: ends a handshake that has taken too long. */
  checkDeadline(): void {
    if (this.#deadline === undefined || this.#settings.clock() < this.#deadline) return;
    const message = `the handshake took more than ${this.#settings.handshakeTimeout} ms`;
    this.#enter(() => this.#fail(new TlsError("timeout", "handshake_timeout", message)));
  }

  /**
   * RFC 9846 §4.7.3: goes over to new keys for sending.
   * @param request whether the peer is asked to do the same; while an earlier request has no answer it isn't asked again.
   * @throws {TlsError} `invalid_argument`, `not_established`, `closed`
   */
  updateKeys(request: boolean = false): void {
    check(request, "request", aBoolean);
    if (this.#info === undefined) throw callerError("not_established", "the handshake is not done");
    this.#checkOpenForSending();
    if (this.#over) return;
    this.#enter(() => this.#outgoing.updateKeys(request));
  }

  /** A call that came before `closed` is no mistake of the caller's: otherwise a peer could make its callbacks throw. */
  #checkOpenForSending(): void {
    if (this.#writeClosed || this.#toldClosed) throw callerError("closed", "the connection is closed for sending");
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
    return this.#reader.buffered;
  }

  /**
   * Keying material for the application, from exporter_secret (RFC 9846 §7.5#exporter-secret).
   * @param context used before the call returns, as is the label.
   * @param length bytes wanted.
   * @throws {TlsError} `not_established`, `closed` once the connection has failed, `out_of_range`, `not_ascii`
   */
  exportKeyingMaterial(label: string, context: Uint8Array, length: number): Uint8Array {
    if (this.#info === undefined) throw callerError("not_established", "the handshake is not done");
    if (this.#exporter === undefined) throw callerError("closed", "the connection has failed, and its secrets with it");
    return this.#exporter.export(label, context, length);
  }

  // The connection from its first byte to its last.

  *#run(): Steps<void> {
    const established = yield* this.#role.handshake(this.#io);
    this.#establish(established);
    const fromPeer = this.#role.name === "client" ? established.secrets.server : established.secrets.client;
    yield* this.#transfer(established, fromPeer);
  }

  #establish(established: Established<Evidence>): void {
    this.#flush();
    const info = this.#role.info(established);
    this.#info = info;
    this.#exporter = established.secrets.exporter;
    this.#deadline = undefined;
    this.#tell(() => this.#handlers.established?.(info));
    const held = this.#held;
    this.#held = [];
    for (const data of held) this.#outgoing.send(ContentType.applicationData, data);
  }

  /** After the handshake: data, tickets, key updates, and at last close_notify. */
  *#transfer(established: Established<Evidence>, firstSecret: TrafficSecret): Steps<void> {
    let secret = firstSecret;
    const { cipherSuite } = established.negotiated;
    for (;;) {
      const record = yield* this.#record();
      if (record.type === ContentType.applicationData) {
        // A record without data doesn't count: otherwise the two that carry nothing could take turns for ever.
        if (record.content.length === 0) continue;
        this.#keyUpdatesInARow = 0;
        this.#tell(() => this.#handlers.plaintext(record.content));
      } else if (record.type === ContentType.alert) {
        if (this.#alert(record.content) === "closed") return;
      } else {
        this.#assembler.push(record.content);
        while (!this.#assembler.isEmpty) {
          const received = yield* receivePostHandshake(this.#io, this.#role.name, cipherSuite, secret);
          if (received.type !== "keyUpdate") continue;
          secret = received.next;
          this.#keyUpdated(received.updateRequested);
        }
      }
    }
  }

  #keyUpdated(updateRequested: boolean): void {
    // RFC 9846 §4.7.3: what we asked for is owed to us, also by a peer that has nothing to say.
    if (this.#outgoing.peerUpdatedKeys(updateRequested)) return;
    this.#keyUpdatesInARow += 1;
    if (this.#keyUpdatesInARow > maxKeyUpdatesInARow) {
      throw peerError(
        "too_many_key_updates",
        Alert.unexpectedMessage,
        `the peer sent more than ${maxKeyUpdatesInARow} KeyUpdates that it wasn't asked for, with no data between them`,
      );
    }
  }

  readonly #io: HandshakeIo = {
    receive: (...accept) => this.#receiveMessage(accept),
    send: (type, message) => {
      const bytes = encodeMessage(type, message);
      this.#flight.push(bytes);
      this.#trace({ type: "message", direction: "sent", messageType: type, bytes, epoch: this.#writeEpoch });
      return bytes;
    },
    changeCipherSpec: () => {
      this.#flush();
      this.#outgoing.send(ContentType.changeCipherSpec, Uint8Array.of(1));
      this.#trace({ type: "changeCipherSpec", direction: "sent" });
    },
    endOfFlight: () => this.#assembler.checkNothingLeft("excess_handshake_data", "where the peer has to wait for us"),
    installRead: (epoch, cipherSuite, secret) => {
      this.#assembler.checkNothingLeft("message_spans_key_change", "where the peer's keys change");
      this.#reader.setKeys(recordKeys(this.#settings.provider, { cipherSuite, secret }));
      this.#readEpoch = epoch;
      this.#traceKeys("received", secret);
    },
    installWrite: (epoch, cipherSuite, secret) => {
      this.#flush();
      this.#outgoing.useKeys({ cipherSuite, secret });
      this.#writeEpoch = epoch;
      this.#traceKeys("sent", secret);
    },
    skipEarlyData: (limit) => this.#reader.skipEarlyData(limit),
  };

  *#receiveMessage<const Types extends readonly MessageType<unknown>[]>(accept: Types): Steps<Received<Types[number]>> {
    for (;;) {
      const found = this.#assembler.next(accept);
      if (found !== undefined) {
        const { type, bytes } = found;
        this.#trace({ type: "message", direction: "received", messageType: type, bytes, epoch: this.#readEpoch });
        return received(type, bytes);
      }
      const record = yield* this.#record();
      if (record.type === ContentType.handshake) this.#assembler.push(record.content);
      else if (record.type === ContentType.alert) this.#alertInHandshake(record.content);
      else throw this.#unexpectedData();
    }
  }

  #unexpectedData(): TlsError {
    return this.#info === undefined
      ? peerError(
          "early_application_data",
          Alert.unexpectedMessage,
          "application data came before the handshake was done",
        )
      : peerError(
          "interleaved_record",
          Alert.unexpectedMessage,
          "application data came in the middle of a handshake message",
        );
  }

  /** The next record. */
  *#record(): Steps<PlainRecord> {
    for (;;) {
      this.#reader.dropChangeCipherSpec = this.#mayGetChangeCipherSpec();
      const record = yield* this.#reader.next();
      if (record !== undefined) {
        this.#checkInterleaving(record);
        this.#sawRecord = true;
        return record;
      }
      if (this.#transportEnded) {
        const when = this.#info === undefined ? "during the handshake" : "without a close_notify";
        // RFC 9846 §6.1#end-of-data
        throw new TlsError("truncation", "truncated", `the stream ended ${when}`);
      }
      yield this.#arrival;
    }
  }

  /**
   * RFC 9846 §5#change-cipher-spec-dropped, §5#change-cipher-spec-time: between the first ClientHello and the peer's
   * Finished, and not inside a message (RFC 9846 §5.1#no-interleaving).
   */
  #mayGetChangeCipherSpec(): boolean {
    const begun = this.#role.name === "client" || this.#sawRecord;
    return begun && this.#readEpoch !== "application" && this.#assembler.isEmpty;
  }

  /** RFC 9846 §5.1#no-interleaving: no other record between the parts of a message. An error alert is heard nevertheless. */
  #checkInterleaving(record: PlainRecord): void {
    if (this.#assembler.isEmpty || record.type === ContentType.handshake) return;
    if (record.type === ContentType.alert) {
      const { description } = decodeAlert(record.content);
      if (description !== Alert.closeNotify && description !== Alert.userCanceled) return;
    }
    throw peerError(
      "interleaved_record",
      Alert.unexpectedMessage,
      "another record came in the middle of a handshake message",
    );
  }

  /** RFC 9846 §6: whether an alert ends the peer's data; one that ends everything is thrown. */
  #alert(content: Uint8Array): "closed" | "ignored" {
    const { description } = decodeAlert(content);
    this.#trace({ type: "alert", direction: "received", description });
    if (description === Alert.closeNotify) {
      this.#closeRead();
      return "closed";
    }
    // RFC 9846 §6.1: user_canceled is passed over; close_notify follows it. All others are errors, whatever their level
    // (RFC 9846 §6#levels, §6#unknown-is-error).
    if (description !== Alert.userCanceled) throw alertReceived(description);
    this.#ignoredAlerts += 1;
    if (this.#ignoredAlerts > maxIgnoredAlerts) {
      throw peerError(
        "too_many_alerts",
        Alert.unexpectedMessage,
        `the peer sent more than ${maxIgnoredAlerts} alerts that end nothing`,
      );
    }
    return "ignored";
  }

  #alertInHandshake(content: Uint8Array): void {
    const { description } = decodeAlert(content);
    if (description === Alert.closeNotify) {
      this.#trace({ type: "alert", direction: "received", description });
      throw new TlsError("alert", "closed_during_handshake", "the peer closed the connection during the handshake", {
        alert: description,
      });
    }
    this.#alert(content);
  }

  #closeRead(): void {
    this.#readClosed = true;
    this.#tell(() => this.#handlers.ended?.());
    if (this.#writeClosed) this.#finish(undefined);
  }

  // What goes out.

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
    this.#outgoing.send(ContentType.handshake, flight);
    // RFC 9846 §5.1#second-hello-version: 0x0301 is for the first ClientHello alone.
    this.#outgoing.andThen(() => {
      this.#outgoing.legacyRecordVersion = 0x0303;
    });
  }

  #drained(): void {
    this.#tell(() => {
      // More may have been sent since, by the callbacks before this one: then that will be told of.
      if (this.unsent === 0) this.#handlers.drained?.();
    });
  }

  // How it ends.

  /** RFC 9846 §6#error-ends, §6.2#closed-at-once, §6.2#named-alert: an error ends both directions; the peer is told why. */
  #fail(error: unknown): void {
    if (this.#over) return;
    const tlsError = asTlsError(error);
    if (this.#mayGoOnSending(tlsError)) {
      this.#truncated(tlsError);
      return;
    }
    this.#flight = [];
    this.#outgoing.abandon();
    const alert = alertFor(tlsError);
    if (tlsError.kind === "timeout") this.#cancel();
    else if (alert !== undefined && !this.#outgoing.closed) this.#sendAlert(alert);
    this.#finish(tlsError);
  }

  /** A truncation is nothing that the peer did wrong, and what it is still to get may be what it waits for. */
  #mayGoOnSending({ kind }: TlsError): boolean {
    return kind === "truncation" && this.#info !== undefined && this.#handlers.truncated !== undefined;
  }

  #truncated(error: TlsError): void {
    this.#readClosed = true;
    this.#reader.forget();
    this.#tell(() => this.#handlers.truncated?.(error));
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
    this.#reader.forget();
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
    this.#tell(() => {
      this.#outgoing.stop();
      // RFC 9846 §6#secrets-forgotten: those of a connection that failed; with its end all keys go. Not before the
      // application is told: it may be about to be told of the handshake, and to ask for keying material then.
      if (this.#outcome !== undefined) this.#exporter = undefined;
      this.#toldClosed = true;
      this.#handlers.closed(this.#outcome);
    });
  }

  // When callbacks run: when the step has settled, never inside it.

  #tell(call: () => void): void {
    this.#events.push(call);
  }

  #trace(event: TraceEvent): void {
    if (this.#handlers.trace !== undefined) this.#tell(() => this.#handlers.trace?.(event));
  }

  #traceKeys(direction: "sent" | "received", secret: TrafficSecret): void {
    this.#trace({ type: "keys", direction, kind: secret.kind, generation: secret.generation });
  }

  #enter(step: () => void): void {
    this.#resumed();
    try {
      step();
    } finally {
      this.#settled();
    }
  }

  #resumed(): void {
    this.#depth += 1;
  }

  #settled(): void {
    if (this.#depth === 1) this.#flush();
    this.#depth -= 1;
    if (this.#depth === 0) this.#deliver();
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    let next = 0;
    try {
      for (let event = this.#events[next]; event !== undefined; event = this.#events[next]) {
        next += 1;
        event();
      }
    } finally {
      // A handler that throws takes nothing from the ones behind it.
      this.#events = this.#events.slice(next);
      this.#delivering = false;
    }
  }
}

const anAlert = expectation("one of Alert", (value) => Object.values<unknown>(Alert).includes(value));

/** RFC 9846 §6.2: what the peer is told of an error, if it is there to be told. */
function alertFor({ kind, alert }: TlsError): number | undefined {
  if (kind === "alert" || kind === "truncation" || kind === "timeout") return undefined;
  // What our own application does wrong is its own affair.
  return alert ?? Alert.internalError;
}

/** Whatever failed, as an error of TLS: what isn't one is a failure of our own, and says nothing to the peer. */
function asTlsError(error: unknown): TlsError {
  if (error instanceof TlsError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new TlsError("internal", "internal_error", message, { alert: Alert.internalError, cause: error });
}
