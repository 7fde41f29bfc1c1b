import { connect as connectTcp, isIP } from "node:net";
import { addAbortSignal, type Duplex } from "node:stream";
import { domainToASCII } from "node:url";
import { type ClientContext, callerError, TlsClient, type TraceEvent } from "@tlskit/tls";
import { type ClientContextOptions, sharedClientContext } from "./client-context.ts";
import { TlsSocket } from "./tls-socket.ts";

/** Whom to connect to, and how. */
export interface ConnectOptions extends ClientContextOptions {
  /** A name or an address. Needed unless a `socket` is given. */
  readonly host?: string | undefined;
  /** 443 unless told otherwise. */
  readonly port?: number | undefined;
  /** The name, or the address, that the server's certificate must be for: `host` unless told otherwise. */
  readonly servername?: string | undefined;
  /** Whether a name is sent to the server (SNI), in the clear. It is unless told otherwise. */
  readonly sendServerName?: boolean | undefined;
  /** What to run over, instead of a TCP connection: any Duplex, such as a socket after STARTTLS. It is ended with this one. */
  readonly socket?: Duplex | undefined;
  /** A context made once by `createClientContext`; the options for contexts are then not looked at. */
  readonly context?: ClientContext | undefined;
  /** Whether our side stays open when the peer's is closed. It doesn't unless told otherwise. */
  readonly allowHalfOpen?: boolean | undefined;
  /** Milliseconds without a byte until `timeout` is emitted, as by `setTimeout`. `http.request` hands its own on. */
  readonly timeout?: number | undefined;
  /** Destroys the socket when aborted. For the time that connecting may take, `AbortSignal.timeout`. */
  readonly signal?: AbortSignal | undefined;
  /** Gets each step of the handshake and of what follows. */
  readonly trace?: ((event: TraceEvent) => void) | undefined;
}

/**
 * Opens a TLS connection: a socket that can be written to at once, and emits `secureConnect` when the handshake is done
 * and the server verified.
 * @param secureConnectListener for that event.
 * @throws {TlsError} `no_host`, `invalid_host` and the errors of a client context (the caller's fault)
 */
export function connect(options: ConnectOptions, secureConnectListener?: () => void): TlsSocket {
  const host = asciiHost(options.servername ?? options.host);
  const context = options.context ?? sharedClientContext(options);
  const raw = options.socket ?? openTcp(options);
  let socket: TlsSocket;
  try {
    socket = new TlsSocket({
      raw,
      open: (handlers) => new TlsClient(context, { host, sendServerName: options.sendServerName }, handlers),
      role: "client",
      servername: isIP(host) === 0 ? host : undefined,
      allowHalfOpen: options.allowHalfOpen,
      trace: options.trace,
    });
  } catch (error) {
    if (options.socket === undefined) raw.destroy();
    throw error;
  }
  if (options.timeout !== undefined) socket.setTimeout(options.timeout);
  if (options.signal !== undefined) addAbortSignal(options.signal, socket);
  if (secureConnectListener !== undefined) socket.once("secureConnect", secureConnectListener);
  return socket;
}

function openTcp({ host, port = 443 }: ConnectOptions): Duplex {
  if (host === undefined) throw callerError("no_host", "there is neither a host nor a socket to connect to");
  return connectTcp({
    host: unbracketed(host),
    port,
    // Each side's end is TLS's to say.
    allowHalfOpen: true,
    // The Finished message and a first short request are two small writes: the second would wait for the peer to
    // acknowledge the first, which has no reason to hurry.
    noDelay: true,
  });
}

function asciiHost(host: string | undefined): string {
  if (host === undefined) throw callerError("no_host", "there is no servername, nor a host, to verify the server by");
  // A name in other letters has A-labels that stand for it; what has none is for the check of host names to refuse.
  return /^[\0-\x7f]*$/.test(host) ? host : domainToASCII(host) || host;
}

function unbracketed(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}
