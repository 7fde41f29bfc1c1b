/** A stream of bytes in both directions, of the runtime's own streams. */
export interface ByteStream {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/**
 * What TLS runs over: a stream of bytes in both directions, such as a runtime's TCP connection. This is as much of it as is
 * used, so that it doesn't matter by whose types it is one: a page's, Node's, Deno's, a Worker's.
 */
export interface RawByteStream {
  readonly readable: { readonly locked: boolean; getReader(): RawReader };
  readonly writable: { readonly locked: boolean; getWriter(): RawWriter };
}

/** As much of a `ReadableStreamDefaultReader` as is used. */
export interface RawReader {
  readonly closed: Promise<unknown>;
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<unknown>;
  releaseLock(): void;
}

/** As much of a `WritableStreamDefaultWriter` as is used. */
export interface RawWriter {
  readonly closed: Promise<unknown>;
  readonly ready: Promise<unknown>;
  readonly desiredSize: number | null;
  write(bytes: Uint8Array): Promise<unknown>;
  close(): Promise<unknown>;
  abort(reason?: unknown): Promise<unknown>;
  releaseLock(): void;
}
