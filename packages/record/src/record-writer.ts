import type { Steps } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { aNumber, bytes, checkArguments } from "@tlskit/wire/arguments";
import { ContentType } from "./content-type.ts";
import { checkContent } from "./expectations.ts";
import { maxPlaintextLength, recordHeaderLength } from "./limits.ts";
import { type RecordKeys, Sealer } from "./protection.ts";

/** The sending half of the record layer: content in, records out. */
export class RecordWriter {
  #sealer: Sealer | undefined;

  /** RFC 9846 §5.1#version-sent: the version of unprotected records; 0x0301 for the first ClientHello. */
  legacyRecordVersion = 0x0303;

  /** Protects what is written from here on. */
  setKeys(keys: RecordKeys): void {
    this.#sealer = new Sealer(keys);
  }

  /** Drops the keys: nothing is written any more. */
  forget(): void {
    this.#sealer = undefined;
  }

  /** How many more records the installed key may seal (RFC 9846 §5.5). */
  get recordsLeft(): number {
    return this.#sealer?.recordsLeft ?? Number.MAX_SAFE_INTEGER;
  }

  /**
   * One record with up to 2^14 bytes of content, which is copied before the first wait.
   * @throws {TlsError} `invalid_argument`, `out_of_range`, `unprotected_application_data`, `record_limit_reached`
   */
  *record(type: ContentType, content: Uint8Array): Steps<Uint8Array> {
    checkContent(type, content);
    // RFC 9846 §5: change_cipher_spec is never protected.
    if (this.#sealer !== undefined && type !== ContentType.changeCipherSpec) {
      return yield* this.#sealer.seal(type, content);
    }
    // RFC 9846 §5.1#data-protected: application data is never written unprotected.
    if (type === ContentType.applicationData) {
      throw callerError("unprotected_application_data", "there are no keys to protect application data with");
    }
    // RFC 9846 §5.1#length-sent
    if (content.length > maxPlaintextLength) {
      throw callerError("out_of_range", `a record holds at most ${maxPlaintextLength} bytes, got ${content.length}`);
    }
    const version = this.legacyRecordVersion;
    const record = new Uint8Array(recordHeaderLength + content.length);
    record.set([type, version >> 8, version & 0xff, content.length >> 8, content.length & 0xff]);
    record.set(content, recordHeaderLength);
    return record;
  }
}

/**
 * Content cut into pieces that fit in records (RFC 9846 §5.1). Nothing makes no piece
 * (RFC 9846 §5.1#no-empty-handshake, §5.4#no-empty-sent).
 * @throws {TlsError} `invalid_argument`, `out_of_range` (the caller's fault)
 */
export function* fragments(
  content: Uint8Array,
  size: number = maxPlaintextLength,
): Generator<Uint8Array, void, unknown> {
  checkArguments({ content, size }, { content: bytes, size: aNumber });
  // Otherwise it would never come to its end.
  if (!(size >= 1)) throw callerError("out_of_range", `fragments have 1 byte at least, not ${size}`);
  for (let offset = 0; offset < content.length; offset += size) yield content.subarray(offset, offset + size);
}
