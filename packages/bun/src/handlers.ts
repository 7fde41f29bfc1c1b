import { callerError } from "@tlskit/tls";
import type { TlsSocket } from "./tls-socket.ts";

/** What the handler `data` can be given. */
export interface BinaryTypes {
  readonly buffer: Buffer;
  readonly uint8array: Uint8Array<ArrayBuffer>;
  readonly arraybuffer: ArrayBuffer;
}

export type BinaryType = keyof BinaryTypes;

/** What a handler may return: one that isn't done yet fails as one that throws. */
type Handled = void | Promise<void>;

/**
 * What is told of sockets, as `Bun.connect` and `Bun.listen` have it: one set of functions for any number of sockets.
 *
 * Each is called when the step that caused it has settled, never one inside another, or inside a call of the application's. One that throws, or whose promise
 * fails, is told to `error`; the socket goes on. Without `error` it is an error of the program that nobody caught.
 */
export interface SocketHandler<Data = undefined, Binary extends BinaryType = "buffer"> {
  /**
   * The socket can be used. Without a handler `handshake` it can be written to: the handshake is done, and a server verified.
   * With one, it is told as soon as the socket below is connected, before the handshake: `setSession` and `setServername`
   * have their effect here, and nothing can be written yet.
   */
  open?(socket: TlsSocket<Data>): Handled;
  /**
   * The handshake is over.
   * @param success whether it is done, and the connection goes on. Otherwise `close` follows.
   * @param authorizationError what it failed of; or, where that was allowed, why the peer that was let in isn't verified.
   *   Nothing for a verified peer, and for a client that nobody asked who it is.
   */
  handshake?(socket: TlsSocket<Data>, success: boolean, authorizationError: Error | null): Handled;
  /** Data from the peer, which has been verified. It belongs to whoever gets it. */
  data?(socket: TlsSocket<Data>, data: BinaryTypes[Binary]): Handled;
  /** The socket takes more, after a `write` that took less than it was given. */
  drain?(socket: TlsSocket<Data>): Handled;
  /**
   * The peer sends no more (`close_notify`), behind all data. Unless `allowHalfOpen` says otherwise our own side is ended when
   * this returns. A stream that was cut off is no end.
   */
  end?(socket: TlsSocket<Data>): Handled;
  /** A handler threw; or, before `close`, what an established connection has failed of. */
  error?(socket: TlsSocket<Data>, error: Error): Handled;
  /**
   * A socket that was opened is closed, once and last.
   * @param error a `TlsError` unless both ends have closed in order.
   */
  close?(socket: TlsSocket<Data>, error?: Error): Handled;
  /** A client's, instead of `open`: it could not be connected, or its handshake failed. `connect` rejects with the same. */
  connectError?(socket: TlsSocket<Data>, error: Error): Handled;
  /** The time is over that `timeout` was told. Without this handler the socket is closed then. */
  timeout?(socket: TlsSocket<Data>): Handled;
  /**
   * A client's: a session that another connection to the same server can resume, by its option `session` or `setSession`. It is as
   * secret as a private key.
   */
  session?(socket: TlsSocket<Data>, session: Buffer): Handled;
  /**
   * A server's, with the option `earlyData`: what the client sent before the handshake's end, in order, mostly before
   * `open`. Whoever has seen it can send it again, to this server or another one, and whoever gets at the ticket key can
   * read it. Without this handler none is taken. What is written here goes at once.
   */
  earlyData?(socket: TlsSocket<Data>, data: Buffer): Handled;
  /** What `data` is given: a `Buffer` unless told otherwise. */
  binaryType?: Binary;
}

/** The handlers of one socket or of all that a listener has accepted, until others take their place. */
export class HandlersInUse<Data> {
  #current: SocketHandler<Data, BinaryType>;

  constructor(handlers: SocketHandler<Data, BinaryType>) {
    this.#current = handlers;
  }

  get current(): SocketHandler<Data, BinaryType> {
    return this.#current;
  }

  replace(handlers: SocketHandler<Data, BinaryType>): void {
    this.#current = handlers;
  }

  /** Calls one of them, if it is there; whatever it throws, now or later, is told to `error`. */
  call(socket: TlsSocket<Data>, handle: (handlers: SocketHandler<Data, BinaryType>) => Handled): void {
    try {
      const handled = handle(this.#current);
      if (handled instanceof Promise) handled.catch((error: unknown) => this.#threw(socket, error));
    } catch (error) {
      this.#threw(socket, error);
    }
  }

  #threw(socket: TlsSocket<Data>, thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : callerError("handler_threw", "a handler threw no Error", thrown);
    if (this.#current.error === undefined) {
      leaveUncaught(error);
      return;
    }
    try {
      const handled = this.#current.error(socket, error);
      if (handled instanceof Promise) handled.catch(leaveUncaught);
    } catch (another) {
      leaveUncaught(another);
    }
  }
}

/** What nobody catches is the program's affair, and not that of the connection which the call was for. */
function leaveUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
