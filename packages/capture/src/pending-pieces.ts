import { equalBytes } from "@tlskit/wire";
import { maxPendingBytes, maxPendingPieces } from "./limits.ts";

interface Piece {
  /** Where in the stream it begins. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

const endOf = ({ start, bytes }: Piece): number => start + bytes.length;

/** Pieces of a stream that wait for what is in front of them: in order, none over another. */
export class PendingPieces {
  #pieces: Piece[] = [];
  #length = 0;

  /** Bytes of all. */
  get length(): number {
    return this.#length;
  }

  /** Where the first begins. */
  get start(): number | undefined {
    return this.#pieces[0]?.start;
  }

  /** Whether there are more than may wait. */
  get tooMany(): boolean {
    return this.#length > maxPendingBytes || this.#pieces.length > maxPendingPieces;
  }

  /**
   * Adds what of a piece isn't there yet.
   * @returns bytes that are there already and are others: the first ones stay.
   */
  add(start: number, bytes: Uint8Array): number {
    const end = start + bytes.length;
    const fresh: Piece[] = [];
    let [at, conflicting] = [start, 0];
    const addUpTo = (to: number): void => {
      // Packets lie in whatever the capture came in, which a piece isn't to keep.
      if (to > at) fresh.push({ start: at, bytes: bytes.slice(at - start, to - start) });
    };
    for (const piece of this.#pieces) {
      if (endOf(piece) <= at) continue;
      if (piece.start >= end) break;
      addUpTo(piece.start);
      const [from, to] = [Math.max(at, piece.start), Math.min(end, endOf(piece))];
      const mine = piece.bytes.subarray(from - piece.start, to - piece.start);
      if (!equalBytes(mine, bytes.subarray(from - start, to - start))) conflicting += to - from;
      at = to;
    }
    addUpTo(end);
    this.#length += fresh.reduce((sum, piece) => sum + piece.bytes.length, 0);
    this.#pieces = [...this.#pieces, ...fresh].sort((one, other) => one.start - other.start);
    return conflicting;
  }

  /** Takes the first, if it begins there. */
  takeAt(position: number): Uint8Array | undefined {
    const [first] = this.#pieces;
    if (first?.start !== position) return undefined;
    this.#pieces.shift();
    this.#length -= first.bytes.length;
    return first.bytes;
  }
}
