import type { Steps } from "@tlskit/crypto";
import { type Epoch, type Received, received } from "@tlskit/handshake";
import { MessageAssembler, type MessageLimits, type MessageType } from "@tlskit/messages";
import {
  type Allocate,
  type ChangeCipherSpecPolicy,
  ContentType,
  decodeAlert,
  type Opening,
  type PlainRecord,
  type RecordKeys,
  RecordReader,
  tls13Opening,
} from "@tlskit/record";
import { Alert, alertReceived, peerError, TlsError } from "@tlskit/wire";
import { maxHelloRequests, maxIgnoredAlerts } from "./limits.ts";
import { Signal } from "./signal.ts";
import type { TraceEvent } from "./trace.ts";

/**
 * The receiving half of a connection: records and messages, each taken when it is asked for, and what may come between
 * them (RFC 9846 §5, §6).
 */
export class Incoming {
  readonly #role: "client" | "server";
  readonly #trace: ((event: TraceEvent) => void) | undefined;
  readonly #reader: RecordReader;
  readonly #assembler: MessageAssembler;
  readonly #arrival = new Signal();
  #epoch: Epoch | "initial" = "initial";
  #established = false;
  #sawRecord = false;
  #transportEnded = false;
  /** Whether it is waited for more bytes, and nothing else. */
  #waiting = false;
  #alertsInARow = 0;
  /** RFC 5246 §7.4.1.1: HelloRequest, at a client that may come to a version before TLS 1.3. */
  #passedOver: MessageType<unknown> | undefined;
  /** How many of them have come in this handshake. */
  #helloRequests = 0;
  /** Whether warnings end nothing: before TLS 1.3, and as long as it may come to that. */
  #toleratesWarnings: boolean;
  /** Before TLS 1.3, what becomes of a change_cipher_spec; nothing as long as the version isn't settled. */
  changeCipherSpec: ChangeCipherSpecPolicy | undefined;
  /** What becomes of data between the messages of a later handshake, as long as it may come. */
  #interleaved: ((content: Uint8Array) => void) | undefined;
  /** What becomes of early data, as long as it may come, and how many bytes of it are left. */
  #earlyData: { readonly tell: (content: Uint8Array) => void; left: number } | undefined;

  constructor(
    role: "client" | "server",
    messageLimits: MessageLimits,
    allocate: Allocate,
    trace: ((event: TraceEvent) => void) | undefined,
    mayBeEarlier: boolean,
  ) {
    this.#toleratesWarnings = mayBeEarlier;
    this.#role = role;
    this.#assembler = new MessageAssembler(messageLimits);
    this.#reader = new RecordReader(allocate);
    this.#trace = trace;
  }

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes);
  }

  release(memory: ArrayBufferLike): void {
    this.#reader.release(memory);
  }

  /** Goes on with what was pushed. */
  arrived(): void {
    this.#arrival.ring();
  }

  /** The transport brings no more bytes. */
  set transportEnded(ended: boolean) {
    this.#transportEnded = ended;
  }

  get transportEnded(): boolean {
    return this.#transportEnded;
  }

  /** Bytes that came and are not used yet. */
  get buffered(): number {
    return this.#reader.buffered;
  }

  /** Whether all that came has been used, to the last byte of a record and of a message. */
  get nothingIsLeft(): boolean {
    return this.#waiting && this.#reader.buffered === 0 && this.#assembler.isEmpty;
  }

  /** RFC 9846 §5.3: that of the next record. */
  get sequenceNumber(): number {
    return this.#reader.sequenceNumber;
  }

  /** The content of all records until now belongs to somebody else. */
  handedOut(): void {
    this.#reader.handedOut();
  }

  /** Nothing is read any more. */
  forget(): void {
    this.#reader.forget();
  }

  /** The handshake is done: application data may come. */
  established(): void {
    this.#established = true;
    this.#helloRequests = 0;
  }

  /**
   * RFC 5246 §7.4#hello-request-ignored, §7.4.1.1#not-hashed: passes messages of this type over wherever another one is waited for, as long as it may come
   * to a version before TLS 1.3: no handshake sees them, and no transcript has them.
   */
  passOver(type: MessageType<unknown>): void {
    this.#passedOver = type;
  }

  /** How many change_cipher_spec have come as if this were TLS 1.3. */
  get droppedChangeCipherSpecs(): number {
    return this.#reader.droppedChangeCipherSpecs;
  }

  /** RFC 9846 §5.1#key-change-alignment: messages end with the records in front of new keys. */
  checkNothingLeft(): void {
    this.#assembler.checkNothingLeft("message_spans_key_change", "where the peer's keys change");
  }

  /** Opens what comes from here on with these keys. */
  protect(epoch: Epoch, keys: RecordKeys): void {
    this.checkNothingLeft();
    this.#reader.protect(tls13Opening(keys, this.#epoch === "initial"));
    this.#epoch = epoch;
    this.#earlyData = undefined;
    this.#toleratesWarnings = false;
    this.#passedOver = undefined;
  }

  /** Opens what comes from here on as a version before TLS 1.3 does. */
  protectEarlier(opening: Opening): void {
    this.#reader.protect(opening);
    this.#epoch = "application";
    this.#interleaved = undefined;
  }

  /**
   * RFC 5246 §6.2.1#interleaved-data: what comes from here on is a later handshake, with data between its messages, until the
   * keys change: a Finished stands directly behind that (RFC 5246 §7.4.9).
   */
  interleave(tell: (content: Uint8Array) => void): void {
    this.#interleaved = tell;
  }

  endOfFlight(): void {
    this.#assembler.checkNothingLeft("excess_handshake_data", "where the peer has to wait for us");
  }

  /** RFC 9846 §4.3.10#accepted-records: what comes from here on is early data, until the keys change. */
  acceptEarlyData(keys: RecordKeys, limit: number, tell: (content: Uint8Array) => void): void {
    this.protect("early", keys);
    this.#earlyData = { tell, left: limit };
  }

  #takeEarlyData(content: Uint8Array, early: { readonly tell: (content: Uint8Array) => void; left: number }): void {
    early.left -= content.length;
    // RFC 9846 §4.7.1
    if (early.left < 0) {
      throw peerError("too_much_early_data", Alert.unexpectedMessage, "the client sent more early data than it may");
    }
    if (content.length > 0) early.tell(content);
  }

  skipEarlyData(limit: number): void {
    this.#reader.skipEarlyData(limit);
  }

  /** The next record. */
  *record(): Steps<PlainRecord> {
    for (;;) {
      const record = yield* this.recordUnless(() => false);
      if (record !== undefined) return record;
    }
  }

  /** The next record, or nothing where there is none and `isOver` says that it isn't to be waited for, now or at an `arrived`. */
  *recordUnless(isOver: () => boolean): Steps<PlainRecord | undefined> {
    for (;;) {
      this.#reader.changeCipherSpec = this.changeCipherSpec ?? (this.#mayGetChangeCipherSpec() ? "drop" : "refuse");
      const record = yield* this.#reader.next();
      if (record !== undefined) {
        this.#checkInterleaving(record);
        this.#sawRecord = true;
        // As in the reader, nothing is no progress: otherwise the two that carry nothing could take turns for ever.
        if (record.type !== ContentType.alert && record.content.length > 0) this.#alertsInARow = 0;
        return record;
      }
      if (this.#transportEnded) {
        const when = this.#established ? "without a close_notify" : "during the handshake";
        // RFC 9846 §6.1#end-of-data
        throw new TlsError("truncation", "truncated", `the stream ended ${when}`);
      }
      if (isOver()) return undefined;
      this.#waiting = true;
      yield this.#arrival;
      this.#waiting = false;
    }
  }

  /** Takes a part of handshake messages. */
  assemble(content: Uint8Array): void {
    this.#assembler.push(content);
  }

  /** Whether handshake messages are there, or a part of one. */
  get hasMessages(): boolean {
    return !this.#assembler.isEmpty;
  }

  /** The next handshake message, which is to be of one of these types. */
  *message<const Types extends readonly MessageType<unknown>[]>(accept: Types): Steps<Received<Types[number]>> {
    for (;;) {
      const passedOver = this.#passedOver === undefined || accept.includes(this.#passedOver) ? [] : [this.#passedOver];
      const found = this.#assembler.next([...accept, ...passedOver]);
      if (found !== undefined) {
        const { type, bytes } = found;
        this.#traceMessage(type, bytes);
        if (!passedOver.includes(type)) return received(type, bytes);
        this.#helloRequestCame();
        continue;
      }
      const record = yield* this.record();
      if (record.type === ContentType.handshake) this.#assembler.push(record.content);
      else if (record.type === ContentType.alert) this.alertInHandshake(record.content);
      else if (this.#earlyData !== undefined) this.#takeEarlyData(record.content, this.#earlyData);
      else this.dataInHandshake(record.content);
    }
  }

  /** Takes a part of messages that are passed over, where no other may come: whether it is nothing else. */
  passesOver(content: Uint8Array): boolean {
    const passedOver = this.#passedOver;
    if (passedOver === undefined) return false;
    this.#assembler.push(content);
    while (this.#assembler.nextType === passedOver.code) {
      const found = this.#assembler.next([passedOver]);
      if (found === undefined) return true;
      this.#traceMessage(found.type, found.bytes);
      this.#helloRequestCame();
    }
    return !this.hasMessages;
  }

  #traceMessage(messageType: MessageType<unknown>, bytes: Uint8Array): void {
    this.#trace?.({ type: "message", direction: "received", messageType, bytes, epoch: this.#epoch });
  }

  #helloRequestCame(): void {
    this.#helloRequests += 1;
    if (this.#helloRequests > maxHelloRequests) {
      throw peerError(
        "too_many_hello_requests",
        Alert.unexpectedMessage,
        `the server sent more than ${maxHelloRequests} HelloRequests in a handshake`,
      );
    }
  }

  /** Takes data that came in a handshake, if it may. */
  dataInHandshake(content: Uint8Array): void {
    if (this.#interleaved === undefined) {
      throw this.#established
        ? peerError(
            "interleaved_record",
            Alert.unexpectedMessage,
            "application data came in the middle of handshake messages",
          )
        : peerError(
            "early_application_data",
            Alert.unexpectedMessage,
            "application data came before the handshake was done",
          );
    }
    if (content.length > 0) this.#interleaved(content);
  }

  /**
   * RFC 9846 §5#change-cipher-spec-dropped, §5#change-cipher-spec-time: between the first ClientHello and the peer's
   * Finished, and not inside a message (RFC 9846 §5.1#no-interleaving).
   */
  #mayGetChangeCipherSpec(): boolean {
    const begun = this.#role === "client" || this.#sawRecord;
    return begun && this.#epoch !== "application" && this.#assembler.isEmpty;
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
  alert(content: Uint8Array): "closed" | "ignored" {
    const { level, description } = decodeAlert(content);
    this.#trace?.({ type: "alert", direction: "received", level, description });
    if (description === Alert.closeNotify) return "closed";
    // RFC 9846 §6.1: user_canceled is passed over; close_notify follows it. All others are errors, whatever their level
    // (RFC 9846 §6#levels, §6#unknown-is-error).
    // RFC 5246 §7.2.2#warning-not-taken: before TLS 1.3 whoever gets a warning may go on.
    const isWarning = this.#toleratesWarnings && level === warning;
    if (description !== Alert.userCanceled && !isWarning) throw alertReceived(description);
    this.#alertsInARow += 1;
    if (this.#alertsInARow > maxIgnoredAlerts) {
      throw peerError(
        "too_many_alerts",
        Alert.unexpectedMessage,
        `the peer sent more than ${maxIgnoredAlerts} alerts in a row that end nothing`,
      );
    }
    return "ignored";
  }

  alertInHandshake(content: Uint8Array): void {
    if (this.alert(content) === "ignored") {
      // RFC 5246 §7.2.2: what becomes of a connection whose peer wants no other handshake is for whoever has begun it to say.
      const isRefusal = this.#interleaved !== undefined && decodeAlert(content).description === Alert.noRenegotiation;
      if (isRefusal) throw alertReceived(Alert.noRenegotiation);
      return;
    }
    throw new TlsError("alert", "closed_during_handshake", "the peer closed the connection during the handshake", {
      alert: Alert.closeNotify,
    });
  }
}

/** RFC 5246 §7.2: the level of an alert that ends nothing. */
const warning = 1;
