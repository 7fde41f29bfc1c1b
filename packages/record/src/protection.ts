import { type Aead, type AeadAlgorithm, CryptoError, type Steps, wait } from "@tlskit/crypto";
import { Alert, callerError, peerError, type TlsError } from "@tlskit/wire";
import { aNumber, bytes, check } from "@tlskit/wire/arguments";
import { type ContentType, contentTypeName, isContentType, ContentType as types } from "./content-type.ts";
import { checkContent, checkKeys } from "./expectations.ts";
import { maxCiphertextLength, maxPlaintextLength, recordHeaderLength } from "./limits.ts";
import { Nonces } from "./nonces.ts";

/**
 * What protects the records of one direction: an AEAD, its key and IV (RFC 9846 §7.3). A provider may keep the key as it
 * is: it isn't to be changed while it is in use.
 */
export interface RecordKeys {
  readonly aead: AeadAlgorithm;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  /** How many records may be sealed with the key (RFC 9846 §5.5). */
  readonly recordLimit: number;
}

/** A record without its protection. */
export interface PlainRecord {
  readonly type: ContentType;
  readonly content: Uint8Array;
  /** Zero bytes that came behind the content. */
  readonly padding: number;
}

/** The header of a protected record (RFC 9846 §5.2), which is also what the AEAD authenticates beside the content. */
function protectedHeader(length: number): Uint8Array {
  return Uint8Array.of(types.applicationData, 3, 3, length >> 8, length & 0xff);
}

/** Seals records with one key. */
export class Sealer {
  readonly #aead: Aead;
  readonly #tagLength: number;
  readonly #nonces: Nonces;
  readonly #recordLimit: number;

  /** @throws {TlsError} `invalid_argument`, `invalid_iv` (the caller's fault) */
  constructor(keys: RecordKeys) {
    checkKeys(keys);
    this.#aead = keys.aead.withKey(keys.key);
    this.#tagLength = keys.aead.tagLength;
    this.#nonces = new Nonces(keys.iv);
    this.#recordLimit = keys.recordLimit;
  }

  /** How many more records the key may seal. */
  get recordsLeft(): number {
    return this.#recordLimit - this.#nonces.used;
  }

  /**
   * RFC 9846 §5.2: a whole protected record.
   * @param content which is copied before the first wait.
   * @param padding zero bytes to add behind the content.
   * @throws {TlsError} `invalid_argument`, `record_limit_reached` (§5.5), `out_of_range`
   */
  *seal(type: ContentType, content: Uint8Array, padding: number = 0): Steps<Uint8Array> {
    checkContent(type, content);
    check(padding, "padding", aNumber);
    if (this.recordsLeft <= 0) throw callerError("record_limit_reached", "this key may seal no more records");
    // RFC 9846 §5.2#length-sent
    if (content.length + padding > maxPlaintextLength) {
      throw callerError(
        "out_of_range",
        `a record holds at most ${maxPlaintextLength} bytes, got ${content.length + padding}`,
      );
    }
    // RFC 9846 §5.4#zeros-sent, §5.4#inner-length
    const behind = new Uint8Array(1 + padding);
    behind[0] = type;
    const length = content.length + behind.length + this.#tagLength;
    const record = new Uint8Array(recordHeaderLength + length);
    record.set(protectedHeader(length));
    const header = record.subarray(0, recordHeaderLength);
    const pieces = [Uint8Array.from(content), behind];
    yield* wait(this.#aead.seal(this.#nonces.take(), header, pieces, record, recordHeaderLength));
    return record;
  }
}

/** Opens records with one key. */
export class Opener {
  readonly #aead: Aead;
  readonly #tagLength: number;
  readonly #nonces: Nonces;

  /** @throws {TlsError} `invalid_argument`, `invalid_iv` (the caller's fault) */
  constructor(keys: RecordKeys) {
    checkKeys(keys);
    this.#aead = keys.aead.withKey(keys.key);
    this.#tagLength = keys.aead.tagLength;
    this.#nonces = new Nonces(keys.iv);
  }

  /**
   * RFC 9846 §5.2 and §5.4: verifies and decrypts a protected record, header included, and removes its padding.
   * The record isn't to be changed until the answer is there.
   * A record that can't be opened uses up no sequence number.
   * @throws {TlsError} `bad_record_mac`, `record_overflow`, `unexpected_record`
   */
  *open(record: Uint8Array): Steps<PlainRecord> {
    check(record, "record", bytes);
    const inner = yield* this.#decrypt(record);
    this.#nonces.useUp();
    // RFC 9846 §5.4#inner-length: the whole TLSInnerPlaintext, padding included.
    if (inner.length > maxPlaintextLength + 1) {
      throw recordOverflow(
        `a record's plaintext has ${inner.length} bytes, at most ${maxPlaintextLength + 1} are allowed`,
      );
    }
    // RFC 9846 §5.4#scan, §5.4#type-checked
    let end = inner.length - 1;
    while (inner[end] === 0) end -= 1;
    const type = inner[end];
    if (type === undefined) throw unexpectedRecord("a record that is nothing but padding");
    // RFC 9846 §5#change-cipher-spec-checked: a protected change_cipher_spec is as unexpected as an unknown type.
    if (!isContentType(type) || type === types.changeCipherSpec) {
      throw unexpectedRecord(`a protected record of type ${contentTypeName(type)}`);
    }
    // RFC 9846 §5.4#no-empty-checked: only application data may be empty.
    if (end === 0 && type !== types.applicationData) {
      throw unexpectedRecord(`an empty ${contentTypeName(type)} record`);
    }
    return { type, content: inner.subarray(0, end), padding: inner.length - 1 - end };
  }

  *#decrypt(record: Uint8Array): Steps<Uint8Array> {
    const header = record.subarray(0, recordHeaderLength);
    const body = record.subarray(recordHeaderLength);
    // RFC 9846 §5.2#length-checked
    if (body.length > maxCiphertextLength) {
      throw recordOverflow(`a protected record has ${body.length} bytes, at most ${maxCiphertextLength} are allowed`);
    }
    try {
      if (body.length >= this.#tagLength) {
        const inner = new Uint8Array(body.length - this.#tagLength);
        yield* wait(this.#aead.open(this.#nonces.peek(), header, body, inner, 0));
        return inner;
      }
    } catch (error) {
      if (!(error instanceof CryptoError && error.code === "authentication_failed")) throw error;
    }
    // RFC 9846 §5.2#authenticated: one alert for all that can be wrong.
    throw peerError("bad_record_mac", Alert.badRecordMac, "a record could not be decrypted");
  }
}

/** RFC 9846 §5.1, §5.2: a record that is too long. */
export function recordOverflow(message: string): TlsError {
  return peerError("record_overflow", Alert.recordOverflow, message);
}

/** RFC 9846 §5#types-checked: a record of a type that has no place where it came. */
export function unexpectedRecord(what: string): TlsError {
  return peerError("unexpected_record", Alert.unexpectedMessage, `the peer sent ${what}`);
}
