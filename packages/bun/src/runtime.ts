/**
 * What is used of Bun, as it declares it: this way nobody needs its declarations to compile against ours, or to run our
 * options where there is no Bun. A test holds these here to those.
 */

/** A socket of Bun's without TLS, which a connection runs over. */
export interface RawSocket {
  readonly localAddress: string;
  readonly localFamily: "IPv4" | "IPv6";
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remoteFamily: "IPv4" | "IPv6";
  readonly remotePort: number;
  /** @returns how many bytes it has taken, the others it forgets; less than 0 once it is closed */
  write(data: Uint8Array): number;
  /** Ends its writing side. */
  shutdown(): void;
  /** Closes it. */
  end(): void;
  /** Resets it. */
  terminate(): void;
  pause(): void;
  resume(): void;
  ref(): void;
  unref(): void;
  setNoDelay(noDelay: boolean): boolean;
  setKeepAlive(enable: boolean, initialDelay: number): boolean;
}

/** One that is there already, whosever it is. */
export interface PlainSocket extends RawSocket {
  /** Whose handlers it has; nobody's else at a client. */
  readonly listener?: object | undefined;
  /** More than 0 while it is open. */
  readonly readyState: number;
  reload(options: { readonly socket: RawHandlers<PlainSocket> }): void;
}

/** One of our own making. */
export interface OwnSocket extends RawSocket {
  data: RawEvents;
}

export interface RawListener {
  readonly hostname?: string | undefined;
  readonly port?: number | undefined;
  readonly unix?: string | undefined;
  stop(): void;
  ref(): void;
  unref(): void;
}

/** What happens to a socket, as Bun tells it. */
export interface RawEvents {
  /** It is connected. */
  open(raw: RawSocket): void;
  /** It can't be connected, or whoever opened it gives it up. */
  refused(error: Error): void;
  data(bytes: Uint8Array): void;
  /** It takes more. Bun says so unasked now and then, behind an end for instance. */
  drain(): void;
  /** The peer sends no more. */
  end(): void;
  /** It is closed. Where our own side has ended before, Bun tells the peer's end by this alone, without `end`. */
  close(error: Error | undefined): void;
}

export interface RawHandlers<Socket> {
  open?(raw: Socket): void;
  data(raw: Socket, bytes: Uint8Array): void;
  drain(raw: Socket): void;
  end(raw: Socket): void;
  close(raw: Socket, error?: Error): void;
  error(raw: Socket, error: Error): void;
}

interface RawOptions {
  readonly allowHalfOpen: boolean;
  readonly socket: RawHandlers<OwnSocket>;
}

type Place = { readonly unix: string } | { readonly hostname: string; readonly port: number };

interface Runtime {
  connect(options: RawOptions & Place & { readonly data: RawEvents }): Promise<unknown>;
  listen(options: RawOptions & Place): RawListener;
}

/** The global of the runtime that this runs in. */
declare const Bun: Runtime;

export function connectRaw(place: Place, events: RawEvents): Promise<unknown> {
  return Bun.connect({ ...place, data: events, allowHalfOpen: true, socket: { ...ownHandlers, open: opened } });
}

/** @param accept gives whom an accepted socket belongs to. */
export function listenRaw(place: Place, accept: () => RawEvents): RawListener {
  const open = (raw: OwnSocket): void => {
    raw.data = accept();
    opened(raw);
  };
  // Each side's end is TLS's to say.
  return Bun.listen({ ...place, allowHalfOpen: true, socket: { ...ownHandlers, open } });
}

function opened(raw: OwnSocket): void {
  raw.data.open(raw);
}

/**
 * The handlers that Bun gets for sockets.
 * @param eventsOf whom one belongs to; nobody is told of others.
 */
export function rawHandlers<Socket>(eventsOf: (raw: Socket) => RawEvents | undefined): RawHandlers<Socket> {
  return {
    data: (raw, bytes) => eventsOf(raw)?.data(bytes),
    drain: (raw) => eventsOf(raw)?.drain(),
    end: (raw) => eventsOf(raw)?.end(),
    close: (raw, error) => eventsOf(raw)?.close(error),
    // None of these throws: what the application's handlers throw is caught where they are called.
    error: (raw, error) => eventsOf(raw)?.close(error),
  };
}

const ownHandlers = rawHandlers<OwnSocket>((raw) => raw.data);
