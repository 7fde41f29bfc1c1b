import { type Aead, type AeadAlgorithm, type Awaitable, isWaitable } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { ContentType, contentTypeName, isContentType } from "./content-type.ts";
import { checkKeys } from "./expectations.ts";
import { asBadRecordMac, badRecordMac, checkContentLength, recordOverflow, unexpectedRecord } from "./failures.ts";
import { lengthOf, writeHeader, writePieces } from "./header.ts";
import { maxCiphertextLength, maxPlaintextLength, recordHeaderLength } from "./limits.ts";
import { Nonces } from "./nonces.ts";
import type { RecordPadding } from "./padding.ts";
import type { OpenedRecord, Opening, Sealing } from "./protection.ts";
import { readUnprotected, unprotectedBody, writeUnprotected } from "./unprotected.ts";

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

const tls12 = 0x0303;

/** A record's type behind its content, without padding. */
const innerTypes: Readonly<Record<ContentType, Uint8Array>> = {
  20: Uint8Array.of(20),
  21: Uint8Array.of(21),
  22: Uint8Array.of(22),
  23: Uint8Array.of(23),
};

/**
 * How TLS 1.3 protects records (RFC 9846 §5.2).
 * @throws {TlsError} `invalid_argument`, `invalid_iv` (the caller's fault)
 */
export function tls13Sealing(keys: RecordKeys, padding?: RecordPadding): Sealing {
  return new Tls13Sealing(keys, padding);
}

class Tls13Sealing implements Sealing {
  readonly #aead: Aead;
  readonly #synchronous: boolean;
  readonly #tagLength: number;
  readonly #nonces: Nonces;
  readonly #recordLimit: number;
  readonly #padding: RecordPadding | undefined;
  readonly #header = new Uint8Array(recordHeaderLength);

  constructor(keys: RecordKeys, padding: RecordPadding | undefined) {
    checkKeys(keys);
    this.#aead = keys.aead.withKey(keys.key);
    this.#synchronous = keys.aead.synchronous;
    this.#tagLength = keys.aead.tagLength;
    this.#nonces = new Nonces(keys.iv);
    this.#recordLimit = keys.recordLimit;
    this.#padding = padding;
  }

  get recordsLeft(): number {
    return this.#recordLimit - this.#nonces.used;
  }

  get sequenceNumber(): number {
    return this.#nonces.used;
  }

  size(type: ContentType, content: number): number {
    // RFC 9846 §5: change_cipher_spec is never protected.
    if (type === ContentType.changeCipherSpec) return recordHeaderLength + content;
    return recordHeaderLength + content + this.#paddingOf(content) + 1 + this.#tagLength;
  }

  /** RFC 9846 §5.4#inner-length: content and padding together have 2^14 bytes at most. */
  #paddingOf(content: number): number {
    if (this.#padding === undefined) return 0;
    const padding = this.#padding(content);
    if (!(Number.isInteger(padding) && padding >= 0)) {
      throw callerError("out_of_range", `a record is padded with a number of bytes, not ${padding}`);
    }
    return Math.max(0, Math.min(padding, maxPlaintextLength - content));
  }

  seal(type: ContentType, pieces: readonly Uint8Array[], into: Uint8Array, at: number, size: number): Awaitable<void> {
    if (type === ContentType.changeCipherSpec) return writeUnprotected(type, tls12, pieces, into, at);
    if (this.recordsLeft <= 0) throw callerError("record_limit_reached", "this key may seal no more records");
    const content = lengthOf(pieces);
    checkContentLength(content);
    const nonce = this.#nonces.take();
    const start = at + recordHeaderLength;
    const body = size - recordHeaderLength;
    writeHeader(into, at, ContentType.applicationData, tls12, body);
    const padding = body - this.#tagLength - 1 - content;
    if (this.#synchronous) {
      // The AEAD reads a header of its own, which lies where nothing is written to.
      writeHeader(this.#header, 0, ContentType.applicationData, tls12, body);
      const [first] = pieces;
      const behind = padding === 0 ? innerTypes[type] : paddedType(type, padding);
      const inner = pieces.length === 1 && first !== undefined ? [first, behind] : [...pieces, behind];
      return this.#aead.seal(nonce, this.#header, inner, into, start);
    }
    // What is sealed later is sealed where it will lie, so that nobody has to keep it as it is.
    writePieces(into, start, pieces);
    into[start + content] = type;
    into.fill(0, start + content + 1, start + content + 1 + padding);
    const inner = [into.subarray(start, start + content + 1 + padding)];
    return this.#aead.seal(Uint8Array.from(nonce), into.slice(at, start), inner, into, start);
  }

  dispose(): void {
    this.#aead.dispose();
  }
}

/** RFC 9846 §5.4#zeros-sent */
function paddedType(type: ContentType, padding: number): Uint8Array {
  const bytes = new Uint8Array(1 + padding);
  bytes[0] = type;
  return bytes;
}

/**
 * How TLS 1.3 reads protected records (RFC 9846 §5.2, §5.4).
 * @param first whether these are the first keys of this direction: then an unprotected alert is let through as long as
 * nothing protected has come, since the peer may have failed before it had any keys. Later it would be anybody's, and a
 * forged close_notify would pass for an orderly end.
 * @throws {TlsError} `invalid_argument`, `invalid_iv` (the caller's fault)
 */
export function tls13Opening(keys: RecordKeys, first: boolean): Opening {
  return new Tls13Opening(keys, first);
}

class Tls13Opening implements Opening {
  readonly #aead: Aead;
  readonly #tagLength: number;
  readonly #nonces: Nonces;
  readonly synchronous: boolean;
  #takesAlertsInTheClear: boolean;

  constructor(keys: RecordKeys, first: boolean) {
    checkKeys(keys);
    this.#aead = keys.aead.withKey(keys.key);
    this.#tagLength = keys.aead.tagLength;
    this.#nonces = new Nonces(keys.iv);
    this.synchronous = keys.aead.synchronous;
    this.#takesAlertsInTheClear = first;
  }

  get sequenceNumber(): number {
    return this.#nonces.used;
  }

  accepts(type: ContentType): boolean {
    return type === ContentType.applicationData || (type === ContentType.alert && this.#takesAlertsInTheClear);
  }

  maxBody(type: ContentType): number {
    return unprotectedBody(type);
  }

  open(header: Uint8Array, body: Uint8Array, into: Uint8Array, at: number): Awaitable<OpenedRecord> {
    if (header[0] === ContentType.alert) return readUnprotected(header, body, into, at);
    // RFC 9846 §5.2#length-checked
    if (body.length > maxCiphertextLength) {
      throw recordOverflow(`a protected record has ${body.length} bytes, at most ${maxCiphertextLength} are allowed`);
    }
    const length = body.length - this.#tagLength;
    if (length < 0) throw badRecordMac();
    let answer: Awaitable<void>;
    try {
      answer = this.#aead.open(this.#nonces.peek(), header, body, into, at);
    } catch (error) {
      throw asBadRecordMac(error);
    }
    if (!isWaitable(answer)) return this.#opened(into, at, length);
    const opening = answer;
    return {
      // biome-ignore lint/suspicious/noThenProperty: being waited for is what it is for
      then: (done, failed) => {
        opening.then(
          () => {
            let opened: OpenedRecord;
            try {
              opened = this.#opened(into, at, length);
            } catch (error) {
              failed(error);
              return;
            }
            done(opened);
          },
          (error) => failed(asBadRecordMac(error)),
        );
      },
    };
  }

  /** What is in an inner plaintext that was authentic. */
  #opened(into: Uint8Array, at: number, length: number): OpenedRecord {
    this.#nonces.useUp();
    // RFC 9846 §5.4#inner-length: the whole TLSInnerPlaintext, padding included.
    if (length > maxPlaintextLength + 1) {
      throw recordOverflow(`a record's plaintext has ${length} bytes, at most ${maxPlaintextLength + 1} are allowed`);
    }
    // RFC 9846 §5.4#scan, §5.4#type-checked
    let end = at + length - 1;
    while (end >= at && into[end] === 0) end -= 1;
    if (end < at) throw unexpectedRecord("a record that is nothing but padding");
    const type = into[end] ?? 0;
    // RFC 9846 §5#change-cipher-spec-checked: a protected change_cipher_spec is as unexpected as an unknown type.
    if (!isContentType(type) || type === ContentType.changeCipherSpec) {
      throw unexpectedRecord(`a protected record of type ${contentTypeName(type)}`);
    }
    // RFC 9846 §5.4#no-empty-checked: only application data may be empty.
    if (end === at && type !== ContentType.applicationData) {
      throw unexpectedRecord(`an empty ${contentTypeName(type)} record`);
    }
    this.#takesAlertsInTheClear = false;
    return { type, length: end - at };
  }

  dispose(): void {
    this.#aead.dispose();
  }
}
