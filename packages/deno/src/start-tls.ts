import { ClientContext, type ClientInfo, type ClientTarget, callerError, TlsClient } from "@tlskit/tls";
import {
  aBoolean,
  aFunction,
  anObject,
  aString,
  bytes,
  check,
  checkArguments,
  type Expectation,
  type Expectations,
  instanceOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { type ClientContextOptions, sharedClientContext } from "./context.ts";
import type { EarlyDataOption } from "./early-data.ts";
import { type ConnOptions, connOptions, TlsConn } from "./tls-conn.ts";

/** Whom a connection is to, and how it is spoken with. */
export interface StartTlsOptions
  extends Omit<ClientContextOptions, keyof ConnOptions>,
    ConnOptions,
    Omit<ClientTarget, "host"> {
  /** The name, or the address, that the server's certificate must be for: `127.0.0.1` unless told otherwise. */
  readonly hostname?: string | undefined;
  /** A context made once by `createClientContext`, instead of the options for contexts. */
  readonly context?: ClientContext | undefined;
  /** Early data, off unless given: it can be replayed. */
  readonly earlyData?: EarlyDataOption | undefined;
  /**
   * Gets the sessions that another connection to the same server can resume, as its `session`: each is as secret as a private
   * key. A context with `sessions` keeps and takes them by itself.
   */
  readonly keepSession?: ((session: Uint8Array) => void) | undefined;
  /** Refused if it is `true`: whoever is on the way could be any server that has a certificate. */
  readonly unsafelyDisableHostnameVerification?: false | undefined;
}

/** What isn't the context's. */
type OwnOptions = Omit<StartTlsOptions, Exclude<keyof ClientContextOptions, keyof ConnOptions>>;

const expected: Expectations<OwnOptions> = {
  ...connOptions,
  hostname: optional(aString),
  context: optional(instanceOf(ClientContext, "@tlskit/tls")),
  sendServerName: optional(aBoolean),
  checkServer: optional(aFunction),
  session: optional(bytes),
  sessionsFor: optional(aString),
  requireFullHandshake: optional(aBoolean),
  earlyData: optional(objectWith("early data", { replayable: bytes, outcome: aFunction })),
  keepSession: optional(aFunction),
  unsafelyDisableHostnameVerification: optional(aBoolean),
};

/** What a connection is made with, once nothing is wrong with it. */
export interface CheckedStart {
  readonly options: OwnOptions;
  readonly context: ClientContext;
}

/** @internal Everything that can be wrong with options for clients, before anybody is connected to. */
export function checkedStart(options: StartTlsOptions): CheckedStart {
  check(options, "options", anObject);
  const { own, others } = parted(options);
  checkArguments<OwnOptions>(own, expected);
  const { unsafelyDisableHostnameVerification: unsafely = false }: { unsafelyDisableHostnameVerification?: unknown } =
    own;
  if (unsafely !== false) {
    throw callerError(
      "refused_option",
      "unsafelyDisableHostnameVerification is not supported: hostname says which name the certificate must be for, and startTls takes another one than was connected to",
    );
  }
  if (own.earlyData?.replayable.length === 0) {
    throw callerError("out_of_range", "earlyData.replayable is empty: there is nothing that could become of it");
  }
  const [name] = Object.keys(others);
  if (own.context !== undefined && name !== undefined) {
    throw callerError("conflicting_options", `${name} is an option of contexts, and there is a context already`);
  }
  return { options: own, context: own.context ?? sharedClientContext(others) };
}

function parted(options: StartTlsOptions): { readonly own: OwnOptions; readonly others: ClientContextOptions } {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const isOwn = ([name]: readonly [string, unknown]): boolean => Object.hasOwn(expected, name);
  return {
    own: Object.fromEntries(given.filter(isOwn)),
    others: Object.fromEntries(given.filter((entry) => !isOwn(entry))),
  };
}

const aConn: Expectation = objectWith("a connection of Deno's", {
  read: aFunction,
  write: aFunction,
  close: aFunction,
  closeWrite: aFunction,
  ref: aFunction,
  unref: aFunction,
});

/** @internal */
export function checkConn(conn: Deno.Conn): void {
  check(conn, "conn", aConn);
}

/**
 * Begins TLS, as a client, over a connection that is there already: one that was spoken over in the clear before (STARTTLS), or
 * a Unix socket, or whatever has the shape of one of Deno's. It is TLS's from here on: nobody else may be reading it. Its
 * handshake begins by itself.
 * @throws {TlsError} (the promise) `invalid_argument`, `unknown_option`, `refused_option`, `conflicting_options`, `out_of_range`,
 *   `invalid_host`, and what `createClientContext` throws (the caller's fault)
 */
export async function startTls<Address extends Deno.Addr>(
  conn: Deno.Conn<Address>,
  options: StartTlsOptions = {},
): Promise<TlsConn<ClientInfo, Address>> {
  checkConn(conn);
  return started(conn, checkedStart(options));
}

/** @internal */
export function started<Address extends Deno.Addr>(
  conn: Deno.Conn<Address>,
  { options, context }: CheckedStart,
): TlsConn<ClientInfo, Address> {
  const { earlyData, keepSession } = options;
  const target = targetOf(options, conn.remoteAddr);
  return new TlsConn({
    conn,
    open: (handlers) => {
      const client = new TlsClient(context, target, handlers);
      if (earlyData !== undefined) client.sendEarly(earlyData.replayable);
      return client;
    },
    clock: context.settings.clock,
    options,
    own: {
      ...(keepSession && { session: keepSession }),
      ...(earlyData && { earlyDataOutcome: (outcome, data) => earlyData.outcome(outcome, data) }),
    },
  });
}

function targetOf(options: OwnOptions, address: Deno.Addr): ClientTarget {
  const { hostname = defaultHostname, sendServerName, checkServer, session, requireFullHandshake } = options;
  const host = bareHost(hostname);
  const place = "port" in address ? address.port : "path" in address ? address.path : "";
  const sessionsFor = options.sessionsFor ?? `${host} ${place}`;
  return { host, sendServerName, checkServer, session, sessionsFor, requireFullHandshake };
}

/** @internal As Deno has it. */
export const defaultHostname = "127.0.0.1";

/** @internal An IPv6 address as URLs have it, as an address. */
export function unbracketed(hostname: string): string {
  return hostname.startsWith("[") && hostname.endsWith("]") ? hostname.slice(1, -1) : hostname;
}

/** A host as certificates name it: an address without the zone, which is about this machine alone. */
function bareHost(hostname: string): string {
  const host = unbracketed(hostname);
  return host.includes(":") ? host.replace(/%.*$/, "") : host;
}
