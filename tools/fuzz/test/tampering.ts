import type { Side } from "@tlskit/testing";
import { concat } from "@tlskit/wire";

/** A change to one direction of a byte stream, at a byte's number in what was written. */
export interface ByteEdit {
  readonly from: Side;
  readonly at: number;
  readonly change: /** The bits of `mask`, which is not zero, are the other way round. */
    | { readonly type: "flip"; readonly mask: number }
    | { readonly type: "delete"; readonly count: number }
    | { readonly type: "insert"; readonly bytes: Uint8Array }
    /** So many bytes from here come twice. */
    | { readonly type: "repeat"; readonly count: number }
    /** Nothing from here on arrives. */
    | { readonly type: "truncate" };
}

/** A change to one direction's records, by number: both roles write one record at a time. */
export interface RecordEdit {
  readonly from: Side;
  readonly record: number;
  readonly change: "drop" | "repeat" | "behind the next";
}

/** What a man in the middle does to a connection. */
export interface Tampering {
  readonly bytes: readonly ByteEdit[];
  readonly records: readonly RecordEdit[];
}

/** A man in the middle, for the two directions of one connection. */
export class Tamperer {
  readonly #tampering: Tampering;
  readonly #passed: Record<Side, number> = { left: 0, right: 0 };
  readonly #records: Record<Side, number> = { left: 0, right: 0 };
  readonly #truncated: Record<Side, boolean> = { left: false, right: false };
  readonly #held: Record<Side, Uint8Array[]> = { left: [], right: [] };

  constructor(tampering: Tampering) {
    this.#tampering = tampering;
  }

  /** What arrives instead of a write. */
  intercept(from: Side, record: Uint8Array): readonly Uint8Array[] {
    const number = this.#records[from];
    this.#records[from] += 1;
    const changed = this.#changed(from, record);
    const held = this.takeHeld(from);
    const edit = this.#tampering.records.find((each) => each.from === from && each.record === number);
    switch (edit?.change) {
      case "drop":
        return held;
      case "repeat":
        return [changed, changed, ...held];
      case "behind the next":
        this.#held[from] = [...held, changed];
        return [];
      default:
        return [changed, ...held];
    }
  }

  /** Records that wait for a next one, which does not come. */
  takeHeld(from: Side): readonly Uint8Array[] {
    const held = this.#held[from];
    this.#held[from] = [];
    return held;
  }

  #changed(from: Side, record: Uint8Array): Uint8Array {
    const start = this.#passed[from];
    this.#passed[from] += record.length;
    let bytes = record;
    // From the last to the first, so that no edit moves what a later one is about.
    const edits = this.#tampering.bytes
      .filter((edit) => edit.from === from && edit.at >= start && edit.at < start + record.length)
      .sort((a, b) => b.at - a.at);
    const truncatedBefore = this.#truncated[from];
    for (const { at, change } of edits) {
      const [before, after] = [bytes.subarray(0, at - start), bytes.subarray(at - start)];
      switch (change.type) {
        case "flip":
          bytes = concat(before, Uint8Array.of((after[0] ?? 0) ^ change.mask), after.subarray(1));
          break;
        case "delete":
          bytes = concat(before, after.subarray(change.count));
          break;
        case "insert":
          bytes = concat(before, change.bytes, after);
          break;
        case "repeat":
          bytes = concat(before, after.subarray(0, change.count), after);
          break;
        case "truncate":
          bytes = before;
          this.#truncated[from] = true;
          break;
      }
    }
    return truncatedBefore ? new Uint8Array(0) : bytes;
  }
}
