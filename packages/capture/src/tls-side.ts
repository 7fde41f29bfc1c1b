import { runSync } from "@tlskit/crypto";
import { handshakeTypeName, MessageAssembler, type MessageType } from "@tlskit/messages";
import { ContentType, decodeAlert, type Opening, type PlainRecord, RecordReader } from "@tlskit/record";
import { callerError } from "@tlskit/wire";
import { maxWaitingBytes } from "./limits.ts";
import type { Moment } from "./moment.ts";
import type { TlsHappening, TlsSender } from "./tls-event.ts";

/** What one end did that changes how its records are read. */
export type TlsStep =
  | { readonly type: "message"; readonly messageType: MessageType<unknown> | undefined; readonly bytes: Uint8Array }
  | { readonly type: "changeCipherSpec" };

/** Lines of reading: they give nothing, and are resumed when there may be more to read. */
export type Lines<T> = Generator<undefined, T, undefined>;

/** What one end of a connection sends: bytes in, steps out; what is told on the way is told. */
export class TlsSide {
  readonly role: TlsSender;
  readonly #tell: (side: TlsSide, happening: TlsHappening) => void;
  readonly #reader = new RecordReader();
  readonly #assembler = new MessageAssembler();
  /** Which bytes came when: those up to `end`. Those in front of the first one that counts are of no interest any more. */
  #arrivals: { readonly end: number; readonly moment: Moment }[] = [];
  #first = 0;
  #pushed = 0;
  #records = 0;
  #encrypted = false;
  /** The messages that are known. */
  messageTypes: readonly MessageType<unknown>[];
  /** Whether application data is early data. */
  isEarly = false;

  constructor(
    role: TlsSender,
    messageTypes: readonly MessageType<unknown>[],
    tell: (side: TlsSide, happening: TlsHappening) => void,
  ) {
    this.role = role;
    this.messageTypes = messageTypes;
    this.#tell = tell;
    // Which version it is, and so whether it means anything, isn't the reader's to know.
    this.#reader.changeCipherSpec = "expect";
  }

  push(bytes: Uint8Array, moment: Moment): void {
    this.#pushed += bytes.length;
    this.#arrivals.push({ end: this.#pushed, moment });
    this.#reader.push(bytes);
  }

  /** @throws {TlsError} `too_much_waits` */
  checkWaiting(): void {
    if (this.#reader.buffered > maxWaitingBytes) {
      throw callerError("too_much_waits", `more than ${maxWaitingBytes} bytes wait for what the other end says`);
    }
  }

  /** Bytes that were pushed and are not read yet. */
  get waiting(): number {
    return this.#reader.buffered;
  }

  /** Records that were read, or were about to be when something was wrong. */
  get records(): number {
    return this.#records;
  }

  /** When what was read last came, with its last byte. */
  get moment(): Moment {
    const read = this.#pushed - this.#reader.buffered;
    let arrival = this.#arrivals[this.#first];
    while (arrival !== undefined && arrival.end < read && this.#first < this.#arrivals.length - 1) {
      this.#first += 1;
      arrival = this.#arrivals[this.#first];
    }
    // In batches: to copy the rest each time would take quadratic time.
    if (this.#first > 1024) {
      this.#arrivals = this.#arrivals.slice(this.#first);
      this.#first = 0;
    }
    return arrival?.moment ?? { packet: 0, at: undefined };
  }

  /** Reads in this way from here on. */
  protect(opening: Opening): void {
    this.#reader.protect(opening);
    this.#encrypted = true;
  }

  /** Passes over protected records up to the first that can be read. */
  passOver(limit: number): void {
    this.#reader.skipEarlyData(limit);
  }

  forget(): void {
    this.#reader.forget();
    this.#arrivals = this.#arrivals.slice(-1);
    this.#first = 0;
  }

  /** The next step. Alerts and data in front of it are told. */
  *step(): Lines<TlsStep> {
    for (;;) {
      const message = this.#assembler.nextOfAny(this.messageTypes);
      if (message !== undefined) {
        const { type: messageType, bytes } = message;
        const name = messageType?.name ?? handshakeTypeName(bytes[0] ?? 0);
        this.#tell(this, { type: "message", name, messageType, bytes, encrypted: this.#encrypted });
        return { type: "message", messageType, bytes };
      }
      const { type, content } = yield* this.#record();
      switch (type) {
        case ContentType.changeCipherSpec:
          this.#tell(this, { type: "changeCipherSpec" });
          return { type: "changeCipherSpec" };
        case ContentType.alert:
          this.#tell(this, { type: "alert", ...decodeAlert(content) });
          break;
        case ContentType.applicationData:
          this.#tell(this, { type: "data", bytes: content, early: this.isEarly });
          break;
        case ContentType.handshake:
          this.#assembler.push(content);
      }
    }
  }

  *#record(): Lines<PlainRecord> {
    for (;;) {
      this.#records += 1;
      const record = runSync(this.#reader.next());
      if (record !== undefined) return record;
      this.#records -= 1;
      yield undefined;
    }
  }
}
