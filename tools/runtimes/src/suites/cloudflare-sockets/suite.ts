import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createNodeServer, TLSSocket, type TlsOptions } from "node:tls";
import { clientIdentity, identity } from "@tlskit/interop/certificates";
import { OpensslServer, openssl } from "@tlskit/interop/openssl";
import { PostgresServer, postgres } from "@tlskit/interop/postgres";
import { createServer, type TlsSocket } from "@tlskit/node";
import { besides, type HostedSuite, type Prepared } from "../../hosted-suite.ts";
import { joiner } from "../../peers/joiner.ts";
import type { Given } from "./given.ts";

const clientName = "worker.example";

export const cloudflareSockets: HostedSuite = {
  name: "`@tlskit/web/cloudflare`",
  about: "over the runtime's TCP, against OpenSSL, Node's `tls`, `@tlskit/node` and PostgreSQL",
  backPressure: "the TCP connection's own",
  module: besides(import.meta.url),
  on: ({ name }) => name === "workerd",
  prepare,
};

async function prepare(): Promise<Prepared> {
  const server = identity("P-256");
  const client = clientIdentity(clientName);
  const certified = { cert: server.chainPem, key: server.keyPem };
  const listening = new Listening();
  const peer = openssl === undefined ? undefined : await OpensslServer.start(server, "-tls1_3", "-rev");
  const database = typeof postgres === "string" ? postgres : await PostgresServer.start(postgres, server);
  const given: Given = {
    authority: server.rootPem,
    client: { certificates: client.chainPem, key: client.keyPem },
    clientName,
    ports: {
      openssl: peer?.port ?? "the command openssl, 3.0 or later, is not on this machine",
      counting: await listening.port(createNodeServer({ ...certified, allowHalfOpen: true }, count)),
      sending: await listening.port(
        createNodeServer(certified, (socket) => socket.on("error", () => {}).end(mebibyte)),
      ),
      naming: await listening.port(
        createServer({ ...certified, ca: client.rootPem, requestCert: true, rejectUnauthorized: true }, tellName),
      ),
      starttls: await listening.port(createTcpServer((socket) => void startTls(socket, certified))),
      cutting: await listening.port(
        createNodeServer(certified, (socket) => void once(socket, "data").then(() => socket.destroy())),
      ),
      joining: await listening.port(createTcpServer({ allowHalfOpen: true, noDelay: true }, joiner())),
      closed: await closedPort(),
      postgres: typeof database === "string" ? database : database.port,
    },
  };
  return {
    given,
    stop: async () => {
      await peer?.program.stop();
      if (typeof database !== "string") await database.stop();
      listening.stop();
    },
  };
}

/** Servers of this process, and the connections to them. */
class Listening {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  async port(server: Server): Promise<number> {
    this.#servers.push(server);
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
    });
    // Its clients refuse some of them.
    server.on("tlsClientError", () => {});
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port; // it listens on a port, so it has one
  }

  stop(): void {
    for (const server of this.#servers) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

async function closedPort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // as above
  server.close();
  await once(server, "close");
  return port;
}

const mebibyte = Uint8Array.from({ length: 1024 * 1024 }, (_, at) => at % 251);

function count(socket: TLSSocket): void {
  let [bytes, sum] = [0, 0];
  socket.on("error", () => {});
  socket.on("data", (data: Uint8Array) => {
    bytes += data.length;
    for (const byte of data) sum += byte;
  });
  socket.on("end", () => socket.end(`${bytes} ${sum}`));
}

function tellName(socket: TlsSocket): void {
  const { subject } = socket.getPeerCertificate();
  socket.on("error", () => {});
  socket.end(`${String(subject?.CN)} ${socket.isSessionReused() ? "resumed" : "anew"}`);
}

async function startTls(socket: Socket, certified: TlsOptions): Promise<void> {
  const [wish] = await once(socket, "data");
  const isInjecting = String(wish) === "INJECT";
  socket.write(isInjecting ? "OK\nsomebody on the way" : "OK\n");
  if (isInjecting) return;
  const secure = new TLSSocket(socket, { isServer: true, ...certified });
  secure.on("error", () => {});
  secure.pipe(secure);
}
