import type { Random } from "@tlskit/crypto";

/** Where a direction's initialization vectors come from. */
export interface Vectors {
  /** Bytes of one that stand in front of a record's ciphertext. */
  readonly inRecord: number;
  /** Whether who chooses a record's content can know its vector: then the first record gets next to nothing of it. */
  readonly foreseeable: boolean;
  /** That of the next record. */
  next(): Uint8Array;
  /** A record was written or read, whose ciphertext this is. */
  used(ciphertext: Uint8Array): void;
}

/** RFC 4346 §6.2.3.2, RFC 5246 §6.2.3.2#iv: each record's is its own, which nobody can foresee, and stands in it. */
export function ownVectors(blockLength: number, random: Random): Vectors {
  return { inRecord: blockLength, foreseeable: false, next: () => random(blockLength), used: () => {} };
}
