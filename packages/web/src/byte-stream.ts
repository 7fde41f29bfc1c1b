/** What TLS runs over: a stream of bytes in both directions, such as a TCP connection of a runtime's, whatever is below it. */
export interface ByteStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}
