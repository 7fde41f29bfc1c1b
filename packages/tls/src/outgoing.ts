import { type CryptoProvider, Driver, type Steps } from "@tlskit/crypto";
import { encodeMessage, KeyUpdate, KeyUpdateRequest } from "@tlskit/messages";
import { ContentType, encodeAlert, fragments, RecordWriter } from "@tlskit/record";
import { Alert, callerError } from "@tlskit/wire";
import { maxKeyUpdatesSent } from "./limits.ts";
import { type DirectionKeys, recordKeys } from "./record-keys.ts";
import { Signal } from "./signal.ts";

interface RecordJob {
  readonly type: "record";
  readonly contentType: ContentType;
  readonly content: Uint8Array;
}

/** Something to be done in the order in which it was asked for. */
type Job =
  | RecordJob
  | { readonly type: "keys"; readonly keys: DirectionKeys }
  | { readonly type: "keyUpdate"; readonly request: boolean }
  | { readonly type: "alert"; readonly description: number }
  | { readonly type: "then"; readonly call: () => void };

function isData(job: Job): boolean {
  return job.type === "record" && job.contentType === ContentType.applicationData;
}

/** What the sending half tells. */
export interface OutgoingHandlers {
  /** @param data bytes of application data in it. */
  record(bytes: Uint8Array, data: number): void;
  /** A KeyUpdate was sent and its keys are in use. */
  keyUpdate(message: Uint8Array, keys: DirectionKeys): void;
  alert(description: number): void;
  drained(): void;
  failed(error: unknown): void;
  resumed(): void;
  settled(): void;
}

/**
 * The sending half of a connection: what is to be sent, sealed one after the other, however late an AEAD answers. It
 * owns the write keys, so that a KeyUpdate falls exactly where the keys change; and it knows what KeyUpdates were asked
 * for, since only when a record's turn comes is it clear what the peer has asked until then.
 */
export class Outgoing {
  readonly #provider: CryptoProvider;
  readonly #recordSize: number;
  readonly #handlers: OutgoingHandlers;
  readonly #writer = new RecordWriter();
  readonly #work = new Signal();
  readonly #driver: Driver<void>;
  #jobs: Job[] = [];
  #next = 0;
  #unsent = 0;
  #keys: DirectionKeys | undefined;
  /** RFC 9846 §4.7.3: the peer asked for a KeyUpdate, and none has gone since. */
  #answerOwed = false;
  /** RFC 9846 §4.7.3: the peer was asked for a KeyUpdate, and none has come since. */
  #updateAsked = false;
  #closed = false;

  constructor(provider: CryptoProvider, recordSize: number, handlers: OutgoingHandlers) {
    this.#provider = provider;
    this.#recordSize = recordSize;
    this.#handlers = handlers;
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

  /** RFC 9846 §5.1: what unprotected records say their version is. */
  set legacyRecordVersion(version: number) {
    this.#writer.legacyRecordVersion = version;
  }

  /** @param content which may be changed when the call returns. */
  send(contentType: ContentType, content: Uint8Array): void {
    if (contentType === ContentType.applicationData) this.#unsent += content.length;
    const records = [...fragments(content, this.#recordSize)].map(
      (fragment): RecordJob => ({ type: "record", contentType, content: fragment }),
    );
    this.#jobs.push(...records);
    this.#work.ring();
    this.#copyWaiting(records.length);
  }

  /** Those of the jobs added last that still wait, for an AEAD that is busy, get bytes of their own. */
  #copyWaiting(added: number): void {
    for (let at = Math.max(this.#next, this.#jobs.length - added); at < this.#jobs.length; at += 1) {
      const job = this.#jobs[at];
      if (job?.type === "record") this.#jobs[at] = { ...job, content: Uint8Array.from(job.content) };
    }
  }

  useKeys(keys: DirectionKeys): void {
    this.#add({ type: "keys", keys });
  }

  /** @param request whether the peer is asked to do the same, unless an earlier request has no answer yet. */
  updateKeys(request: boolean): void {
    this.#add({ type: "keyUpdate", request });
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
   * RFC 9846 §6.2#closed-at-once: after a fatal error no more data is sent. A close_notify that waits is dropped with it:
   * it would tell the peer that nothing is missing.
   */
  abandon(): void {
    this.#jobs = this.#jobs.slice(this.#next).filter((job) => job.type !== "alert" && !isData(job));
    this.#next = 0;
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
        yield this.#work;
        continue;
      }
      // The job stays in the queue while the keys are updated, since abandon() may drop it meanwhile. Then this is asked
      // again, since the peer may have asked for another update.
      if (isData(job) && this.#updateDue()) {
        yield* this.#updateKeys(false);
        continue;
      }
      this.#next += 1;
      if (job.type === "record") yield* this.#record(job.contentType, job.content);
      else if (job.type === "keyUpdate") yield* this.#updateKeys(job.request);
      else if (job.type === "keys") this.#install(job.keys);
      else if (job.type === "alert") yield* this.#alert(job.description);
      else job.call();
    }
  }

  *#record(contentType: ContentType, content: Uint8Array): Steps<void> {
    const data = contentType === ContentType.applicationData ? content.length : 0;
    this.#handlers.record(yield* this.#writer.record(contentType, content), data);
    if (data === 0) return;
    this.#unsent = Math.max(0, this.#unsent - data);
    if (this.#unsent === 0) this.#handlers.drained();
  }

  /** Whether the keys have to be updated before the next data. */
  #updateDue(): boolean {
    // RFC 9846 §5.5#limits: the keys are updated before they reach their limit. Their last record is the KeyUpdate.
    if (this.#writer.recordsLeft <= 1) return true;
    // RFC 9846 §4.7.3#answered: one answer serves all requests that came while we were silent. A record that is being
    // sealed when a request comes goes out in front of the answer.
    // RFC 9846 §4.7.3#answer-limit: a request is ignored when no more updates are allowed.
    return this.#answerOwed && (this.#keys?.secret.generation ?? 0) < maxKeyUpdatesSent;
  }

  *#alert(description: number): Steps<void> {
    if (description === Alert.closeNotify) this.#closed = true;
    this.#handlers.record(yield* this.#writer.record(ContentType.alert, encodeAlert(description)), 0);
    this.#handlers.alert(description);
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
    this.#handlers.record(yield* this.#writer.record(ContentType.handshake, message), 0);
    // Not before it is on its way: a KeyUpdate that comes earlier answers nothing.
    if (asks) this.#updateAsked = true;
    const next = { ...keys, secret: keys.secret.next() };
    this.#install(next);
    this.#handlers.keyUpdate(message, next);
  }

  #install(keys: DirectionKeys): void {
    this.#keys = keys;
    this.#writer.setKeys(recordKeys(this.#provider, keys));
  }
}
