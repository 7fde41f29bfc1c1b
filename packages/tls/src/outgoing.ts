import { type CipherSuite, suitePrimitives } from "@tlskit/ciphersuites";
import { type CryptoProvider, Driver, type Steps } from "@tlskit/crypto";
import type { TrafficSecret } from "@tlskit/keyschedule";
import { encodeMessage, KeyUpdate, KeyUpdateRequest } from "@tlskit/messages";
import { ContentType, fragments, type RecordKeys, RecordWriter } from "@tlskit/record";
import { callerError } from "@tlskit/wire";
import { maxKeyUpdatesSent } from "./limits.ts";
import { Signal } from "./signal.ts";

/** What protects the records of a direction. */
export interface DirectionKeys {
  readonly cipherSuite: CipherSuite;
  readonly secret: TrafficSecret;
}

/** RFC 9846 §7.3: a direction's record keys. */
export function recordKeys(provider: CryptoProvider, { cipherSuite, secret }: DirectionKeys): RecordKeys {
  const { aead } = suitePrimitives(provider, cipherSuite);
  return { aead, ...secret.keys(aead.keyLength, aead.nonceLength), recordLimit: cipherSuite.recordLimit };
}

/** Something to be done in the order in which it was asked for. */
type Job =
  | { readonly type: "record"; readonly contentType: ContentType; readonly content: Uint8Array }
  | { readonly type: "keys"; readonly keys: DirectionKeys }
  | { readonly type: "keyUpdate"; readonly request: boolean }
  | { readonly type: "then"; readonly call: () => void };

/** What the sending half tells. */
export interface OutgoingHandlers {
  record(bytes: Uint8Array): void;
  /** A KeyUpdate was sent and its keys are in use. */
  keyUpdate(message: Uint8Array, keys: DirectionKeys): void;
  drained(): void;
  failed(error: unknown): void;
  resumed(): void;
  settled(): void;
}

/**
 * The sending half of a connection: what is to be sent, sealed one after the other, however late an AEAD answers. It
 * owns the write keys, so that a KeyUpdate falls exactly where the keys change.
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

  /** Bytes of application data that are not sealed yet. */
  get unsent(): number {
    return this.#unsent;
  }

  /** RFC 9846 §5.1: what unprotected records say their version is. */
  set legacyRecordVersion(version: number) {
    this.#writer.legacyRecordVersion = version;
  }

  send(contentType: ContentType, content: Uint8Array): void {
    if (contentType === ContentType.applicationData) this.#unsent += content.length;
    for (const fragment of fragments(content, this.#recordSize))
      this.#jobs.push({ type: "record", contentType, content: fragment });
    this.#work.ring();
  }

  useKeys(keys: DirectionKeys): void {
    this.#add({ type: "keys", keys });
  }

  updateKeys(request: boolean): void {
    this.#add({ type: "keyUpdate", request });
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

  /** RFC 9846 §6.2: after a fatal error no more data is sent. */
  dropApplicationData(): void {
    this.#jobs = this.#jobs
      .slice(this.#next)
      .filter((job) => !(job.type === "record" && job.contentType === ContentType.applicationData));
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
      this.#next += 1;
      if (job.type === "record") yield* this.#record(job.contentType, job.content);
      else if (job.type === "keyUpdate") yield* this.#updateKeys(job.request);
      else if (job.type === "keys") this.#install(job.keys);
      else job.call();
    }
  }

  *#record(contentType: ContentType, content: Uint8Array): Steps<void> {
    const isData = contentType === ContentType.applicationData;
    // RFC 9846 §5.5#limits: an update before the limit is reached; the last record that the key may seal tells of it.
    if (isData && this.#writer.recordsLeft <= 1) yield* this.#updateKeys(false);
    this.#handlers.record(yield* this.#writer.record(contentType, content));
    if (!isData) return;
    this.#unsent = Math.max(0, this.#unsent - content.length);
    if (this.#unsent === 0) this.#handlers.drained();
  }

  /** RFC 9846 §4.7.3#old-keys, §4.7.3#sender-next-keys: tells the peer with the old keys, and goes over to the new ones. */
  *#updateKeys(request: boolean): Steps<void> {
    const keys = this.#keys;
    if (keys === undefined) throw callerError("no_keys", "there are no keys to be updated");
    // RFC 9846 §4.7.3#update-limit, §4.7.3#answer-limit
    if (keys.secret.generation >= maxKeyUpdatesSent) {
      throw callerError("too_many_key_updates", `at most ${maxKeyUpdatesSent} key updates may be sent`);
    }
    const { updateRequested, updateNotRequested } = KeyUpdateRequest;
    const message = encodeMessage(KeyUpdate, { requestUpdate: request ? updateRequested : updateNotRequested });
    this.#handlers.record(yield* this.#writer.record(ContentType.handshake, message));
    const next = { ...keys, secret: keys.secret.next() };
    this.#install(next);
    this.#handlers.keyUpdate(message, next);
  }

  #install(keys: DirectionKeys): void {
    this.#keys = keys;
    this.#writer.setKeys(recordKeys(this.#provider, keys));
  }
}
