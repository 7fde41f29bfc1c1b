import { once } from "node:events";
import { createServer as createPlainServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { nodeProvider } from "@tlskit/crypto-node";
import { createHttp2Server, createHttpsServer, createServerContext, type TlsSocket } from "@tlskit/node";
import { throwawayPki } from "@tlskit/testing";
import { certificatesToPem } from "@tlskit/x509";
import { onTestFinished } from "vitest";

/** Certificates for localhost. */
export const pki = throwawayPki(
  nodeProvider,
  (length) => crypto.getRandomValues(new Uint8Array(length)),
  "localhost",
  Date.now(),
);
export const ca: string = certificatesToPem(pki.root.certificate);

/** What a server has seen. */
export interface Seen {
  readonly port: number;
  readonly server: Server;
  /** `HTTP/1.1`, `HTTP/2.0`: one for each request. */
  readonly versions: string[];
  /** One for each connection whose handshake was done. */
  readonly sockets: TlsSocket[];
}

/** Listens on a free port until the test is over. */
export async function listening(server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return (server.address() as AddressInfo).port; // it listens on a port
}

/** A server of HTTP/1.1, or of HTTP/2 besides, that answers each request with its path. */
export async function secureServer(allowH2: boolean): Promise<Seen> {
  const [versions, sockets]: [string[], TlsSocket[]] = [[], []];
  const answer = (
    request: { httpVersion: string; url?: string | undefined },
    response: { end(text: string): unknown },
  ): void => {
    versions.push(request.httpVersion);
    response.end(request.url ?? "");
  };
  const certificates = [pki.certificate];
  const server = allowH2
    ? createHttp2Server({ certificates, allowHTTP1: true }, answer)
    : createHttpsServer({ certificates }, answer);
  server.on("secureConnection", (socket: TlsSocket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
  });
  return { port: await listening(server), server, versions, sockets };
}

/** A server of plain HTTP. */
export async function plainServer(): Promise<number> {
  return await listening(createPlainServer((request, response) => response.end(request.url)));
}

/** A server of bare TCP. */
export async function rawServer(listener: (socket: Socket) => void): Promise<number> {
  return await listening(createTcpServer(listener));
}

export const serverContext = createServerContext({ certificates: [pki.certificate] });
