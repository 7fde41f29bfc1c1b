import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { createWebProvider } from "@tlskit/crypto-web";
import { throwawayPki } from "@tlskit/testing";
import { type ClientContext, type ClientInfo, resumption, type ServerContext } from "@tlskit/tls";
import {
  type AcceptOptions,
  accept,
  type ClientContextOptions,
  type ConnectOptions,
  connect,
  createClientContext,
  createServerContext,
  type RawByteStream,
  type ServerContextOptions,
  type ServerTlsSocket,
  type TlsSocket,
} from "../../src/index.ts";
import { type Wire, wire } from "./wire.ts";

export const host = "server.example";

/** Made once for a file's tests, by node:crypto, since that is quick. */
export const pki = throwawayPki(
  nodeProvider,
  (length) => crypto.getRandomValues(new Uint8Array(length)),
  host,
  Date.now(),
);

/** The two that a page has. */
export const providers: readonly CryptoProvider[] = [await createWebProvider(crypto.subtle), nobleProvider];

/** How a pair of sockets is to be. */
export interface PairOptions {
  readonly provider?: CryptoProvider;
  readonly client?: Partial<ClientContextOptions>;
  readonly server?: Partial<ServerContextOptions>;
  readonly connect?: Partial<ConnectOptions>;
  readonly accept?: AcceptOptions;
  /** What to run over, instead of a wire in memory. */
  readonly streams?: { readonly client: RawByteStream; readonly server: RawByteStream };
}

/** Two sockets and the wire between them, if it is one. */
export interface Pair {
  readonly client: TlsSocket<ClientInfo>;
  readonly server: ServerTlsSocket;
  readonly wire: Wire;
}

export function clientContext(options: Partial<ClientContextOptions> = {}): Promise<ClientContext> {
  return createClientContext({ anchors: pki.anchors, resumption, ...options });
}

export function serverContext(options: Partial<ServerContextOptions> = {}): Promise<ServerContext> {
  return createServerContext({ certificates: [pki.certificate], ...options });
}

/** A client and a server, whose handshake has begun. */
export async function pair(options: PairOptions = {}): Promise<Pair> {
  const { provider = providers[0] } = options;
  const between = wire();
  const streams = options.streams ?? between;
  const [atClient, atServer] = [
    await clientContext({ provider, ...options.client }),
    await serverContext({ provider, ...options.server }),
  ];
  return {
    client: connect(streams.client, atClient, { host, ...options.connect }),
    server: accept(streams.server, atServer, options.accept),
    wire: between,
  };
}

/** The same when the handshake is done at both ends. */
export async function opened(options: PairOptions = {}): Promise<Pair> {
  const made = await pair(options);
  await Promise.all([made.client.opened, made.server.opened]);
  return made;
}
