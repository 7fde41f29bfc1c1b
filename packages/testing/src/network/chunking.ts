import type { Random } from "@tlskit/crypto";
import { randomBelow } from "../random.ts";

/** How what was written comes out: one policy for each direction of a link, since a policy may count. */
export interface Chunking {
  /** Whether writes that are on their way at the same time come as one. */
  readonly joins: boolean;
  /** Cuts bytes into the pieces that arrive one after the other. */
  cut(bytes: Uint8Array): Iterable<Uint8Array>;
}

/** Every write comes as it was made. */
export function asWritten(): Chunking {
  return { joins: false, cut: (bytes) => [bytes] };
}

/** What is on its way at the same time comes as one chunk. */
export function everythingAtOnce(): Chunking {
  return { joins: true, cut: (bytes) => [bytes] };
}

/** Each byte comes by itself. */
export function oneByteAtATime(): Chunking {
  return { joins: false, cut: (bytes) => pieces(bytes, () => 1) };
}

/** Chunks of 1 to `longest` bytes, as a seeded source has it, over the boundaries of writes. */
export function randomChunks(random: Random, longest: number = 2000): Chunking {
  return { joins: true, cut: (bytes) => pieces(bytes, () => 1 + randomBelow(random, longest)) };
}

/** Cuts the stream once, in front of the byte with this number, the first being 0; what comes at once is joined. */
export function splitAt(offset: number): Chunking {
  let passed = 0;
  return {
    joins: true,
    cut: (bytes) => {
      const at = offset - passed;
      passed += bytes.length;
      return at > 0 && at < bytes.length ? [bytes.subarray(0, at), bytes.subarray(at)] : [bytes];
    },
  };
}

function* pieces(bytes: Uint8Array, size: () => number): Generator<Uint8Array, void, unknown> {
  for (let offset = 0; offset < bytes.length; ) {
    const end = offset + size();
    yield bytes.subarray(offset, end);
    offset = end;
  }
}
