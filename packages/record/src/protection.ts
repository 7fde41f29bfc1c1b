import type { Awaitable } from "@tlskit/crypto";
import type { ContentType } from "./content-type.ts";

/**
 * How records of one direction are written: what one looks like inside, and what protects it, for one version of TLS and
 * one key. No protection is one too.
 */
export interface Sealing {
  /** Bytes of the whole record, header included, that is to hold so many bytes of content. */
  size(type: ContentType, content: number): number;
  /**
   * Writes a whole record. Its content is used, or copied, before the call returns; until the answer is there, the record's
   * place is touched by nobody else. Several may be asked for before the first has answered.
   * @param pieces of the content, in order.
   * @param into gets the record from `at` on.
   * @param size of the record: what `size` said. The same content may be given another one each time, by padding.
   * @throws {TlsError} `record_limit_reached` (RFC 9846 §5.5), `out_of_range`, `unprotected_application_data`
   */
  seal(type: ContentType, pieces: readonly Uint8Array[], into: Uint8Array, at: number, size: number): Awaitable<void>;
  /**
   * Bytes of application data that the first record of whatever is sent has at most, where a record's protection can be
   * foreseen by who chooses its content; absent where it can't.
   */
  readonly mostOfFirst?: number | undefined;
  /** How many more records the key may seal. */
  readonly recordsLeft: number;
  /** RFC 9846 §5.3: that of the next record; 0 as long as there is no protection, which has none. */
  readonly sequenceNumber: number;
  /** Drops the key: nothing is sealed any more. */
  dispose(): void;
}

/** What was in a record. */
export interface OpenedRecord {
  readonly type: ContentType;
  /** Bytes of content. */
  readonly length: number;
}

/** How records of one direction are read. */
export interface Opening {
  /** Whether a record of this outer type may come under it. A change_cipher_spec that it doesn't accept is in the clear. */
  accepts(type: ContentType): boolean;
  /** Bytes that the body of a record of this outer type has at most. */
  maxBody(type: ContentType): number;
  /**
   * Takes the protection off. A record that can't be opened uses up no sequence number.
   * @param header of 5 bytes, as it came. Header and body aren't to be changed until the answer is there.
   * @param into gets the content from `at` on, and may be written to as far as the body is long. It is disjoint from the body, or
   * the body lies there.
   * @throws {TlsError} `bad_record_mac`, `record_overflow`, `unexpected_record`
   */
  open(header: Uint8Array, body: Uint8Array, into: Uint8Array, at: number): Awaitable<OpenedRecord>;
  /** Whether `open` always answers at once. Otherwise each record gets a buffer of its own. */
  readonly synchronous: boolean;
  /** RFC 9846 §5.3: that of the next record; 0 as long as there is no protection, which has none. */
  readonly sequenceNumber: number;
  /** Drops the key: nothing is opened any more. */
  dispose(): void;
}
