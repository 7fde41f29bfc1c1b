/** A stream of bytes in both directions, of the runtime's own streams. */
export interface ByteStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** Where a connection goes. */
export interface Endpoint {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** How a scan reaches servers. `nodeTransport` of `@tlskit/scan/node` is one by TCP, for Node, Deno and Bun. */
export interface Transport {
  /**
   * Opens a connection. The scan ends it by closing or aborting its `writable` and cancelling its `readable`.
   * @param signal when it is aborted the attempt, or the connection, is given up.
   * @returns fails with whatever says why there is none: a `TlsError` of the codes `unreachable`, `refused`, `no_address`
   */
  connect(to: Endpoint, signal: AbortSignal): Promise<ByteStream>;
  /** A name's addresses, the preferred one first. Without it names are given to `connect`, and `--all` isn't possible. */
  resolve?(host: string, signal: AbortSignal): Promise<readonly string[]>;
}
