import { type ClientInfo, callerError } from "@tlskit/tls";
import {
  aBoolean,
  aNumber,
  anObject,
  check,
  checkArguments,
  type Expectations,
  expectation,
  instanceOf,
  optional,
} from "@tlskit/wire/arguments";
import { checkedStart, defaultHostname, type StartTlsOptions, started, unbracketed } from "./start-tls.ts";
import type { TlsConn } from "./tls-conn.ts";

/** What Deno is told of the TCP connection below, as it is. */
interface TcpOptions {
  /** The port to connect to. */
  readonly port: number;
  readonly transport?: "tcp" | undefined;
  /** Gives up connecting when it is aborted; the handshake behind that has `handshakeTimeout`. */
  readonly signal?: AbortSignal | undefined;
  /** Whether addresses of both families are tried, one beside the other (RFC 8305): as Deno does unless told otherwise. */
  readonly autoSelectFamily?: boolean | undefined;
  /** Milliseconds. */
  readonly autoSelectFamilyAttemptDelay?: number | undefined;
}

/** Whom to connect to, and how. */
export interface ConnectTlsOptions extends StartTlsOptions, TcpOptions {
  /** A name or an address to connect to, that the certificate must be for: `127.0.0.1` unless told otherwise. */
  readonly hostname?: string | undefined;
}

const expected: Expectations<TcpOptions> = {
  port: aNumber,
  transport: optional(expectation('"tcp"', (value) => value === "tcp")),
  signal: optional(instanceOf(AbortSignal, "this runtime")),
  autoSelectFamily: optional(aBoolean),
  autoSelectFamilyAttemptDelay: optional(aNumber),
};

/**
 * Opens a TLS connection. As Deno's own it is there when the TCP connection is, and its handshake, which verifies the server,
 * begins by itself: nothing that is written goes before it is done, and `handshake()` waits for it.
 *
 * Asks for `--allow-net` to the host and nothing else.
 * @throws {TlsError} (the promise) `invalid_argument`, `unknown_option`, `refused_option`, `conflicting_options`, `out_of_range`,
 *   `invalid_host`, and what `createClientContext` throws (the caller's fault)
 * @throws {Error} (the promise) what `Deno.connect` throws: `Deno.errors.ConnectionRefused`, say
 */
export async function connectTls(options: ConnectTlsOptions): Promise<TlsConn<ClientInfo>> {
  check(options, "options", anObject);
  const { port, transport, signal, autoSelectFamily, autoSelectFamilyAttemptDelay, ...others } = options;
  checkArguments<TcpOptions>({ port, transport, signal, autoSelectFamily, autoSelectFamilyAttemptDelay }, expected);
  if (!(Number.isInteger(port) && port >= 0 && port <= 0xffff)) {
    throw callerError("out_of_range", `port is 0 to 65535, not ${port}`);
  }
  const start = checkedStart(others);
  const hostname = unbracketed(options.hostname ?? defaultHostname);
  // Some are known to later Denos than these types are of.
  const tcp = defined({ hostname, port, signal, autoSelectFamily, autoSelectFamilyAttemptDelay });
  const conn = await Deno.connect({ ...tcp, port });
  try {
    return started(conn, start);
  } catch (error) {
    conn.close();
    throw error;
  }
}

/** What Deno is told is there or isn't: nothing in it is `undefined`. */
function defined(options: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
