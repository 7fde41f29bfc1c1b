/** What the tests that run in Deno share: certificates, and both ends of connections. */
import assert from "node:assert/strict";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { type ClientInfo, TlsError } from "@tlskit/tls";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import {
  acceptTls,
  type ConnectTlsOptions,
  connectTls,
  createServerContext,
  type ListenTlsOptions,
  listenTls,
  type ServerContextOptions,
  type ServerTlsConn,
  type StartTlsOptions,
  startTls,
  type TlsConn,
  type TlsListener,
} from "../../src/index.ts";

export const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
export const pki = throwawayPki(nodeProvider, random, ["localhost", "127.0.0.1"], Date.now());
export const clientPki = throwawayPki(nodeProvider, random, ["alice"], Date.now(), { purpose: "clientAuth" });

const pem = ({ root, certificate: { chain, key } }: typeof pki) => ({
  ca: certificatesToPem(root.certificate),
  cert: certificatesToPem(...chain),
  key: privateKeyToPem(key),
});
export const serverPem = pem(pki);
export const clientPem = pem(clientPki);

/** What a server shows, as Deno takes it. */
export const identity = { cert: serverPem.cert, key: serverPem.key };
/** Whom a client trusts, as Deno takes it. */
export const trusting = { hostname: "localhost", caCerts: [serverPem.ca] };

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Reads so many bytes, as text. */
export async function readText(conn: Deno.Conn, length: number): Promise<string> {
  const into = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const got = await conn.read(into.subarray(at));
    if (got === null) return `${text(into.subarray(0, at))} and an end`;
    at += got;
  }
  return text(into);
}

/** Reads until the end, as text. */
export async function readAll(conn: Deno.Conn): Promise<string> {
  let all = "";
  const into = new Uint8Array(1024);
  for (let got = await conn.read(into); got !== null; got = await conn.read(into)) all += text(into.subarray(0, got));
  return all;
}

/** A server of ours on a free port of this machine. */
export function ourListener(options: Partial<ListenTlsOptions> = {}): TlsListener {
  const certificate = "context" in options || "certificates" in options ? {} : identity;
  return listenTls({ port: 0, hostname: "127.0.0.1", ...certificate, ...options });
}

export async function ourClient(port: number, options: Partial<ConnectTlsOptions> = {}): Promise<TlsConn<ClientInfo>> {
  const trust = "context" in options || "anchors" in options ? { hostname: "localhost" } : trusting;
  return await connectTls({ ...trust, port, ...options });
}

/** Both ends of a connection, and what is below the client's. */
export interface Pair {
  readonly client: TlsConn<ClientInfo>;
  readonly server: ServerTlsConn;
  readonly rawClient: Deno.TcpConn;
}

export async function pair(
  clientOptions: Partial<StartTlsOptions> = {},
  serverOptions: Partial<ServerContextOptions> = {},
): Promise<Pair> {
  const [rawClient, rawServer] = await rawPair();
  const server = acceptTls(rawServer, { context: createServerContext({ ...identity, ...serverOptions }) });
  const client = await startTls(rawClient, { ...trusting, ...clientOptions });
  return { client, server, rawClient };
}

/** A TCP connection. */
export async function rawPair(): Promise<[client: Deno.TcpConn, server: Deno.TcpConn]> {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return await Promise.all([Deno.connect({ port: listener.addr.port, hostname: "127.0.0.1" }), listener.accept()]);
}

/** Closes connections, and waits until what is below is closed too: a test that leaves something open fails. */
export async function close(...conns: readonly Pick<TlsConn, "close" | "closed">[]): Promise<void> {
  for (const conn of conns) conn.close();
  await Promise.all(conns.map((conn) => conn.closed));
}

/** That a promise fails with a `TlsError` of this code. */
export async function failsWith(promise: Promise<unknown>, code: string): Promise<TlsError> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert(error instanceof TlsError, `${code} was expected, and there was ${error}`);
  assert.equal(error.code, code, error.message);
  return error;
}
