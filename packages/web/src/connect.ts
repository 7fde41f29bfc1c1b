import { ClientContext, type ClientInfo, type ClientTarget, callerError, TlsClient } from "@tlskit/tls";
import {
  aFunction,
  anObject,
  bytes,
  check,
  checkArguments,
  type Expectations,
  instanceOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import type { RawByteStream } from "./byte-stream.ts";
import type { EarlyDataOption } from "./early-data.ts";
import { type SocketOptions, socketOptions, TlsSocket, type TlsSocketParts } from "./tls-socket.ts";

/** Whom to connect to, and how: a target of `@tlskit/tls`, and what a socket can be told. */
export interface ConnectOptions extends ClientTarget, SocketOptions {
  /** Early data, off unless given: it can be replayed. The context has to have `resumption`. */
  readonly earlyData?: EarlyDataOption | undefined;
  /**
   * Gets the sessions that another connection to the same server can resume, as its `session`: each is as secret as a private
   * key. A context with `sessions` keeps and takes them by itself. It has to have `resumption` in any case.
   */
  readonly keepSession?: ((session: Uint8Array) => void) | undefined;
}

const expected: Expectations<Omit<ConnectOptions, keyof ClientTarget>> = {
  ...socketOptions,
  earlyData: optional(objectWith("early data", { replayable: bytes, outcome: aFunction })),
  keepSession: optional(aFunction),
};

/**
 * A client's end of a TLS connection over a stream, which is the socket's from here on. It can be written to at once.
 * ```ts
 * const context = await createClientContext({ anchors: trustAnchorsFromPem(authority) });
 * const socket = connect(stream, context, { host: "example.com" });
 * const { alpn, peer } = await socket.opened;
 * ```
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `invalid_host`, `locked_stream`; `out_of_range` for early data of
 *   no bytes; `no_resumption` for sessions and early data where the context resumes none (the caller's fault)
 */
export function connect(stream: RawByteStream, context: ClientContext, options: ConnectOptions): TlsSocket<ClientInfo> {
  return new TlsSocket(clientSocketParts(stream, context, options));
}

/** @internal How a client's socket comes to be; throws what {@link connect} throws. */
export function clientSocketParts(
  stream: RawByteStream,
  context: ClientContext,
  options: ConnectOptions,
): TlsSocketParts<ClientInfo> {
  check(context, "context", instanceOf(ClientContext, "@tlskit/tls"));
  check(options, "connect", anObject);
  const { earlyData, keepSession, keyLog, trace, dangerouslyAcceptTruncation, ...target } = options;
  // The others are the target's, which is held to its own.
  checkArguments({ earlyData, keepSession, keyLog, trace, dangerouslyAcceptTruncation }, expected);
  if (earlyData?.replayable.length === 0) {
    throw callerError("out_of_range", "earlyData.replayable is empty: there is nothing that could become of it");
  }
  if ((earlyData ?? keepSession) !== undefined && context.settings.resumption === undefined) {
    throw callerError(
      "no_resumption",
      "the context hasn't got `resumption` of @tlskit/tls, without which there are no sessions",
    );
  }
  return {
    stream,
    open: (handlers) => {
      const client = new TlsClient(context, target, handlers);
      if (earlyData !== undefined) client.sendEarly(earlyData.replayable);
      return client;
    },
    clock: context.settings.clock,
    options: { keyLog, trace, dangerouslyAcceptTruncation },
    own: {
      ...(keepSession && { session: keepSession }),
      ...(earlyData && { earlyDataOutcome: (outcome, data) => earlyData.outcome(outcome, data) }),
    },
  };
}
