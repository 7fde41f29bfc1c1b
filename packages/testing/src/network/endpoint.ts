/**
 * What is at an end of a link: whatever takes bytes. A TLS connection without input and output fits, and so does a
 * scripted peer.
 */
export interface Endpoint {
  /** Bytes from the other end. */
  receive(bytes: Uint8Array): void;
  /** No more bytes will come. */
  receiveEnd(): void;
  /** By the network's clock; nothing when there is nothing to wait for. */
  readonly deadline: number | undefined;
  /** To be called at `deadline`. */
  checkDeadline(): void;
}
