import type { ByteQueue } from "@tlskit/wire";

/** What is in a capture. */
export type CaptureItem = CapturedPacket | CapturedKeyLog | Damage;

/** A packet, from its link layer on. */
export interface CapturedPacket {
  readonly type: "packet";
  /** From 1, as others count. */
  readonly number: number;
  /** Nanoseconds since the beginning of 1970, UTC; nothing where the capture doesn't tell. */
  readonly at: bigint | undefined;
  /** What it begins with: a LINKTYPE of tcpdump.org's list. */
  readonly linkType: number;
  /** Bytes that it had on the wire: more than there are where it was cut off. */
  readonly originalLength: number;
  readonly bytes: Uint8Array;
}

/** The text of a TLS key log that a capture brings with it (a Decryption Secrets Block). */
export interface CapturedKeyLog {
  readonly type: "keyLog";
  readonly text: string;
}

/** What of a capture can't be read, and why. What is told behind it was behind it. */
export interface Damage {
  readonly type: "damage";
  /** A stable word for programs. */
  readonly code: string;
  readonly reason: string;
}

export function damage(code: string, reason: string): Damage {
  return { type: "damage", code, reason };
}

/** What reads a format: gives items, or nothing where it wants more bytes. */
export type Items = Generator<CaptureItem | undefined, void, undefined>;

/** Waits until so much is there. */
export function* available(input: ByteQueue, length: number): Generator<undefined, void, undefined> {
  while (input.length < length) yield undefined;
}
