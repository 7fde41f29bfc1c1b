/** What a connection runs over: a socket of Bun's without TLS. */
export type RawSocket = Pick<
  Bun.Socket<unknown>,
  | "end"
  | "localAddress"
  | "localFamily"
  | "localPort"
  | "pause"
  | "ref"
  | "remoteAddress"
  | "remoteFamily"
  | "remotePort"
  | "resume"
  | "setKeepAlive"
  | "setNoDelay"
  | "shutdown"
  | "terminate"
  | "unref"
  | "write"
>;

/** What happens to such a socket, as Bun tells it. */
export interface RawEvents {
  /** It is connected. */
  open(raw: RawSocket): void;
  /** It can't be connected, and none of the others is ever called. */
  refused(error: Error): void;
  data(bytes: Uint8Array): void;
  /** It takes more; Bun says so now and then without having been asked, at its end for instance. */
  drain(): void;
  /** The peer sends no more. */
  end(): void;
  /** It is closed; the peer's end comes without `end` if our own went before it. */
  close(error: Error | undefined): void;
}

/**
 * The handlers that Bun gets for sockets of ours.
 * @param eventsOf whom a socket belongs to; nobody: it isn't ours.
 */
export function rawHandlers<Data>(
  eventsOf: (raw: Bun.Socket<Data>) => RawEvents | undefined,
): Required<Pick<Bun.SocketHandler<Data>, "data" | "drain" | "end" | "close" | "error">> {
  return {
    data: (raw, bytes) => eventsOf(raw)?.data(bytes),
    drain: (raw) => eventsOf(raw)?.drain(),
    end: (raw) => eventsOf(raw)?.end(),
    close: (raw, error) => eventsOf(raw)?.close(error),
    // None of these throws: what the application's handlers throw is caught where they are called.
    error: (raw, error) => eventsOf(raw)?.close(error),
  };
}
