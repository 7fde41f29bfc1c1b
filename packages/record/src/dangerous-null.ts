/**
 * Records of TLS 1.2 that are authenticated and not encrypted (RFC 5246 §6.2.3.1): everybody on the way reads everything. They are
 * for looking at a protocol on a wire of one's own, and apart, so that nobody has them who doesn't ask for them.
 * @module
 */
import { constantTimeEqual, type HashFunction } from "@tlskit/crypto";
import { concat } from "@tlskit/wire";
import { aFunction, aNumber, bytes, check, objectWith } from "@tlskit/wire/arguments";
import type { ContentType } from "./content-type.ts";
import { badRecordMac, checkContentLength, checkRecordVersion } from "./failures.ts";
import { lengthOf, writeHeader, writePieces } from "./header.ts";
import { maxTls12CiphertextLength, recordHeaderLength } from "./limits.ts";
import type { OpenedRecord, Opening, Sealing } from "./protection.ts";
import { authenticatedLength, SequenceNumber, writeAuthenticated } from "./sequence-number.ts";
import { checkOpened, tls12 } from "./tls12.ts";

/** What authenticates the records of one direction. */
export interface DangerousNullKeys {
  /** Of the HMAC. */
  readonly hash: HashFunction;
  readonly macKey: Uint8Array;
}

const nullKeys = objectWith("the keys of a direction in TLS 1.2, for records without encryption", {
  hash: objectWith("a hash, as hashOf of @tlskit/crypto gives it", { hmac: aFunction, length: aNumber }),
  macKey: bytes,
});

/** The MAC of a record (RFC 5246 §6.2.3.1). */
class RecordMac {
  readonly length: number;
  readonly #hash: HashFunction;
  readonly #key: Uint8Array;
  readonly #number = new SequenceNumber();

  constructor(keys: DangerousNullKeys) {
    check(keys, "keys", nullKeys);
    this.#hash = keys.hash;
    this.length = keys.hash.length;
    this.#key = Uint8Array.from(keys.macKey);
  }

  get sequenceNumber(): number {
    return this.#number.next;
  }

  of(type: number, content: Uint8Array): Uint8Array {
    const header = new Uint8Array(authenticatedLength);
    writeAuthenticated(header, this.#number, type, tls12, content.length);
    return this.#hash.hmac(this.#key, concat(header, content));
  }

  useUp(): void {
    this.#number.useUp();
  }

  dispose(): void {
    this.#key.fill(0);
  }
}

/**
 * How TLS 1.2 writes records that it only authenticates.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function dangerousNullSealing(keys: DangerousNullKeys): Sealing {
  const mac = new RecordMac(keys);
  return {
    get recordsLeft() {
      return Number.MAX_SAFE_INTEGER - mac.sequenceNumber;
    },
    get sequenceNumber() {
      return mac.sequenceNumber;
    },
    size: (_type, content) => recordHeaderLength + content + mac.length,
    seal: (type: ContentType, pieces, into, at, size) => {
      const content = lengthOf(pieces);
      checkContentLength(content);
      writeHeader(into, at, type, tls12, size - recordHeaderLength);
      const start = at + recordHeaderLength;
      writePieces(into, start, pieces);
      into.set(mac.of(type, into.subarray(start, start + content)), start + content);
      mac.useUp();
    },
    dispose: () => mac.dispose(),
  };
}

/**
 * How TLS 1.2 reads records that are only authenticated.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function dangerousNullOpening(keys: DangerousNullKeys): Opening {
  const mac = new RecordMac(keys);
  return {
    synchronous: true,
    get sequenceNumber() {
      return mac.sequenceNumber;
    },
    // RFC 5246 §7.1: of every type: a change_cipher_spec of a later handshake is protected as what is in front of it.
    accepts: () => true,
    maxBody: () => maxTls12CiphertextLength,
    open: (header, body, into, at): OpenedRecord => {
      checkRecordVersion(header, tls12);
      const length = body.length - mac.length;
      if (length < 0) throw badRecordMac();
      const content = body.subarray(0, length);
      if (!constantTimeEqual(mac.of(header[0] ?? 0, content), body.subarray(length))) throw badRecordMac();
      mac.useUp();
      // Where it lies there already that changes nothing.
      into.set(content, at);
      return checkOpened(header, length);
    },
    dispose: () => mac.dispose(),
  };
}
