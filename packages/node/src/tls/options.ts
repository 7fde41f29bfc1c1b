import type * as net from "node:net";
import type * as node from "node:tls";
import type { AlpnProtocols } from "../options/alpn.ts";
import type { ClientContextOptions } from "../options/client-context.ts";
import type { ServerContextOptions } from "../options/server-context.ts";
import type { SecureContext } from "./secure-context.ts";
import type { TLSSocket } from "./tls-socket.ts";

/** What `createSecureContext` is told. Names that mean nothing here are passed over, as `node:tls` does. */
export interface SecureContextOptions extends Omit<node.SecureContextOptions, "ticketKeys"> {}

/** What `SNICallback` calls, at once or later: with nothing to go on with the server's own. */
export type SniDone = (error: Error | null, context?: SecureContext | null) => void;

/** What a server does with its connections. */
export interface ServerConnectionOptions {
  readonly requestCert?: boolean | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
  readonly ALPNProtocols?: AlpnProtocols | undefined;
  readonly ALPNCallback?: node.SecureContextOptions["ALPNCallback"];
  readonly SNICallback?: ((servername: string, done: SniDone) => void) | undefined;
  /** Gives the pre-shared key of a client, by the name that it has for it; nothing for a name that isn't known. */
  readonly pskCallback?: ((socket: TLSSocket, identity: string) => NodeJS.ArrayBufferView | null) | undefined;
  readonly pskIdentityHint?: string | undefined;
  readonly sessionIdContext?: string | undefined;
  readonly sessionTimeout?: number | undefined;
  readonly ticketKeys?: Uint8Array | undefined;
  readonly secureOptions?: number | undefined;
  /** Milliseconds: 120,000 unless told otherwise, as there. */
  readonly handshakeTimeout?: number | undefined;
  readonly secureContext?: SecureContext | undefined;
}

/** What `createServer` is told. */
export interface TlsOptions extends Omit<node.TlsOptions, keyof ServerConnectionOptions>, ServerConnectionOptions {}

/** What `connect` is told. */
export interface ConnectionOptions
  extends Omit<node.ConnectionOptions, "secureContext" | "SNICallback" | "port" | "ALPNProtocols"> {
  readonly secureContext?: SecureContext | undefined;
  readonly port?: number | string | undefined;
  readonly ALPNProtocols?: AlpnProtocols | undefined;
  readonly allowHalfOpen?: boolean | undefined;
  readonly highWaterMark?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where what is received goes, instead of `data` events; of no effect with `socket`, as there. */
  readonly onread?: net.OnReadOpts | undefined;
  /** Of the connection below, as of `net.connect`. */
  readonly localAddress?: string | undefined;
}

/** What the constructor of `TLSSocket` is told. */
export interface TLSSocketOptions
  extends Omit<node.TLSSocketOptions, keyof ServerConnectionOptions>,
    ServerConnectionOptions {
  readonly isServer?: boolean | undefined;
  readonly server?: net.Server | undefined;
  readonly servername?: string | undefined;
  readonly allowHalfOpen?: boolean | undefined;
  readonly highWaterMark?: number | undefined;
  readonly enableTrace?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onread?: net.OnReadOpts | undefined;
  /** Whether it waits to be read until somebody resumes it. */
  readonly pauseOnConnect?: boolean | undefined;
}

/** Options of contexts in the words of `@tlskit/node`, for either role. */
export type StrictOptions = ClientContextOptions & ServerContextOptions;

/** Under the same names in both, with the same meanings. */
const same = ["secureOptions", "sessionTimeout"] as const;

/** What `node:tls` has of contexts, as `@tlskit/node` says it; without what there is to choose from, and whose it is. */
export function strictOptions(options: SecureContextOptions): StrictOptions {
  const strict: Record<string, unknown> = {};
  for (const name of same) {
    const value = options[name];
    if (value !== undefined && value !== null) strict[name] = value;
  }
  return strict as StrictOptions; // what isn't what it has to be is found where it is read
}

/** Options without those that are null, which tells `node:tls` nothing: programs say so what they haven't been told. */
export function withoutNulls<Options extends object>(options: Options): Options {
  // What is left has the types that it had.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as Options;
}
