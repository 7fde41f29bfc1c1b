import { callerError } from "@tlskit/tls";
import {
  aBoolean,
  aFunction,
  anObject,
  anything,
  check,
  checkOptions,
  type Expectations,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { type Binary, bytesOf } from "./binary.ts";
import { type ClientTlsOptions, clientParts } from "./client-connection.ts";
import { aHandlerSet } from "./expectations.ts";
import type { BinaryType, SocketHandler } from "./handlers.ts";
import { begun, opening } from "./opening.ts";
import { type PlainSocket, type RawEvents, rawHandlers } from "./runtime.ts";
import { type ServerTlsOptions, serverConnections } from "./server-connection.ts";
import type { TlsSocket } from "./tls-socket.ts";

interface CommonUpgradeOptions<Data, Binary extends BinaryType> {
  readonly socket: SocketHandler<Data, Binary>;
  /** What the `data` of the socket of TLS is at first. */
  readonly data?: Data | undefined;
  /** Whether this side stays open when the peer's has ended. It doesn't unless told otherwise. */
  readonly allowHalfOpen?: boolean | undefined;
}

/** A client's: who the server has to be, since a socket that is there already doesn't tell. */
export interface ClientUpgradeOptions<Data = undefined, Binary extends BinaryType = "buffer">
  extends CommonUpgradeOptions<Data, Binary> {
  readonly tls: ClientTlsOptions;
  readonly isServer?: false | undefined;
}

/** A server's. */
export interface ServerUpgradeOptions<Data = undefined, Binary extends BinaryType = "buffer">
  extends CommonUpgradeOptions<Data, Binary> {
  readonly tls: ServerTlsOptions;
  readonly isServer: true;
}

const expectations: Expectations<CommonUpgradeOptions<unknown, BinaryType> & { isServer: unknown; tls: unknown }> = {
  socket: aHandlerSet,
  data: anything,
  allowHalfOpen: optional(aBoolean),
  isServer: optional(aBoolean),
  tls: anObject,
};

const aSocket = objectWith("a socket of Bun's", { write: aFunction, reload: aFunction, terminate: aFunction });

/** Sockets whose handlers are `upgradable`. */
const seen = new WeakSet<object>();
/** Those that TLS has taken over. */
const upgraded = new WeakMap<object, RawEvents>();

/**
 * Begins TLS on a socket of Bun's that is there already, as after STARTTLS, at either end. From here on it is TLS's: nothing else
 * may write to it, and its handlers are told nothing any more. It is best made with `allowHalfOpen: true`: otherwise Bun
 * closes it as soon as the peer has ended its side.
 *
 * What the peer sent in front of TLS, behind what was answered, is whoever reads the plain protocol's to refuse: it came from
 * anybody.
 * @throws {TlsError} (the promise) `not_upgradable` (the caller's fault) for a socket of a listener whose handlers aren't
 *   `upgradable`; `already_upgraded`; `closed`; and what `connect` and `listen` throw
 */
export function upgradeTLS<Data = undefined, Binary extends BinaryType = "buffer">(
  raw: PlainSocket,
  options: ClientUpgradeOptions<Data, Binary>,
): Promise<TlsSocket<Data>>;
export function upgradeTLS<Data = undefined, Binary extends BinaryType = "buffer">(
  raw: PlainSocket,
  options: ServerUpgradeOptions<Data, Binary>,
): Promise<TlsSocket<Data>>;
export function upgradeTLS<Data>(
  raw: PlainSocket,
  options: ClientUpgradeOptions<Data, BinaryType> | ServerUpgradeOptions<Data, BinaryType>,
): Promise<TlsSocket<Data>> {
  return begun(() => begin(raw, options));
}

function begin<Data>(
  raw: PlainSocket,
  options: ClientUpgradeOptions<Data, BinaryType> | ServerUpgradeOptions<Data, BinaryType>,
): Promise<TlsSocket<Data>> {
  check(raw, "raw", aSocket);
  checkOptions<object>("upgradeTLS", options, expectations);
  const parts = options.isServer === true ? serverConnections(options.tls).parts() : clientParts(options.tls, {});
  const { events, established } = opening<Data>(parts, options);
  takeOver(raw, events);
  events.open(raw);
  return established;
}

function takeOver(raw: PlainSocket, events: RawEvents): void {
  if (raw.readyState <= 0) throw callerError("closed", "the socket is closed, or has ended its side");
  if (upgraded.has(raw)) throw callerError("already_upgraded", "TLS has been begun on this socket");
  if (!seen.has(raw)) {
    // In Bun the handlers of a socket that was accepted are those of all that its listener has.
    if (raw.listener !== undefined) {
      throw callerError("not_upgradable", "a socket of Bun.listen can be upgraded if its handlers are upgradable(…)");
    }
    // Whose listener has stopped has none, and its handlers may be others' too: those bytes are nobody's here.
    raw.reload({ socket: rawHandlers((one) => (one === raw ? events : undefined)) });
  }
  upgraded.set(raw, events);
}

const aPlainHandlerSet = objectWith("an object of handlers", {
  open: optional(aFunction),
  data: optional(aFunction),
  drain: optional(aFunction),
  end: optional(aFunction),
  close: optional(aFunction),
  error: optional(aFunction),
  timeout: optional(aFunction),
});

/** Handlers as Bun takes them, whatever the `data` of their sockets. */
interface PlainHandlers {
  open?(raw: PlainSocket): unknown;
  data?(raw: PlainSocket, data: Binary): unknown;
  drain?(raw: PlainSocket): unknown;
  end?(raw: PlainSocket): unknown;
  close?(raw: PlainSocket, error?: Error): unknown;
  error?(raw: PlainSocket, error: Error): unknown;
  timeout?(raw: PlainSocket): unknown;
}

/**
 * Handlers for `Bun.listen` (or `Bun.connect`) whose sockets can be upgraded one by one: each gets these until `upgradeTLS` is
 * called for it. Those of Bun itself are one set for all sockets of a listener, and can't be changed for one.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function upgradable<Handlers extends object>(handlers: Handlers): Handlers {
  check(handlers, "handlers", aPlainHandlerSet);
  const plain: PlainHandlers = { ...handlers };
  const dispatched: PlainHandlers = {
    open: (raw) => {
      seen.add(raw);
      return plain.open?.(raw);
    },
    // Bytes, whatever `binaryType` says.
    data: (raw, data) => (upgraded.has(raw) ? upgraded.get(raw)?.data(bytesOf(data)) : plain.data?.(raw, data)),
    drain: (raw) => (upgraded.has(raw) ? upgraded.get(raw)?.drain() : plain.drain?.(raw)),
    end: (raw) => (upgraded.has(raw) ? upgraded.get(raw)?.end() : plain.end?.(raw)),
    close: (raw, error) => (upgraded.has(raw) ? upgraded.get(raw)?.close(error) : plain.close?.(raw, error)),
    error: (raw, error) => (upgraded.has(raw) ? upgraded.get(raw)?.close(error) : plain.error?.(raw, error)),
    timeout: (raw) => (upgraded.has(raw) ? undefined : plain.timeout?.(raw)),
  };
  return { ...handlers, ...dispatched };
}
