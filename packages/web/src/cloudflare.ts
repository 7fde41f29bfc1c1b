/**
 * TLS of one's own over `cloudflare:sockets`, the TCP sockets of Cloudflare's Workers. That module exists in Workers alone, so
 * its `connect` is passed in: this one can be imported, bundled and checked anywhere, and takes whatever else has that shape.
 * @module
 */
import type { ClientContext, ClientInfo } from "@tlskit/tls";
import { aFunction, aNumber, anObject, aString, check, objectWith } from "@tlskit/wire/arguments";
import type { ByteStream } from "./byte-stream.ts";
import { type ConnectOptions, clientSocketParts } from "./connect.ts";
import { type SocketInfo, TlsSocket, type TlsSocketParts, transportFailed } from "./tls-socket.ts";

/** Whom to connect to. */
export interface SocketAddress {
  /** A name, or an IP address: of version 6 without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Both ends of a TCP connection, as far as the runtime tells them. */
export interface ConnectedAddresses {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
}

/** As much of a `Socket` of `cloudflare:sockets` as is used. */
export interface PlainSocket extends ByteStream {
  readonly opened: Promise<ConnectedAddresses>;
  readonly closed: Promise<unknown>;
  close(): Promise<unknown>;
}

/** As much of `connect` of `cloudflare:sockets` as is used. */
export type ConnectPlain = (
  address: { hostname: string; port: number },
  options: { secureTransport: "off"; allowHalfOpen: true },
) => PlainSocket;

/** What a connection of a Worker's can be told: the server's name is the address's unless told otherwise. */
export type ConnectTlsOptions = Omit<ConnectOptions, "host"> & Partial<Pick<ConnectOptions, "host">>;

/** A TLS connection over a Worker's TCP connection. */
export class WorkerTlsSocket extends TlsSocket<ClientInfo> {
  /** What was negotiated and verified, and both ends' addresses. Fails with whatever ends the connection before. */
  declare readonly opened: Promise<SocketInfo<ClientInfo> & ConnectedAddresses>;

  /** @internal */
  constructor(parts: TlsSocketParts<ClientInfo>, plain: PlainSocket) {
    super(parts);
    const addresses = plain.opened;
    // What fails there fails the streams as well.
    addresses.catch(() => {});
    plain.closed.catch(() => {});
    this.opened = withAddresses(this.opened, addresses);
    this.opened.catch(() => {});
  }
}

async function withAddresses(
  opened: Promise<SocketInfo<ClientInfo>>,
  addresses: Promise<ConnectedAddresses>,
): Promise<SocketInfo<ClientInfo> & ConnectedAddresses> {
  const info = await opened;
  const { remoteAddress, localAddress } = await addresses;
  return { ...info, remoteAddress, localAddress };
}

const anAddress = objectWith("an address", { hostname: aString, port: aNumber });

/**
 * Connects to a server that speaks TLS from the first byte.
 * ```ts
 * import { connect } from "cloudflare:sockets";
 *
 * const context = await createClientContext({ anchors }); // at the top of the module
 *
 * const socket = connectTls(connect, { hostname: "db.example", port: 5433 }, context);
 * const { peer, remoteAddress } = await socket.opened;
 * ```
 * @param connect of `cloudflare:sockets`.
 * @throws {TlsError} what `connect` of `@tlskit/web` throws; `transport_failed` if that of `cloudflare:sockets` throws, of an
 *   address or at the top of a module
 */
export function connectTls(
  connect: ConnectPlain,
  address: SocketAddress,
  context: ClientContext,
  options: ConnectTlsOptions = {},
): WorkerTlsSocket {
  check(connect, "connect", aFunction);
  check(address, "address", anAddress);
  check(options, "options", anObject);
  const { hostname, port } = address;
  const plain = opened(connect, { hostname, port });
  try {
    return startTls(plain, context, { ...options, host: options.host ?? hostname });
  } catch (error) {
    plain.opened.catch(() => {});
    plain.closed.catch(() => {});
    plain.close().catch(() => {});
    throw error;
  }
}

function opened(connect: ConnectPlain, address: { hostname: string; port: number }): PlainSocket {
  try {
    return connect(address, { secureTransport: "off", allowHalfOpen: true });
  } catch (error) {
    throw transportFailed(error);
  }
}

const aPlainSocket = objectWith("a socket of cloudflare:sockets", { close: aFunction });

/**
 * Goes over to TLS in a connection that both ends have used without it, as STARTTLS has it, or PostgreSQL. Readers and writers
 * have to have been released; what the server sent before it could, and nobody has read, is no TLS and ends the connection.
 * Whoever has read more than the server's consent has to refuse it: it may have been put there by somebody on the way.
 *
 * The connection is made with `allowHalfOpen: true`: otherwise it is over as soon as the server sends no more.
 * @throws {TlsError} what `connect` of `@tlskit/web` throws
 */
export function startTls(plain: PlainSocket, context: ClientContext, options: ConnectOptions): WorkerTlsSocket {
  check(plain, "plain", aPlainSocket);
  return new WorkerTlsSocket(clientSocketParts(plain, context, options), plain);
}
