/**
 * One end of a TLS connection over a real transport, as the suite sees it: whatever a transport's own interface is (a
 * Duplex, a pair of Web streams, callbacks), a few lines make this of it.
 */
export interface TransportSocket {
  /** What was negotiated (RFC 7301). */
  readonly alpnProtocol: string | undefined;
  /**
   * Sends data. Settles when more may be written: at once while there is room, and otherwise once the other side has
   * read. Fails if the connection has failed, or was ended in this direction.
   */
  write(data: Uint8Array): Promise<void>;
  /**
   * The next data, in chunks of any size above zero; nothing at an orderly end, and ever after. Fails when the connection
   * has failed, a stream that ended without `close_notify` included.
   */
  read(): Promise<Uint8Array | undefined>;
  /** Ends this direction, in order, behind everything that was written; the other direction stays. */
  end(): Promise<void>;
  /** Ends both directions at once, come what may. */
  destroy(): void;
}

/** Two ends of one connection, established. */
export interface TransportPair {
  readonly client: TransportSocket;
  readonly server: TransportSocket;
  /** Cuts the transport beneath TLS, so that neither end gets a `close_notify`. */
  cut(): void;
}

/** What the suite asks of a connection. */
export interface TransportOptions {
  /** Application protocols of both sides; none if there are none. */
  readonly alpnProtocols: readonly string[];
}

/** Makes connections over the transport that is held to the suite. */
export type TransportFactory = (options: TransportOptions) => Promise<TransportPair>;

/** What a transport can't do by its nature, each with a sentence that says why. */
export interface TransportLacks {
  /** Stopping a writer whom nobody reads from. */
  readonly "back-pressure"?: string | undefined;
  /** Noticing that it was cut off. */
  readonly cuts?: string | undefined;
}

/** Something that every transport has to do, unless it lacks what that needs. */
export interface TransportCase {
  readonly name: string;
  /** What the transport lacks for it, in the sentence that it gave; then it isn't to be run. */
  readonly cannot: string | undefined;
  /** Fails, with a sentence, if the transport doesn't do it. */
  readonly run: () => Promise<void>;
}
