import { callerError, type TlsError } from "@tlskit/tls";
import { type BinaryType, HandlersInUse, type SocketHandler } from "./handlers.ts";
import type { RawEvents } from "./runtime.ts";
import { TlsSocket, type TlsSocketParts } from "./tls-socket.ts";

/** What the options of TLS make of a socket. */
type Made = Omit<
  TlsSocketParts<never>,
  "allowHalfOpen" | "data" | "established" | "failed" | "handlers" | "listener" | "over"
>;

/** What `connect` and `upgradeTLS` are told of a socket. */
interface SocketOptions<Data> {
  readonly socket: SocketHandler<Data, BinaryType>;
  readonly data?: Data | undefined;
  readonly allowHalfOpen?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A socket on its way. */
export interface Opening<Data> {
  /** Whom the socket below tells what happens to it. */
  readonly events: RawEvents;
  /** Kept when the handshake is done. */
  readonly established: Promise<TlsSocket<Data>>;
}

/** @throws {TlsError} `no_host`, `invalid_host`; `aborted` for a signal that is (the caller's fault) */
export function opening<Data>(parts: Made, options: SocketOptions<Data>): Opening<Data> {
  const { signal } = options;
  if (signal?.aborted === true) throw aborted(signal);
  const abort = (): void => {
    if (signal !== undefined) events.refused(aborted(signal));
  };
  const { promise, resolve, reject } = Promise.withResolvers<TlsSocket<Data>>();
  const socket = new TlsSocket<Data>({
    ...parts,
    handlers: new HandlersInUse(options.socket),
    data: options.data as Data, // whoever leaves it out has `undefined` for its type, as with Bun
    allowHalfOpen: options.allowHalfOpen ?? false,
    established: (established) => {
      signal?.removeEventListener("abort", abort);
      resolve(established);
    },
    failed: (error, isHandled) => {
      reject(error);
      // As with Bun: who was told has dealt with it, and need not look at the promise.
      if (isHandled) promise.catch(() => undefined);
    },
    over: () => signal?.removeEventListener("abort", abort),
  });
  const events = TlsSocket.rawEvents(socket);
  signal?.addEventListener("abort", abort);
  return { events, established: promise };
}

function aborted({ reason }: AbortSignal): TlsError {
  return callerError("aborted", "connecting was given up by the signal", reason);
}

/** What can't even begin is told by the promise too, and that which is given is the very one that need not be looked at. */
export function begun<T>(begin: () => Promise<T>): Promise<T> {
  try {
    return begin();
  } catch (error) {
    return Promise.reject(error);
  }
}
