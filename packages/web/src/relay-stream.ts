import { callerError } from "@tlskit/tls";
import { aNumber, aString, check, checkOptions, expectation, optional } from "@tlskit/wire/arguments";
import type { ByteStream } from "./byte-stream.ts";
import { relayPath, relayProtocol } from "./relay-protocol.ts";
import { webSocketStream } from "./websocket.ts";

const anAddress = expectation("a string or a URL", (value) => typeof value === "string" || value instanceof URL);

const aSignal = expectation("an AbortSignal", (value) => value instanceof AbortSignal);

/** Where a relay is to connect to. */
export interface RelayTarget {
  /** A name or an address, as the relay allows it. */
  readonly host: string;
  readonly port: number;
}

/** How a stream through a relay is opened, and what ends it. */
export interface RelayStreamOptions {
  /**
   * When it is aborted the WebSocket is closed, be it open yet or not: that ends the stream also for those who hold its
   * reader and its writer.
   */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A stream of bytes to a TCP server, through a relay of `@tlskit/relay`: what TLS is to run over.
 * ```ts
 * const stream = await relayStream("wss://relay.example", { host: "db.example", port: 5432 });
 * ```
 * @param relay its address: `wss://HOST`, and a path if it is behind another server. A query is the relay's `authorize`'s.
 * @returns fails with a `TlsError` of the code `websocket_failed` if the relay can't be reached or refuses; a browser doesn't
 *   say why. That the target can't be reached is told by the stream, with `target_unreachable`
 * @throws {TlsError} (the promise) `invalid_argument`, `unknown_option`, `out_of_range`, `invalid_url`, `no_websocket` (the
 *   caller's fault); the signal's reason
 */
export async function relayStream(
  relay: string | URL,
  target: RelayTarget,
  options: RelayStreamOptions = {},
): Promise<ByteStream> {
  check(relay, "relay", anAddress);
  checkOptions("relayStream", target, { host: aString, port: aNumber });
  checkOptions("relayStream", options, { signal: optional(aSignal) });
  const { host, port } = target;
  const { signal } = options;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw callerError("out_of_range", `port is ${port}, not one from 1 to 65535`);
  }
  signal?.throwIfAborted();
  const socket = opened(relay, host, port);
  const close = (): void => socket.close();
  signal?.addEventListener("abort", close);
  socket.addEventListener("close", () => signal?.removeEventListener("abort", close), { once: true });
  try {
    return await webSocketStream(socket);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function opened(relay: string | URL, host: string, port: number): WebSocket {
  if (typeof WebSocket === "undefined") throw callerError("no_websocket", "there is no WebSocket in this runtime");
  try {
    const url = new URL(relay);
    url.pathname = url.pathname.replace(/\/$/, "") + relayPath(host, port);
    return new WebSocket(url, relayProtocol);
  } catch (error) {
    // Also ws: in a page that was loaded by https:, of which the browser says why.
    throw callerError("invalid_url", "relay is no address of a WebSocket that can be used here", error);
  }
}
