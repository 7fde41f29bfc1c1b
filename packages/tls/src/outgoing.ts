import { type CryptoProvider, Driver, type Steps, wait } from "@tlskit/crypto";
import type { TrafficSecret } from "@tlskit/keyschedule";
import { encodeMessage, KeyUpdate, KeyUpdateRequest } from "@tlskit/messages";
import {
  type AlertMessage,
  type Allocate,
  ContentType,
  decodeAlert,
  encodeAlert,
  newBuffer,
  type RecordPadding,
  RecordWriter,
  type Sealing,
  tls13Sealing,
  unprotectedSealing,
} from "@tlskit/record";
import { Alert, ByteQueue, callerError } from "@tlskit/wire";
import { maxKeyUpdatesSent } from "./limits.ts";
import { type DirectionKeys, recordKeys } from "./record-keys.ts";
import { Signal } from "./signal.ts";
import type { DirectionState } from "./traffic-secrets.ts";

/** Content that becomes as many records as it needs. */
interface ContentJob {
  readonly type: "content";
  readonly contentType: ContentType;
  /** What isn't sealed yet. */
  readonly content: ByteQueue;
}

/** Something to be done in the order in which it was asked for (RFC 5246 §6.2.1#order). */
type Job =
  | ContentJob
  /** Without keys: records are unprotected again. */
  | { readonly type: "keys"; readonly keys: DirectionKeys | undefined }
  /** What a version before TLS 1.3 protects with. */
  | { readonly type: "sealing"; readonly sealing: Sealing }
  | { readonly type: "keyUpdate"; readonly request: boolean }
  /** Handshake messages that depend on the secret that they are protected with, of so many bytes. */
  | { readonly type: "underKeys"; readonly length: number; readonly make: (secret: TrafficSecret) => Uint8Array }
  | { readonly type: "alert"; readonly description: number }
  | { readonly type: "then"; readonly call: () => void };

function isData(job: Job | undefined): job is ContentJob {
  return job?.type === "content" && job.contentType === ContentType.applicationData;
}

/** RFC 9846 §5.1#version-sent: what unprotected records say their version is, and what a first ClientHello's says. */
const [legacyRecordVersion, firstRecordVersion] = [0x0303, 0x0301];

/** What the sending half tells. */
export interface OutgoingHandlers {
  /**
   * Whole records.
   * @param data bytes of application data in them.
   */
  records(bytes: Uint8Array, data: number): void;
  /** A KeyUpdate was sent and its keys are in use. */
  keyUpdate(message: Uint8Array, keys: DirectionKeys): void;
  alert(alert: AlertMessage): void;
  drained(): void;
  /** The keys may seal one more record, and there are no others to come. */
  exhausted(): void;
  failed(error: unknown): void;
  resumed(): void;
  settled(): void;
}

/** What the sending half needs of a context. */
export interface OutgoingSettings {
  readonly provider: CryptoProvider;
  /** Bytes of content that a record has at most. */
  readonly recordSize: number;
  readonly recordPadding?: RecordPadding | undefined;
  readonly allocate?: Allocate | undefined;
}

/**
 * The sending half of a connection: what is to be sent, sealed one after the other, however late an AEAD answers. It
 * owns the write keys, so that a KeyUpdate falls exactly where the keys change; and it knows what KeyUpdates were asked
 * for, since only when a record's turn comes is it clear what the peer has asked until then.
 */
export class Outgoing {
  readonly #provider: CryptoProvider;
  /** Bytes of content that a record has at most; of what isn't sealed yet too. */
  recordSize: number;
  readonly #recordPadding: RecordPadding | undefined;
  readonly #handlers: OutgoingHandlers;
  readonly #writer: RecordWriter;
  readonly #work = new Signal();
  readonly #driver: Driver<void>;
  #jobs: Job[] = [];
  #next = 0;
  #unsent = 0;
  /** TLS 1.3's. */
  #keys: DirectionKeys | undefined;
  #protected = false;
  /** What unprotected records say their version is, behind the first ClientHello's. */
  #recordVersion = legacyRecordVersion;
  /** RFC 9846 §4.7.3: the peer asked for a KeyUpdate, and none has gone since. */
  #answerOwed = false;
  /** RFC 9846 §4.7.3: the peer was asked for a KeyUpdate, and none has come since. */
  #updateAsked = false;
  #closed = false;
  /** Whether nothing is under way, so that what is added is done at once. */
  #idle = false;
  /** Steps that are under way in which data is only collected. */
  #holds = 0;
  /** What was sent last in them: data that follows directly shares its records. */
  #collected: ContentJob | undefined;

  constructor(
    { provider, recordSize, recordPadding, allocate = newBuffer }: OutgoingSettings,
    role: "client" | "server",
    handlers: OutgoingHandlers,
  ) {
    this.#provider = provider;
    this.recordSize = recordSize;
    this.#recordPadding = recordPadding;
    this.#handlers = handlers;
    this.#writer = new RecordWriter(allocate);
    // RFC 9846 §5.1#second-hello-version: it is for the first ClientHello alone.
    if (role === "client") this.#writer.protect(unprotectedSealing(firstRecordVersion));
    this.#driver = new Driver(this.#loop(), {
      done: () => {},
      failed: (error) => handlers.failed(error),
      resumed: () => handlers.resumed(),
      settled: () => handlers.settled(),
    });
  }

  start(): void {
    this.#driver.start();
  }

  /** Whether a close_notify has gone or is being sealed: nothing may follow it. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Bytes of application data that are not sealed yet. */
  get unsent(): number {
    return this.#unsent;
  }

  /**
   * @param pieces of the content, in order, which may be changed when the call returns: what can't be sealed at once is
   * copied.
   */
  send(contentType: ContentType, pieces: readonly Uint8Array[]): void {
    const last = this.#holds > 0 ? this.#jobs.at(-1) : undefined;
    const isOpen = contentType === ContentType.applicationData && isData(last) && last === this.#collected;
    const job: ContentJob = isOpen ? last : { type: "content", contentType, content: new ByteQueue() };
    if (this.#holds > 0) this.#collected = job;
    const soon = this.#idle && this.#holds === 0;
    for (const piece of pieces) {
      if (contentType === ContentType.applicationData) this.#unsent += piece.length;
      job.content.push(soon ? piece : Uint8Array.from(piece));
    }
    if (!isOpen) this.#jobs.push(job);
    if (this.#holds === 0) this.#work.ring();
    if (soon) for (const piece of pieces) job.content.own(piece.buffer);
  }

  /** Whether there is nothing to be sent: no job, and no answer that the peer asked for. */
  get nothingIsDue(): boolean {
    return this.#idle && this.#jobs.length === 0 && this.#holds === 0 && !this.#answerDue();
  }

  /** How far it has come; nothing without keys. */
  get state(): DirectionState | undefined {
    return this.#keys && { keys: this.#keys, sequenceNumber: this.#writer.sequenceNumber };
  }

  /** Collects the data that is sent during this step, so that small pieces share records. */
  collect(step: () => void): void {
    this.#holds += 1;
    try {
      step();
    } finally {
      this.#holds -= 1;
      if (this.#holds === 0) {
        this.#collected = undefined;
        this.#work.ring();
      }
    }
  }

  /** To be called while records are unprotected, and nothing waits to be sent. */
  useRecordVersion(version: number): void {
    this.#recordVersion = version;
    if (!this.#protected) this.#writer.protect(unprotectedSealing(version));
  }

  useKeys(keys: DirectionKeys): void {
    this.#add({ type: "keys", keys });
  }

  /** Goes over to what a version before TLS 1.3 protects with, which has no key updates. */
  useSealing(sealing: Sealing): void {
    this.#add({ type: "sealing", sealing });
  }

  /** RFC 9846 §4.2.4: a second ClientHello isn't protected, though early data in front of it was. */
  useNoKeys(): void {
    this.#add({ type: "keys", keys: undefined });
  }

  /** @param request whether the peer is asked to do the same, unless an earlier request has no answer yet. */
  updateKeys(request: boolean): void {
    this.#add({ type: "keyUpdate", request });
  }

  /**
   * Handshake messages that depend on the secret that they are protected with: none but they are between the first and the
   * last of them.
   * @param length bytes of what `make` gives, when its turn has come.
   */
  sendUnderKeys(length: number, make: (secret: TrafficSecret) => Uint8Array): void {
    this.#add({ type: "underKeys", length, make });
  }

  /**
   * The peer has updated its keys. If it asks for an answer, that goes before the next data.
   * @returns whether it was asked to: one KeyUpdate for each request of ours.
   */
  peerUpdatedKeys(answerRequested: boolean): boolean {
    const asked = this.#updateAsked;
    this.#updateAsked = false;
    this.#answerOwed ||= answerRequested;
    return asked;
  }

  alert(description: number): void {
    this.#add({ type: "alert", description });
  }

  /** Calls when everything before has been handed over; at once if nothing more can be, since sealing has failed. */
  andThen(call: () => void): void {
    if (this.#driver.finished) call();
    else this.#add({ type: "then", call });
  }

  /** Sends no more, and drops what it sent with. */
  stop(): void {
    this.#driver.stop();
    this.#writer.forget();
    this.#keys = undefined;
    this.#jobs = [];
    this.#next = 0;
  }

  /**
   * RFC 9846 §6.2#closed-at-once: after a fatal error no more data is sent, and no answer that waits for its keys. A
   * close_notify that waits is dropped with it: it would tell the peer that nothing is missing.
   */
  abandon(): void {
    this.#jobs = this.#jobs.slice(this.#next).filter(({ type }) => type !== "alert" && type !== "underKeys");
    this.#next = 0;
    // Not taken out, since one may be under way.
    for (const job of this.#jobs) if (isData(job)) job.content.clear();
    this.#unsent = 0;
  }

  #add(job: Job): void {
    this.#jobs.push(job);
    this.#work.ring();
  }

  *#loop(): Steps<void> {
    for (;;) {
      const job = this.#jobs[this.#next];
      if (job === undefined) {
        this.#jobs = [];
        this.#next = 0;
        this.#idle = true;
        yield this.#work;
        this.#idle = false;
        continue;
      }
      // Content stays in the queue until all of it is sealed: more may be added, or it may be dropped, meanwhile.
      if (job.type === "content") {
        yield* this.#content(job);
        if (job.content.length === 0) this.#next += 1;
        continue;
      }
      if (job.type === "underKeys") {
        if (this.#lacksRoom(job.length)) yield* this.#updateKeys(false);
        // It may have been abandoned meanwhile.
        if (this.#jobs[this.#next] === job) this.#jobs[this.#next] = this.#handshakeContent(job.make);
        continue;
      }
      this.#next += 1;
      if (job.type === "keyUpdate") yield* this.#updateKeys(job.request);
      else if (job.type === "keys") this.#install(job.keys);
      else if (job.type === "sealing") this.#protect(job.sealing);
      else if (job.type === "alert") yield* this.#alert(job.description);
      else job.call();
    }
  }

  #handshakeContent(make: (secret: TrafficSecret) => Uint8Array): ContentJob {
    if (this.#keys === undefined) throw callerError("no_keys", "there are no keys to protect messages with");
    const content = new ByteQueue();
    content.push(make(this.#keys.secret));
    return { type: "content", contentType: ContentType.handshake, content };
  }

  /** A buffer full of records. */
  *#content(job: ContentJob): Steps<void> {
    const { contentType, content } = job;
    if (!isData(job)) {
      if (contentType === ContentType.handshake && this.#lacksRoom(content.length)) yield* this.#updateKeys(false);
      const { bytes, sealed } = this.#writer.records(contentType, content, this.recordSize);
      yield* wait(sealed);
      this.#handlers.records(bytes, 0);
      if (!this.#protected) this.#writer.protect(unprotectedSealing(this.#recordVersion));
      return;
    }
    if (this.#keys === undefined && this.#writer.recordsLeft <= 1) {
      this.#handlers.exhausted();
      return;
    }
    // Asked again behind each update, since the peer may have asked for another one meanwhile.
    while (this.#updateDue()) yield* this.#updateKeys(false);
    if (content.length === 0) return;
    const mostRecords = this.#writer.recordsLeft - 1;
    const { bytes, taken, sealed } = this.#writer.records(contentType, content, this.recordSize, mostRecords);
    yield* wait(sealed);
    this.#handlers.records(bytes, taken);
    this.#unsent = Math.max(0, this.#unsent - taken);
    if (this.#unsent === 0) this.#handlers.drained();
  }

  /**
   * RFC 9846 §5.5#limits: messages after the handshake go under keys that are good for all of them, and for the KeyUpdate
   * behind them: none may come between their parts.
   */
  #lacksRoom(length: number): boolean {
    const records = Math.ceil(length / this.recordSize);
    return this.#writer.recordsLeft <= records + 1 && this.#keys?.secret.kind.endsWith(" application") === true;
  }

  /** Whether the keys have to be updated before the next data. */
  #updateDue(): boolean {
    // RFC 9846 §5.5#limits: the keys are updated before they reach their limit. Their last record is the KeyUpdate.
    return (this.#keys !== undefined && this.#writer.recordsLeft <= 1) || this.#answerDue();
  }

  #answerDue(): boolean {
    // RFC 9846 §4.7.3#answered: one answer serves all requests that came while we were silent. A record that is being
    // sealed when a request comes goes out in front of the answer.
    // RFC 9846 §4.7.3#answer-limit: a request is ignored when no more updates are allowed.
    return this.#answerOwed && (this.#keys?.secret.generation ?? 0) < maxKeyUpdatesSent;
  }

  *#alert(description: number): Steps<void> {
    if (description === Alert.closeNotify) this.#closed = true;
    const alert = encodeAlert(description);
    this.#handlers.records(yield* this.#writer.record(ContentType.alert, alert), 0);
    this.#handlers.alert(decodeAlert(alert));
  }

  /** RFC 9846 §4.7.3#old-keys, §4.7.3#sender-next-keys: tells the peer with the old keys, and goes over to the new ones. */
  *#updateKeys(request: boolean): Steps<void> {
    const keys = this.#keys;
    if (keys === undefined) throw callerError("no_keys", "there are no keys to be updated");
    // RFC 9846 §4.7.3#update-limit
    if (keys.secret.generation >= maxKeyUpdatesSent) {
      throw callerError("too_many_key_updates", `at most ${maxKeyUpdatesSent} key updates may be sent`);
    }
    // RFC 9846 §4.7.3#one-request
    const asks = request && !this.#updateAsked;
    // RFC 9846 §4.7.3#answered: any update_not_requested is an answer to what has come, and none to what comes from here on.
    if (!asks) this.#answerOwed = false;
    const { updateRequested, updateNotRequested } = KeyUpdateRequest;
    const message = encodeMessage(KeyUpdate, { requestUpdate: asks ? updateRequested : updateNotRequested });
    this.#handlers.records(yield* this.#writer.record(ContentType.handshake, message), 0);
    // Not before it is on its way: a KeyUpdate that comes earlier answers nothing.
    if (asks) this.#updateAsked = true;
    const next = { ...keys, secret: keys.secret.next() };
    this.#install(next);
    this.#handlers.keyUpdate(message, next);
  }

  #protect(sealing: Sealing): void {
    this.#writer.protect(sealing);
    this.#protected = true;
  }

  #install(keys: DirectionKeys | undefined): void {
    this.#keys = keys;
    this.#protected = keys !== undefined;
    this.#writer.protect(
      keys === undefined
        ? unprotectedSealing(this.#recordVersion)
        : tls13Sealing(recordKeys(this.#provider, keys), this.#recordPadding),
    );
  }
}
