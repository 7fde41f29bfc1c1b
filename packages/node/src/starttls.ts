/**
 * TLS over connections that begin in the clear (STARTTLS): what goes before it, and then TLS.
 * @module
 */
import type { Duplex } from "node:stream";
import { type Protocol, type StartTls, type StartTlsHandlers, startTlsClient, startTlsServer } from "@tlskit/starttls";
import { callerError, TlsError } from "@tlskit/tls";
import { check } from "@tlskit/wire/arguments";
import { isBlocked } from "./block-list.ts";
import { type ConnectOptions, checkedConnect, connect, openRaw } from "./connect.ts";
import { aDuplex } from "./options/expectations.ts";
import { serverTables } from "./options/server-context.ts";
import { checkedOptions } from "./options/table.ts";
import { linger, type RawStream, rawBytes, readBytesOf } from "./raw-stream.ts";
import { type AcceptOptions, accept, contextOf } from "./server.ts";
import type { TlsSocket } from "./tls-socket.ts";

export {
  ftp,
  imap,
  ldap,
  lmtp,
  mysql,
  nntp,
  type Protocol,
  pop3,
  postgres,
  protocols,
  smtp,
  xmpp,
  xmppServer,
} from "@tlskit/starttls";

/** As of `connect`, and what is spoken before TLS. */
export interface StartTlsOptions extends ConnectOptions {
  /** One of `@tlskit/starttls`: `smtp`, say. Its port is connected to unless there is another, or a `socket`. */
  readonly protocol: Protocol;
  /** How the client calls itself in protocols where it does: `[127.0.0.1]` unless told otherwise. */
  readonly clientName?: string | undefined;
}

/** As of `accept`, and what is spoken before TLS. */
export interface AcceptStartTlsOptions extends AcceptOptions {
  /** One of `@tlskit/starttls` that has a server's part: `smtp`, `imap`, `postgres`. */
  readonly protocol: Protocol;
  /** How the server calls itself. */
  readonly host: string;
}

/**
 * Connects, or goes over a `socket` that is there, agrees with the server to begin TLS, and does. There is no going on in
 * the clear: a server that doesn't begin TLS is an error. What the server said before is forgotten, as protocols demand.
 * The time for the handshake (`handshakeTimeout`) counts for what goes before it as well, by itself.
 * @returns the socket, when the server has been verified
 * @throws {TlsError} (the promise) `no_starttls`, `plaintext_before_tls`, `malformed_dialogue`, `message_too_long`,
 *   `too_many_lines`, `truncated`, `handshake_timeout`, `invalid_host`, `invalid_client_name`; what `connect` throws, and
 *   what ends its socket before the handshake is done; the reason of an aborted `signal`
 */
export async function startTls(options: StartTlsOptions): Promise<TlsSocket> {
  const { protocol, clientName, ...tls } = options;
  const { options: checked, target, context } = checkedConnect("startTls", tls);
  const { signal, blockList, socket: given } = checked;
  const { host } = target;
  signal?.throwIfAborted();
  const placed = { ...checked, port: checked.port ?? protocol.port };
  return await secured({
    open: () => given ?? openRaw(placed, undefined),
    begin: (handlers) => startTlsClient(protocol, { host, clientName }, handlers),
    secure: (raw) => connect({ host, ...placed, socket: raw }),
    admits: (raw) => blockList === undefined || !isBlocked(raw, blockList),
    timeout: context.settings.handshakeTimeout,
    signal,
  });
}

/**
 * The server's part over a stream that is there, such as a socket of a `net.Server`: agrees with the client to begin TLS,
 * and does. Until then everything else is refused. A server has one `context` for all of its connections, in whose tickets
 * sessions are resumed.
 * @returns the socket, when the handshake is done
 * @throws {TlsError} (the promise) as {@link startTls} does, and what `accept` throws
 */
export async function acceptStartTls(raw: Duplex, options: AcceptStartTlsOptions): Promise<TlsSocket> {
  const { protocol, host, ...tls } = options;
  check(raw, "raw", aDuplex);
  const checked = checkedOptions("acceptStartTls", tls, serverTables, ["context", "connection"]);
  const context = contextOf(checked);
  const { allowHalfOpen, dangerouslyAcceptTruncation, highWaterMark, trace } = checked;
  return await secured({
    open: () => raw,
    begin: (handlers) => startTlsServer(protocol, { host }, handlers),
    secure: () => accept(raw, { context, allowHalfOpen, dangerouslyAcceptTruncation, highWaterMark, trace }),
    admits: () => true,
    timeout: context.settings.handshakeTimeout,
    signal: undefined,
  });
}

interface Way {
  /** Gives the stream, once nothing can be wrong with what was asked for. */
  open(): RawStream;
  begin(handlers: StartTlsHandlers): StartTls;
  /** Begins TLS. */
  secure(raw: RawStream): TlsSocket;
  /** Asked once the stream is connected. */
  admits(raw: RawStream): boolean;
  /** Milliseconds until TLS begins. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

async function secured(way: Way): Promise<TlsSocket> {
  const socket = await spoken(way);
  await socket.established;
  return socket;
}

/** Ends when TLS has begun; fails, and closes the stream, if it doesn't. */
async function spoken({ open, begin, secure, admits, timeout, signal }: Way): Promise<TlsSocket> {
  return await new Promise((resolve, reject) => {
    const side = begin({
      bytes: (bytes) => void raw.write(bytes),
      ready: () => {
        forget();
        raw.pause();
        try {
          // In the same go, so that nothing happens to the stream without TLS being told.
          resolve(heldBack(secure(raw)));
        } catch (error) {
          failed(error);
        }
      },
      failed: (error) => failed(error),
    });
    const failed = (error: unknown): void => {
      forget();
      reject(error);
      raw.on("error", () => undefined);
      if (raw.connecting === true) raw.destroy();
      // What was said last, a server's refusal, is on its way.
      else linger(raw.end(), undefined);
    };
    const heard = (chunk: unknown): void => {
      const bytes = rawBytes(raw, chunk);
      if (bytes === undefined) failed(callerError("raw_encoding", "setEncoding was called on the raw stream"));
      else side.receive(bytes);
    };
    const ended = (): void => side.receiveEnd();
    const aborted = (): void => failed(signal?.reason);
    const connected = (): void => {
      if (admits(raw)) side.start();
      else failed(callerError("ERR_IP_BLOCKED", `blockList has the address ${raw.remoteAddress}`));
    };
    const tooLate = (): void => {
      const message = `the peer took more than ${timeout} ms until TLS could begin`;
      failed(new TlsError("timeout", "handshake_timeout", message));
    };
    const forget = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      raw.off("connect", connected);
      raw.off("data", heard);
      raw.off("end", ended);
      raw.off("close", ended);
      raw.off("error", failed);
    };
    const raw = open();
    readBytesOf(raw);
    const timer = setTimeout(tooLate, timeout);
    signal?.addEventListener("abort", aborted);
    raw.on("error", failed);
    raw.on("end", ended);
    raw.on("close", ended);
    raw.on("data", heard);
    if (raw.connecting === true) raw.once("connect", connected);
    else connected();
    // One that has ended already tells nothing any more.
    if (raw.destroyed || raw.readableEnded) ended();
  });
}

/** What fails before whoever waits for the socket has it is told by `close` and `errored`, and ends no process. */
function heldBack(socket: TlsSocket): TlsSocket {
  const ignore = (): void => undefined;
  socket.on("error", ignore);
  socket.once("secure", () => setImmediate(() => socket.off("error", ignore)));
  return socket;
}
