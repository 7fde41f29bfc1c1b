import { type CryptoProvider, Driver, type HashFunction, type Random, type Steps } from "@tlskit/crypto";
import { asciiBytes, callerError, concat, TlsError } from "@tlskit/wire";
import type { Endpoint } from "../network/endpoint.ts";
import { Bell } from "./bell.ts";
import type { Protection } from "./protection.ts";
import type { Script } from "./script.ts";

/** The data that a scripted peer sends when the handshake is done: what the other side has to deliver, and nothing else. */
export const scriptedData: Uint8Array = asciiBytes("what the scripted peer has to say");

/** RFC 9846 §5.1, RFC 5246 §6.2.1. */
export const RecordType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

/** What every scripted peer is given. */
export interface ScriptedPeerOptions {
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** Bytes for the other side. */
  readonly ciphertext: (bytes: Uint8Array) => void;
  /** It sends no more: the transport is to be closed in its direction. */
  readonly ended?: () => void;
}

/** A piece of content can have this many bytes in a record (RFC 9846 §5.1). */
const fragmentLength = 2 ** 14;

/**
 * What all scripted peers have in common: it does its steps, waits where they say so, keeps the transcript, and notes what
 * comes. It checks nothing.
 */
export abstract class ScriptedPeer implements Endpoint {
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** All handshake messages of both sides until now, headers included (RFC 9846 §4.1). */
  transcript: Uint8Array[] = [];

  readonly #ciphertext: (bytes: Uint8Array) => void;
  readonly #ended: () => void;
  readonly #bell = new Bell();
  readonly #driver: Driver<void>;
  #started = false;
  #steps: (() => Steps<void>)[] = [];
  #flight: Uint8Array[] = [];
  #input: Uint8Array = new Uint8Array(0);
  #inputEnded = false;
  #outputEnded = false;
  #messages: Uint8Array = new Uint8Array(0);
  #read: Protection | undefined;
  #write: Protection | undefined;

  readonly #names: string[] = [];
  readonly #data: Uint8Array[] = [];
  #alert: number | undefined;
  readonly #warnings: number[] = [];
  #closeNotify = false;
  #unreadable = 0;
  #failure: unknown;

  protected constructor(options: ScriptedPeerOptions) {
    this.provider = options.provider;
    this.random = options.random;
    this.#ciphertext = options.ciphertext;
    this.#ended = options.ended ?? (() => {});
    this.#driver = new Driver(this.#main(), {
      done: () => {},
      failed: (error) => {
        if (!(error instanceof TlsError && error.code === "other_side_gave_up")) this.#failure = error;
      },
    });
  }

  // As an endpoint.

  receive(bytes: Uint8Array): void {
    this.#input = concat(this.#input, bytes);
    this.#bell.ring();
  }

  receiveEnd(): void {
    this.#inputEnded = true;
    this.#bell.ring();
  }

  /** A scripted peer waits for ever. */
  readonly deadline: number | undefined = undefined;

  checkDeadline(): void {}

  // What came of it.

  /** The error alert that the other side sent: not `close_notify` and `user_canceled`. */
  get alert(): number | undefined {
    return this.#alert;
  }

  /** The alerts of warning level that the other side sent, but for those (RFC 5246 §7.2). */
  get warnings(): readonly number[] {
    return this.#warnings;
  }

  /** Whether the other side sent `close_notify`. */
  get closeNotify(): boolean {
    return this.#closeNotify;
  }

  /** The data that the other side sent. */
  get data(): Uint8Array {
    return concat(...this.#data);
  }

  /** The names of the handshake messages that the other side sent, in order. */
  get messages(): readonly string[] {
    return this.#names;
  }

  /** How many of the other side's records could not be opened. */
  get unreadableRecords(): number {
    return this.#unreadable;
  }

  /** What stopped the script, if it was not the other side: a step that can't be done, a failing provider. */
  get failure(): unknown {
    return this.#failure;
  }

  // What it does.

  /** Does these steps, behind those that it was given before. */
  protected enqueue(steps: readonly (() => Steps<void>)[]): void {
    this.#steps.push(...steps);
    if (this.#started) this.#bell.ring();
  }

  /** Begins with the steps that it was given. */
  start(): void {
    if (this.#started) throw callerError("started", "the scripted peer has been started");
    this.#started = true;
    this.#driver.start();
  }

  *#main(): Steps<void> {
    for (;;) {
      const next = this.#steps.shift();
      if (next !== undefined) {
        yield* next();
        continue;
      }
      yield* this.flush();
      if (!(yield* this.#pull())) yield this.#bell;
    }
  }

  /** Notes a handshake message from the other side; answers with its name. Keys change here, before more is read. */
  protected abstract observe(code: number, message: Uint8Array): Steps<string>;

  /** Notes a change_cipher_spec from the other side. */
  protected observeChangeCipherSpec(): void {}

  /** Waits until the other side has sent so many messages of this name. */
  *untilReceived(name: string, count: number = 1): Steps<void> {
    yield* this.flush();
    while (this.#names.filter((seen) => seen === name).length < count) {
      if (yield* this.#pull()) continue;
      if (this.#inputEnded) throw gaveUp();
      yield this.#bell;
    }
  }

  // What steps are made of: sending.

  /** A handshake message to be sent with its flight; it counts in the transcript from now on. */
  queue(message: Uint8Array): void {
    this.transcript.push(message);
    this.#flight.push(message);
  }

  /** A handshake message to be sent that does not count in the transcript: one that comes after the handshake. */
  queueUncounted(message: Uint8Array): void {
    this.#flight.push(message);
  }

  /** Sends the handshake messages that are queued, in as few records as they take. */
  *flush(): Steps<void> {
    const flight = concat(...this.#flight);
    this.#flight = [];
    for (let offset = 0; offset < flight.length; offset += fragmentLength) {
      yield* this.record(RecordType.handshake, flight.subarray(offset, offset + fragmentLength));
    }
  }

  /** The queued handshake messages, for a step that sends them in its own way. */
  takeFlight(): Uint8Array {
    const flight = concat(...this.#flight);
    this.#flight = [];
    return flight;
  }

  /** Sends a record under the keys in use, if there are any. */
  *record(type: number, content: Uint8Array, padding: number = 0): Steps<void> {
    yield* this.flush();
    if (this.#write === undefined) this.unprotected(type, content);
    else this.raw(yield* this.#write.seal(type, content, padding));
  }

  /** A protected record that is not sent: for a step that spoils it. */
  *sealed(type: number, content: Uint8Array): Steps<Uint8Array> {
    yield* this.flush();
    if (this.#write === undefined) throw callerError("no_keys", "there are no keys to protect a record with");
    return yield* this.#write.seal(type, content, 0);
  }

  /** Sends a record without protection, whatever keys are in use. */
  unprotected(type: number, content: Uint8Array): void {
    this.raw(concat(Uint8Array.of(type, 3, 3, content.length >> 8, content.length & 0xff), content));
  }

  /** Sends bytes. */
  raw(bytes: Uint8Array): void {
    if (!this.#outputEnded) this.#ciphertext(bytes);
  }

  /** Ends the stream in this direction, without a word; what is sent afterwards is not. */
  endStream(): void {
    if (this.#outputEnded) return;
    this.#outputEnded = true;
    this.#ended();
  }

  // What steps are made of: keys.

  /** The transcript's, which the cipher suite names. */
  abstract get hash(): HashFunction;

  /** RFC 9846 §4.1, RFC 5246 §7.4.9: the hash of the transcript until now. */
  get transcriptHash(): Uint8Array {
    return this.hash.digest(concat(...this.transcript));
  }

  /** What comes from here on is opened with this. */
  protected openWith(protection: Protection): void {
    this.#read = protection;
  }

  /** What is sent from here on is sealed with this. */
  protected *sealWith(protection: Protection): Steps<void> {
    yield* this.flush();
    this.#write = protection;
  }

  // What comes.

  /** Takes one record, if one is there whole. */
  *#pull(): Steps<boolean> {
    const length = 5 + (((this.#input[3] ?? 0) << 8) | (this.#input[4] ?? 0));
    if (this.#input.length < 5 || this.#input.length < length) return false;
    const record = this.#input.slice(0, length);
    this.#input = this.#input.slice(length);
    yield* this.#take(record);
    return true;
  }

  *#take(record: Uint8Array): Steps<void> {
    const [type = 0] = record;
    if (type === RecordType.changeCipherSpec) return this.observeChangeCipherSpec();
    const isProtected = type === RecordType.applicationData || this.#read?.covers(type) === true;
    if (!isProtected) return yield* this.#content(type, record.subarray(5));
    const opened = this.#read && (yield* this.#read.open(record));
    if (opened !== undefined) yield* this.#content(opened.type, opened.content);
    else this.#unreadable += 1;
  }

  *#content(type: number, content: Uint8Array): Steps<void> {
    if (type === RecordType.applicationData) this.#data.push(content);
    else if (type === RecordType.alert) this.#noteAlert(content[0] ?? 2, content[1] ?? 255);
    else if (type === RecordType.handshake) yield* this.#noteMessages(content);
  }

  #noteAlert(level: number, description: number): void {
    if (description === 0) this.#closeNotify = true;
    if (description === 0 || description === 90) return;
    if (level === 1) {
      this.#warnings.push(description);
      return;
    }
    this.#alert = description;
    throw gaveUp();
  }

  *#noteMessages(content: Uint8Array): Steps<void> {
    this.#messages = concat(this.#messages, content);
    for (;;) {
      const [code = 0, high = 0, middle = 0, low = 0] = this.#messages;
      const length = 4 + ((high << 16) | (middle << 8) | low);
      if (this.#messages.length < 4 || this.#messages.length < length) return;
      const message = this.#messages.slice(0, length);
      this.#messages = this.#messages.slice(length);
      this.#names.push(yield* this.observe(code, message));
    }
  }
}

/** The other side has ended the connection; what is left of the script is of no interest. */
function gaveUp(): TlsError {
  return callerError("other_side_gave_up", "the other side has ended the connection");
}

/** Steps bound to the peer that does them. */
export function bound<P extends ScriptedPeer>(peer: P, script: Script<P>): readonly (() => Steps<void>)[] {
  return script.map(
    ({ run }) =>
      () =>
        run(peer),
  );
}
