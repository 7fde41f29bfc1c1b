import type { Steps } from "@tlskit/crypto";
import { Alert, ByteQueue, peerError, TlsError } from "@tlskit/wire";
import { aNumber, bytes as aUint8Array, check } from "@tlskit/wire/arguments";
import { ContentType, contentTypeName, isContentType } from "./content-type.ts";
import { maxCiphertextLength, maxPlaintextLength, maxUselessRecords, recordHeaderLength } from "./limits.ts";
import { Opener, type PlainRecord, type RecordKeys, recordOverflow, unexpectedRecord } from "./protection.ts";

/**
 * The receiving half of the record layer: bytes in, records out. Records are opened with the keys that are installed
 * when they are asked for, so that nothing needs to know in advance where keys change.
 */
export class RecordReader {
  readonly #input = new ByteQueue();
  #opener: Opener | undefined;
  #anyOpened = false;
  #uselessRecords = 0;
  #earlyDataLeft: number | undefined;

  /**
   * Whether an unprotected change_cipher_spec is dropped or refused: dropped between the first ClientHello and the
   * peer's Finished (RFC 9846 §5#change-cipher-spec-dropped, §5#change-cipher-spec-time).
   */
  dropChangeCipherSpec = false;

  /**
   * Adds bytes from the peer. They are kept as they are, also behind the content of unprotected records, and never
   * written to: they aren't to be changed any more.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  push(bytes: Uint8Array): void {
    check(bytes, "bytes", aUint8Array);
    this.#input.push(bytes);
  }

  /** Bytes that were pushed and are not used yet. */
  get buffered(): number {
    return this.#input.length;
  }

  /** Drops what was pushed and isn't used, and the keys: nothing is read any more. */
  forget(): void {
    this.#input.clear();
    this.#opener = undefined;
  }

  /** Protects what comes from here on. */
  setKeys(keys: RecordKeys): void {
    this.#opener = new Opener(keys);
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
   * @throws {TlsError} `unexpected_record`, `record_overflow`, `bad_record_mac`, `too_many_useless_records`, `too_much_early_data`
   */
  *next(): Steps<PlainRecord | undefined> {
    for (;;) {
      const record = this.#takeRecord();
      if (record === undefined) return undefined;
      const plain = yield* this.#unprotect(record);
      if (plain === undefined) continue;
      if (plain.content.length === 0) this.#useless();
      else this.#uselessRecords = 0;
      return plain;
    }
  }

  /** A whole record, header included, whose header makes sense. */
  #takeRecord(): Uint8Array | undefined {
    const input = this.#input;
    if (input.length === 0) return undefined;
    const type = input.at(0);
    // RFC 9846 §5.1#version-ignored: legacy_record_version is ignored for all purposes, so the type alone tells TLS from other things.
    if (!isContentType(type)) throw unexpectedRecord(`a record of type ${contentTypeName(type)}`);
    if (input.length < recordHeaderLength) return undefined;
    const length = (input.at(3) << 8) | input.at(4);
    // RFC 9846 §5.1#length-checked, §5.2#length-checked
    const maxLength = type === ContentType.applicationData ? maxCiphertextLength : maxPlaintextLength;
    if (length > maxLength) {
      throw recordOverflow(`a ${contentTypeName(type)} record has ${length} bytes, at most ${maxLength} are allowed`);
    }
    return input.length < recordHeaderLength + length ? undefined : input.take(recordHeaderLength + length);
  }

  *#unprotect(record: Uint8Array): Steps<PlainRecord | undefined> {
    const type = record[0] ?? 0;
    const content = record.subarray(recordHeaderLength);
    if (type === ContentType.changeCipherSpec) {
      this.#checkChangeCipherSpec(content);
      return undefined;
    }
    if (type === ContentType.applicationData) {
      if (this.#opener !== undefined) return yield* this.#open(this.#opener, record);
      if (this.#skips(record)) return undefined;
      throw unexpectedRecord("application data before there are keys for it");
    }
    if (this.#opener !== undefined && (type !== ContentType.alert || this.#anyOpened)) {
      throw unexpectedRecord(`an unprotected ${contentTypeName(type)} record where protected ones were expected`);
    }
    // An unprotected alert is let through as long as nothing protected came, whatever keys there are: the peer may have
    // failed before it had any. Later it would be anybody's, and a forged close_notify would pass for an orderly end.
    if (content.length === 0) throw unexpectedRecord(`an empty ${contentTypeName(type)} record`);
    // RFC 9846 §4.3.10: after a HelloRetryRequest, early data ends with the second ClientHello.
    if (this.#opener === undefined) this.#earlyDataLeft = undefined;
    return { type: type === ContentType.alert ? ContentType.alert : ContentType.handshake, content, padding: 0 };
  }

  *#open(opener: Opener, record: Uint8Array): Steps<PlainRecord | undefined> {
    try {
      const plain = yield* opener.open(record);
      this.#anyOpened = true;
      this.#earlyDataLeft = undefined;
      return plain;
    } catch (error) {
      if (error instanceof TlsError && error.code === "bad_record_mac" && this.#skips(record)) return undefined;
      throw error;
    }
  }

  /** Whether a record that can't be opened is early data to be passed over. */
  #skips(record: Uint8Array): boolean {
    if (this.#earlyDataLeft === undefined) return false;
    this.#earlyDataLeft -= record.length;
    if (this.#earlyDataLeft >= 0) return true;
    // RFC 9846 §4.3.10: as for early data that is accepted.
    throw peerError(
      "too_much_early_data",
      Alert.unexpectedMessage,
      "the peer sent more early data than is passed over",
    );
  }

  #checkChangeCipherSpec(content: Uint8Array): void {
    if (!this.dropChangeCipherSpec) throw unexpectedRecord("a change_cipher_spec record at the wrong time");
    // RFC 9846 §5#change-cipher-spec-checked
    if (content.length !== 1 || content[0] !== 1)
      throw unexpectedRecord("a change_cipher_spec record that isn't one byte 01");
    this.#useless();
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
