import { once } from "node:events";
import { type AddressInfo, connect as connectTcp, type Server, type Socket } from "node:net";
import { nodeProvider } from "@tlskit/crypto-node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { onTestFinished } from "vitest";
import {
  type ConnectOptions,
  type CreateServerOptions,
  connect,
  createServer,
  type SecureServer,
  TlsSocket,
} from "../../src/index.ts";

/** Certificates for localhost, made once for each test file. */
export const pki = throwawayPki(
  nodeProvider,
  (length) => crypto.getRandomValues(new Uint8Array(length)),
  ["localhost", "127.0.0.1"],
  Date.now(),
);

const { chain, key } = pki.certificate;

/** The same as texts, for Node's own tls. */
export const pem: { readonly ca: string; readonly cert: string; readonly key: string } = {
  ca: certificatesToPem(pki.root.certificate),
  cert: certificatesToPem(...chain),
  key: privateKeyToPem(key),
};

/** Listens on a free port until the test is over. */
export async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port; // it listens on a port, so it has one
}

/** A server of ours on a free port. */
export async function ourServer(
  options: Partial<CreateServerOptions> = {},
  listener?: (socket: TlsSocket) => void,
): Promise<{ readonly server: SecureServer; readonly port: number }> {
  const server = createServer({ certificates: [pki.certificate], ...options }, listener);
  return { server, port: await listening(server) };
}

/** A client of ours, destroyed when the test is over. */
export function ourClient(port: number, options: Partial<ConnectOptions> = {}): TlsSocket {
  const socket = connect({ host: "127.0.0.1", servername: "localhost", port, ca: pki.anchors, ...options });
  // An error that the test is not about must not end the run.
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Both ends of a connection that is established, and the sockets below. */
export interface Pair {
  readonly client: TlsSocket;
  readonly server: TlsSocket;
  readonly rawClient: Socket;
}

export async function connected(
  clientOptions: Partial<ConnectOptions> = {},
  serverOptions: Partial<CreateServerOptions> = {},
): Promise<Pair> {
  const { server: tls, port } = await ourServer(serverOptions);
  const rawClient = rawSocket(port);
  const client = ourClient(port, { socket: rawClient, ...clientOptions });
  const [[server]] = await Promise.all([once(tls, "secureConnection"), client.established]);
  if (!(server instanceof TlsSocket)) throw new TypeError("not a TlsSocket");
  return { client, server, rawClient };
}

/** A plain socket to a port, which may be reset without ado. */
export function rawSocket(port: number): Socket {
  const socket = connectTcp({ host: "127.0.0.1", port, allowHalfOpen: true });
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Everything that a stream gives until its orderly end. */
export async function text(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The error that a socket ends with. */
export async function failure(socket: TlsSocket): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    socket.once("error", resolve);
    socket.once("close", () => reject(new Error("the socket closed without an error")));
  });
}
