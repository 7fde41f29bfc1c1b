import { runSync, wait } from "@tlskit/crypto";
import {
  type ContentType,
  type PlainRecord,
  type RecordKeys,
  recordHeaderLength,
  tls13Opening,
  tls13Sealing,
} from "@tlskit/record";

/** Seals records one by one. */
export class Sealer {
  readonly #sealing;
  #padding = 0;

  constructor(keys: RecordKeys) {
    this.#sealing = tls13Sealing(keys, () => this.#padding);
  }

  get recordsLeft(): number {
    return this.#sealing.recordsLeft;
  }

  seal(type: ContentType, content: Uint8Array, padding: number = 0): Uint8Array {
    this.#padding = padding;
    const record = new Uint8Array(this.#sealing.size(type, content.length));
    runSync(wait(this.#sealing.seal(type, [content], record, 0, record.length)));
    return record;
  }
}

/** Opens records one by one. */
export class Opener {
  readonly #opening;

  constructor(keys: RecordKeys) {
    this.#opening = tls13Opening(keys, true);
  }

  open(record: Uint8Array): PlainRecord {
    const [header, body] = [record.subarray(0, recordHeaderLength), record.subarray(recordHeaderLength)];
    const into = new Uint8Array(body.length);
    const { type, length } = runSync(wait(this.#opening.open(header, body, into, 0)));
    return { type, content: into.subarray(0, length) };
  }
}
