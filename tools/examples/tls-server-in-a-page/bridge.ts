/**
 * Serves the page, and joins each TCP connection to a WebSocket that the page has opened: it sees what is encrypted, and no key.
 * `node bridge.ts FOLDER HTTP-PORT TCP-PORT`.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { createWebSocketStream, type WebSocket, WebSocketServer } from "ws";

const [folder = "", httpPort, tcpPort] = process.argv.slice(2);
const files: Readonly<Record<string, string>> = {
  "/": "text/html",
  "/frame.html": "text/html",
  "/page.js": "text/javascript",
  "/frame.js": "text/javascript",
};
/** Clients that wait for the page. More are turned away. */
const maxWaiting = 16;

/** WebSockets of the page's and TCP connections of clients', which wait for each other. */
const [pages, clients] = [new Set<WebSocket>(), new Set<Socket>()];

const http = createServer(({ url = "" }, response) => {
  const type = Object.hasOwn(files, url) ? files[url] : undefined;
  if (type === undefined) response.writeHead(404).end();
  else response.setHeader("content-type", type).end(readFileSync(join(folder, url === "/" ? "index.html" : url)));
});
/** No other site's page is to serve here, also if its name leads to this machine: the one that it asked for says nothing. */
const isOwnPage = ({ headers: { origin } }: IncomingMessage): boolean =>
  ["127.0.0.1", "localhost"].some((host) => origin === `http://${host}:${portOf(http)}`);
const server = new WebSocketServer({
  server: http,
  path: "/clients",
  verifyClient: ({ req }: { readonly req: IncomingMessage }) => isOwnPage(req),
});
server.on("connection", (page) => {
  page.once("close", () => pages.delete(page));
  pages.add(page);
  joinNext();
});
const tcp = createTcpServer((client) => {
  client.on("error", () => client.destroy());
  client.once("close", () => clients.delete(client));
  if (clients.size >= maxWaiting) client.destroy();
  else clients.add(client);
  joinNext();
});

function joinNext(): void {
  const [[page], [client]] = [pages, clients];
  if (page === undefined || client === undefined) return;
  pages.delete(page);
  clients.delete(client);
  pipeline(client, createWebSocketStream(page), client, () => {
    client.destroy();
    page.terminate();
  });
}

function portOf(listening: Server): number {
  return (listening.address() as AddressInfo).port; // it listens on a port, so it has one
}

http.listen(Number(httpPort), "127.0.0.1", () => {
  tcp.listen(Number(tcpPort), "127.0.0.1", () => {
    console.log(`http://127.0.0.1:${portOf(http)}/ serves clients of port ${portOf(tcp)}`);
  });
});
