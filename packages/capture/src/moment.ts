/** When something was on the wire. */
export interface Moment {
  /** The number of the packet in its capture, from 1. */
  readonly packet: number;
  /** Nanoseconds since the beginning of 1970, UTC; nothing where the capture doesn't tell. */
  readonly at: bigint | undefined;
}
