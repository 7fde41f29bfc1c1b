import { type Steps, wait } from "@tlskit/crypto";
import { Alert, ByteQueue, peerError, TlsError } from "@tlskit/wire";
import { aNumber, bytes as aUint8Array, check } from "@tlskit/wire/arguments";
import { type Allocate, newBuffer } from "./allocate.ts";
import { ContentType, contentTypeName, isContentType } from "./content-type.ts";
import { anOpening } from "./expectations.ts";
import { recordOverflow, unexpectedRecord, unknownRecordType } from "./failures.ts";
import { bufferSize, maxUselessRecords, recordHeaderLength } from "./limits.ts";
import { mayBeOtherProtocol } from "./other-protocols.ts";
import type { OpenedRecord, Opening } from "./protection.ts";
import { unprotectedOpening } from "./unprotected.ts";

/** A record without its protection. */
export interface PlainRecord {
  readonly type: ContentType;
  readonly content: Uint8Array;
}

/** What becomes of a change_cipher_spec that comes. */
export type ChangeCipherSpecPolicy = "drop" | "expect" | "refuse";

/**
 * The receiving half of the record layer: bytes in, records out. Records are opened by what is installed when they are
 * asked for, so that nothing needs to know in advance where keys change.
 */
export class RecordReader {
  readonly #allocate: Allocate;
  readonly #input = new ByteQueue();
  readonly #header = new Uint8Array(recordHeaderLength);
  #opening: Opening = unprotectedOpening;
  /** Whether the stream has begun as a stream of records does. */
  #begun = false;
  /** Where content is written, one record's behind the other's, and how much of it is used. */
  #buffer: Uint8Array = new Uint8Array(0);
  #filled = 0;
  #uselessRecords = 0;
  #earlyDataLeft: number | undefined;

  /**
   * What becomes of a change_cipher_spec. TLS 1.3 has it, which is in the clear, dropped between the first ClientHello and the peer's
   * Finished (RFC 9846 §5#change-cipher-spec-dropped, §5#change-cipher-spec-time), and refused otherwise; before TLS 1.3 it is
   * expected at one place, and given as a record: one of a later handshake is protected.
   */
  changeCipherSpec: ChangeCipherSpecPolicy = "refuse";
  #droppedChangeCipherSpecs = 0;

  /** @param allocate where content is written. */
  constructor(allocate: Allocate = newBuffer) {
    this.#allocate = allocate;
  }

  /**
   * Adds bytes from the peer. They are kept as they are, and never written to: they aren't to be changed any more, unless
   * their memory is released.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  push(bytes: Uint8Array): void {
    check(bytes, "bytes", aUint8Array);
    this.#input.push(bytes);
  }

  /** Copies what is still needed of what was pushed out of this memory, which may be written to from here on. */
  release(memory: ArrayBufferLike): void {
    this.#input.own(memory);
  }

  /** Bytes that were pushed and are not used yet. */
  get buffered(): number {
    return this.#input.length;
  }

  /** How many change_cipher_spec have been dropped: as long as the version isn't known one may come too early. */
  get droppedChangeCipherSpecs(): number {
    return this.#droppedChangeCipherSpecs;
  }

  /** RFC 9846 §5.3: that of the next record under the installed key; 0 without one. */
  get sequenceNumber(): number {
    return this.#opening.sequenceNumber;
  }

  /** Drops what was pushed and isn't used, and the keys: nothing is read any more. */
  forget(): void {
    this.#input.clear();
    this.handedOut();
    this.protect(unprotectedOpening);
  }

  /**
   * Reads in this way from here on. What was used before is disposed of.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  protect(opening: Opening): void {
    check(opening, "opening", anOpening);
    this.#opening.dispose();
    this.#opening = opening;
  }

  /**
   * The content of all records until now belongs to somebody else: what comes next is written to a buffer of its own.
   * Without that, content of the records that are there together lies together, end to end.
   */
  handedOut(): void {
    this.#buffer = noBytes;
    this.#filled = 0;
  }

  /**
   * RFC 9846 §4.3.10: the client has sent early data that is not accepted. Its records are dropped: until keys are
   * installed, every protected one; then every one that can't be opened, up to the first that can.
   * @param limit bytes of them at most, headers included; one more is `too_much_early_data`.
   */
  skipEarlyData(limit: number): void {
    check(limit, "limit", aNumber);
    this.#earlyDataLeft = limit;
  }

  /**
   * The next record, without its protection; nothing if it is not there whole.
   * @throws {TlsError} `unexpected_record`, `unknown_record_type`, `record_overflow`, `bad_record_mac`, `too_many_useless_records`,
   * `too_much_early_data`; for a stream that begins as something else than TLS what that is: `ssl_2_client_hello`,
   * `ssl_2_server_hello`, `http_request`, `http_proxy_request`, `http_response`, `ssh_identification`, `smtp_greeting`, `imap_greeting`, `pop3_greeting`
   */
  *next(): Steps<PlainRecord | undefined> {
    for (;;) {
      const length = this.#bodyLength();
      if (length === undefined) return undefined;
      const plain = yield* this.#unprotect(length);
      if (plain === undefined) continue;
      if (plain.content.length === 0) this.#useless();
      // Alerts between them move nothing forward either, and have a limit of their own.
      else if (plain.type !== ContentType.alert) this.#uselessRecords = 0;
      return plain;
    }
  }

  /** Bytes of the next record's body, if it is there whole and its header makes sense. */
  #bodyLength(): number | undefined {
    const input = this.#input;
    if (input.length === 0) return undefined;
    const type = input.at(0);
    // RFC 9846 §5.1#version-ignored, RFC 5246 §E.1#record-version, RFC 8996 §4#record-version: legacy_record_version is ignored for all purposes, so the type alone tells TLS from other things.
    if (!isContentType(type)) {
      if (!this.#begun && mayBeOtherProtocol(input)) return undefined;
      throw unknownRecordType(type);
    }
    this.#begun = true;
    if (input.length < recordHeaderLength) return undefined;
    const length = lengthAt(input, 0);
    // RFC 9846 §5.1#length-checked, §5.2#length-checked
    const maxLength = this.#opening.maxBody(type);
    if (length > maxLength) {
      throw recordOverflow(`a ${contentTypeName(type)} record has ${length} bytes, at most ${maxLength} are allowed`);
    }
    return input.length < recordHeaderLength + length ? undefined : length;
  }

  *#unprotect(length: number): Steps<PlainRecord | undefined> {
    const at = this.#room(length);
    const header = this.#input.takeInto(recordHeaderLength, this.#header, 0);
    if (header !== this.#header) this.#header.set(header);
    // What is opened later lies in memory of our own: the input's may be released meanwhile.
    const body = this.#opening.synchronous
      ? this.#input.takeInto(length, this.#buffer, at)
      : this.#input.takeCopy(length, this.#buffer, at);
    const type = this.#header[0] ?? 0;
    if (type === ContentType.changeCipherSpec) {
      if (this.changeCipherSpec === "refuse") throw unexpectedRecord("a change_cipher_spec record at the wrong time");
      if (!this.#opening.accepts(type)) return this.#changeCipherSpecInTheClear(body, at);
    }
    if (!isContentType(type) || !this.#opening.accepts(type)) {
      if (type !== ContentType.applicationData) {
        throw unexpectedRecord(`an unprotected ${contentTypeName(type)} record where protected ones were expected`);
      }
      if (this.#skips(length)) return undefined;
      throw unexpectedRecord("application data before there are keys for it");
    }
    const buffer = this.#buffer;
    const opened = yield* this.#open(body, at);
    if (opened === undefined) return undefined;
    if (opened.type === ContentType.changeCipherSpec) checkChangeCipherSpec(buffer.subarray(at, at + opened.length));
    this.#filled = at + opened.length;
    // RFC 9846 §4.3.10: early data ends with the first record that can be read: after a HelloRetryRequest the second
    // ClientHello. An alert in the clear may have been sent before.
    if (type !== ContentType.alert) this.#earlyDataLeft = undefined;
    return { type: opened.type, content: buffer.subarray(at, this.#filled) };
  }

  *#open(body: Uint8Array, at: number): Steps<OpenedRecord | undefined> {
    try {
      return yield* wait(this.#opening.open(this.#header, body, this.#buffer, at));
    } catch (error) {
      if (error instanceof TlsError && error.code === "bad_record_mac" && this.#skips(body.length)) return undefined;
      throw error;
    }
  }

  /** Where the next record's body has room: behind the last one's content, or in a new buffer for all that are there. */
  #room(length: number): number {
    const isShared = this.#opening.synchronous;
    if (!isShared || this.#filled + length > this.#buffer.length) {
      this.#buffer = this.#allocate(isShared ? this.#bodiesLength(length) : length, "content");
      this.#filled = 0;
    }
    return this.#filled;
  }

  /** Bytes of the bodies of the whole records that are there, as far as they go into one buffer, the first one in any case. */
  #bodiesLength(first: number): number {
    const input = this.#input;
    let [offset, bodies, length] = [0, 0, first];
    do {
      bodies += length;
      offset += recordHeaderLength + length;
      if (offset + recordHeaderLength > input.length) break;
      length = lengthAt(input, offset);
    } while (offset + recordHeaderLength + length <= input.length && bodies + length <= bufferSize);
    return bodies;
  }

  /** Whether a record that can't be opened is early data to be passed over. */
  #skips(bodyLength: number): boolean {
    if (this.#earlyDataLeft === undefined) return false;
    this.#earlyDataLeft -= recordHeaderLength + bodyLength;
    if (this.#earlyDataLeft >= 0) return true;
    // RFC 9846 §4.3.10: as for early data that is accepted.
    throw peerError(
      "too_much_early_data",
      Alert.unexpectedMessage,
      "the peer sent more early data than is passed over",
    );
  }

  #changeCipherSpecInTheClear(body: Uint8Array, at: number): PlainRecord | undefined {
    checkChangeCipherSpec(body);
    if (this.changeCipherSpec === "expect") {
      this.#buffer[at] = 1;
      this.#filled = at + 1;
      return { type: ContentType.changeCipherSpec, content: this.#buffer.subarray(at, this.#filled) };
    }
    this.#droppedChangeCipherSpecs += 1;
    this.#useless();
    return undefined;
  }

  #useless(): void {
    this.#uselessRecords += 1;
    if (this.#uselessRecords > maxUselessRecords) {
      throw peerError(
        "too_many_useless_records",
        Alert.unexpectedMessage,
        `the peer sent more than ${maxUselessRecords} records in a row that carry nothing`,
      );
    }
  }
}

const noBytes = new Uint8Array(0);

/** RFC 9846 §5#change-cipher-spec-checked, RFC 5246 §7.1 */
function checkChangeCipherSpec(content: Uint8Array): void {
  if (content.length !== 1 || content[0] !== 1) {
    throw unexpectedRecord("a change_cipher_spec record that isn't one byte 01");
  }
}

/** The length in a header that begins there. */
function lengthAt(input: ByteQueue, offset: number): number {
  return (input.at(offset + 3) << 8) | input.at(offset + 4);
}
