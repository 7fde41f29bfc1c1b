import { type Aead, type Awaitable, isWaitable } from "@tlskit/crypto";
import { callerError, concat } from "@tlskit/wire";
import type { ContentType } from "./content-type.ts";
import { checkTls12AeadKeys } from "./expectations.ts";
import { asBadRecordMac, badRecordMac, checkContentLength, checkRecordVersion } from "./failures.ts";
import { lengthOf, writeHeader, writePieces } from "./header.ts";
import { maxTls12CiphertextLength, recordHeaderLength } from "./limits.ts";
import { Nonces } from "./nonces.ts";
import type { OpenedRecord, Opening, Sealing } from "./protection.ts";
import { authenticatedLength, SequenceNumber, writeAuthenticated } from "./sequence-number.ts";
import { checkOpened, tls12 } from "./tls12.ts";
import type { RecordKeys } from "./tls13.ts";

/** What protects the records of one direction in TLS 1.2, if it is an AEAD. */
export interface Tls12AeadKeys extends RecordKeys {
  /**
   * `explicit`: the nonce's last eight bytes stand in front of each record, behind an IV of four that nobody sees
   * (RFC 5288 §3#nonce, RFC 6655 §3). `xor`: the IV of twelve and the record's number are the nonce (RFC 7905 §2#nonce, §2#nothing-explicit).
   */
  readonly nonce: "explicit" | "xor";
}

/** Bytes of a nonce that stand in the record, and in front of them those that don't. */
const explicitLength = 8;
const fixedLength = 4;

/** Bytes of a nonce that stand in a record. */
function explicitLengthOf({ nonce, iv, aead }: Tls12AeadKeys): number {
  const explicit = nonce === "explicit" ? explicitLength : 0;
  if (iv.length + explicit !== aead.nonceLength) {
    throw callerError("invalid_iv", `the IV has ${aead.nonceLength - explicit} bytes, got ${iv.length}`);
  }
  return explicit;
}

/**
 * How TLS 1.2 protects records with an AEAD (RFC 5246 §6.2.3.3). An explicit nonce is the record's number, so that none
 * comes twice (RFC 5288 §3#distinct, RFC 9325 §7.2.1#sequence-number).
 * @throws {TlsError} `invalid_argument`, `invalid_iv` (the caller's fault)
 */
export function tls12AeadSealing(keys: Tls12AeadKeys): Sealing {
  return new Tls12AeadSealing(keys);
}

class Tls12AeadSealing implements Sealing {
  readonly #aead: Aead;
  readonly #synchronous: boolean;
  readonly #tagLength: number;
  readonly #explicitLength: number;
  readonly #nonces: Nonces;
  readonly #number = new SequenceNumber();
  readonly #recordLimit: number;
  readonly #authenticated = new Uint8Array(authenticatedLength);

  constructor(keys: Tls12AeadKeys) {
    checkTls12AeadKeys(keys);
    this.#explicitLength = explicitLengthOf(keys);
    this.#aead = keys.aead.withKey(keys.key);
    this.#synchronous = keys.aead.synchronous;
    this.#tagLength = keys.aead.tagLength;
    // Behind four fixed bytes the record's number is what stays when it is put over zeros.
    this.#nonces = new Nonces(concat(keys.iv, new Uint8Array(this.#explicitLength)));
    this.#recordLimit = keys.recordLimit;
  }

  get recordsLeft(): number {
    return this.#recordLimit - this.#number.next;
  }

  get sequenceNumber(): number {
    return this.#number.next;
  }

  size(_type: ContentType, content: number): number {
    return recordHeaderLength + this.#explicitLength + content + this.#tagLength;
  }

  seal(type: ContentType, pieces: readonly Uint8Array[], into: Uint8Array, at: number, size: number): Awaitable<void> {
    if (this.recordsLeft <= 0) throw callerError("record_limit_reached", "this key may seal no more records");
    const content = lengthOf(pieces);
    checkContentLength(content);
    const authenticated = this.#synchronous ? this.#authenticated : new Uint8Array(authenticatedLength);
    writeAuthenticated(authenticated, this.#number, type, tls12, content);
    const nonce = this.#nonces.take();
    this.#number.useUp();
    writeHeader(into, at, type, tls12, size - recordHeaderLength);
    const start = at + recordHeaderLength + this.#explicitLength;
    if (this.#explicitLength > 0) into.set(nonce.subarray(fixedLength), at + recordHeaderLength);
    if (this.#synchronous) return this.#aead.seal(nonce, authenticated, pieces, into, start);
    // What is sealed later is sealed where it will lie, so that nobody has to keep it as it is.
    writePieces(into, start, pieces);
    return this.#aead.seal(Uint8Array.from(nonce), authenticated, [into.subarray(start, start + content)], into, start);
  }

  dispose(): void {
    this.#aead.dispose();
  }
}

/**
 * How TLS 1.2 reads records that an AEAD protects (RFC 5246 §6.2.3.3).
 * @throws {TlsError} `invalid_argument`, `invalid_iv` (the caller's fault)
 */
export function tls12AeadOpening(keys: Tls12AeadKeys): Opening {
  return new Tls12AeadOpening(keys);
}

class Tls12AeadOpening implements Opening {
  readonly #aead: Aead;
  readonly #tagLength: number;
  readonly #explicitLength: number;
  readonly #iv: Uint8Array;
  readonly #nonces: Nonces | undefined;
  readonly #number = new SequenceNumber();
  readonly synchronous: boolean;

  constructor(keys: Tls12AeadKeys) {
    checkTls12AeadKeys(keys);
    this.#explicitLength = explicitLengthOf(keys);
    this.#aead = keys.aead.withKey(keys.key);
    this.#tagLength = keys.aead.tagLength;
    this.#iv = Uint8Array.from(keys.iv);
    this.#nonces = this.#explicitLength === 0 ? new Nonces(keys.iv) : undefined;
    this.synchronous = keys.aead.synchronous;
  }

  get sequenceNumber(): number {
    return this.#number.next;
  }

  /** RFC 5246 §7.1: of every type: a change_cipher_spec of a later handshake is protected as what is in front of it. */
  accepts(): boolean {
    return true;
  }

  maxBody(): number {
    return maxTls12CiphertextLength;
  }

  open(header: Uint8Array, body: Uint8Array, into: Uint8Array, at: number): Awaitable<OpenedRecord> {
    checkRecordVersion(header, tls12);
    const explicit = this.#explicitLength;
    const length = body.length - explicit - this.#tagLength;
    if (length < 0) throw badRecordMac();
    const authenticated = new Uint8Array(authenticatedLength);
    writeAuthenticated(authenticated, this.#number, header[0] ?? 0, tls12, length);
    const ciphertext = body.subarray(explicit);
    // A body that lies where its content goes is opened where it lies, and moved over its nonce then.
    const target = body.buffer === into.buffer ? at + explicit : at;
    let answer: Awaitable<void>;
    try {
      answer = this.#aead.open(this.#nonceOf(body), authenticated, ciphertext, into, target);
    } catch (error) {
      throw asBadRecordMac(error);
    }
    const opened = (): OpenedRecord => {
      this.#number.useUp();
      this.#nonces?.useUp();
      if (target !== at) into.copyWithin(at, target, target + length);
      return checkOpened(header, length);
    };
    if (!isWaitable(answer)) return opened();
    const opening = answer;
    return {
      // biome-ignore lint/suspicious/noThenProperty: being waited for is what it is for
      then: (done, failed) => {
        opening.then(
          () => {
            let record: OpenedRecord;
            try {
              record = opened();
            } catch (error) {
              failed(error);
              return;
            }
            done(record);
          },
          (error) => failed(asBadRecordMac(error)),
        );
      },
    };
  }

  #nonceOf(body: Uint8Array): Uint8Array {
    if (this.#nonces !== undefined) return Uint8Array.from(this.#nonces.peek());
    const nonce = new Uint8Array(fixedLength + explicitLength);
    nonce.set(this.#iv);
    nonce.set(body.subarray(0, explicitLength), fixedLength);
    return nonce;
  }

  dispose(): void {
    this.#aead.dispose();
  }
}
