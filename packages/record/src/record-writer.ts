import { type Awaitable, allOf, isWaitable, type Steps, type Waitable, wait } from "@tlskit/crypto";
import { ByteQueue, callerError } from "@tlskit/wire";
import { aNumber, bytes as aUint8Array, check, checkArguments, instanceOf } from "@tlskit/wire/arguments";
import { type Allocate, newBuffer } from "./allocate.ts";
import { ContentType } from "./content-type.ts";
import { aContentType, aSealing } from "./expectations.ts";
import { bufferSize, maxPlaintextLength } from "./limits.ts";
import type { Sealing } from "./protection.ts";
import { unprotectedSealing } from "./unprotected.ts";

/** Records that are written, or about to be. */
export interface WrittenRecords {
  /** Whole records, one behind the other. */
  readonly bytes: Uint8Array;
  /** Bytes of content in them. */
  readonly taken: number;
  /** There when they are sealed; until then `bytes` isn't to be touched. */
  readonly sealed: Awaitable<void>;
}

/** The sending half of the record layer: content in, records out. */
export class RecordWriter {
  readonly #allocate: Allocate;
  #sealing = unprotectedSealing(0x0303);

  /** @param allocate where records are written. */
  constructor(allocate: Allocate = newBuffer) {
    this.#allocate = allocate;
  }

  /**
   * Writes in this way from here on. What was used before is disposed of.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  protect(sealing: Sealing): void {
    check(sealing, "sealing", aSealing);
    this.#sealing.dispose();
    this.#sealing = sealing;
  }

  /** Drops the keys: nothing is written any more. */
  forget(): void {
    this.protect(unprotectedSealing(0x0303));
  }

  /** How many more records the installed key may seal (RFC 9846 §5.5). */
  get recordsLeft(): number {
    return this.#sealing.recordsLeft;
  }

  /** RFC 9846 §5.3: that of the next record under the installed key; 0 without one. */
  get sequenceNumber(): number {
    return this.#sealing.sequenceNumber;
  }

  /**
   * One record with up to 2^14 bytes of content, which is used before the first wait.
   * @throws {TlsError} `invalid_argument`, `out_of_range`, `unprotected_application_data`, `record_limit_reached`
   */
  *record(type: ContentType, content: Uint8Array): Steps<Uint8Array> {
    checkArguments({ type, content }, { type: aContentType, content: aUint8Array });
    const size = this.#sealing.size(type, content.length);
    const record = this.#allocate(size, "records");
    yield* wait(this.#sealing.seal(type, [content], record, 0, size));
    return record;
  }

  /**
   * As many records as go into a buffer of some tens of kilobytes, sealed side by side. The content that they hold is
   * taken out of the queue, and used, before the call returns. All but the last, and in TLS 1.0 the first, hold `recordSize` bytes (RFC 9846 §5.1). Nothing makes no
   * record (RFC 9846 §5.1#no-empty-handshake, §5.4#no-empty-sent, RFC 5246 §6.2.1#empty-fragments).
   * @param mostRecords how many at most.
   * @throws {TlsError} `invalid_argument`, `out_of_range`, `unprotected_application_data`, `record_limit_reached`
   */
  records(
    type: ContentType,
    content: ByteQueue,
    recordSize: number = maxPlaintextLength,
    mostRecords: number = Number.POSITIVE_INFINITY,
  ): WrittenRecords {
    checkArguments(
      { type, content, recordSize, mostRecords },
      {
        type: aContentType,
        content: instanceOf(ByteQueue, "@tlskit/wire"),
        recordSize: aNumber,
        mostRecords: aNumber,
      },
    );
    // Otherwise it would never come to its end.
    if (!(recordSize >= 1)) throw callerError("out_of_range", `records have 1 byte at least, not ${recordSize}`);
    const sizes: number[] = [];
    const mostOfFirst = type === ContentType.applicationData ? this.#sealing.mostOfFirst : undefined;
    const lengths: number[] = [];
    let [room, left] = [0, content.length];
    while (left > 0 && lengths.length < mostRecords) {
      const length = Math.min(lengths.length === 0 ? (mostOfFirst ?? recordSize) : recordSize, left);
      const size = this.#sealing.size(type, length);
      if (room > 0 && room + size > bufferSize) break;
      lengths.push(length);
      sizes.push(size);
      room += size;
      left -= length;
    }
    const taken = content.length - left;
    const bytes = this.#allocate(room, "records");
    let answers: Waitable<void>[] | undefined;
    let at = 0;
    for (const [index, size] of sizes.entries()) {
      const length = lengths[index] ?? 0;
      const answer = this.#sealing.seal(type, content.takePieces(length), bytes, at, size);
      at += size;
      if (!isWaitable(answer)) continue;
      answers ??= [];
      answers.push(answer);
    }
    const sealed = answers === undefined ? undefined : allOf(answers);
    return { bytes, taken, sealed };
  }
}
