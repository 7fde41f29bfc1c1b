/**
 * What `npm start` shows: a handshake step by step, both ends ours; then the same with Node's own tls as the other
 * side, both ways round. Exits with 1 if anything of it fails.
 */
import { once } from "node:events";
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Server as TcpServer } from "node:net";
import * as nodeTls from "node:tls";
import { styleText } from "node:util";
import { connect, createServer, type SocketInfo, type TlsSocket } from "@tlskit/node";
import { alertName, type TraceEvent } from "@tlskit/tls";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { throwawayAuthority } from "./throwaway-authority.ts";

const { ca, certify } = await throwawayAuthority();
const { chain, key } = await certify("P-256");
const pem = { ca: certificatesToPem(ca), cert: certificatesToPem(...chain), key: privateKeyToPem(key) };

heading("A throw-away certificate, in memory");
for (const certificate of [ca, ...chain]) {
  line(`${certificate.subject}`, `issued by ${certificate.issuer}, ${certificate.der.length} bytes`);
}

heading("1. tlskit to tlskit");
await withOurServer(async (port, record) => {
  const clock = stopwatch();
  record((event) => step("server", event, clock()));
  const socket = connect({
    host: "localhost",
    port,
    ca: pem.ca,
    alpnProtocols: ["http/1.1"],
    trace: (event) => step("client", event, clock()),
  });
  outcome(await socket.established, clock());
  await fetchPage(socket);
});

heading("2. Node's tls to a tlskit server");
await withOurServer(async (port) => {
  const clock = stopwatch();
  const socket = nodeTls.connect({ host: "localhost", port, ca: pem.ca, ALPNProtocols: ["http/1.1"] });
  await once(socket, "secureConnect");
  line(
    "Node's client says",
    `${socket.getProtocol()} ${socket.getCipher().name}, server verified: ${socket.authorized}`,
  );
  line("in", `${clock().toFixed(1)} ms`);
  await fetchPage(socket);
});

heading("3. tlskit to Node's tls server");
{
  const http = pages((request) => {
    const { socket } = request;
    return socket instanceof nodeTls.TLSSocket ? `${socket.getProtocol()} ${socket.getCipher().name}` : "no TLS";
  });
  const server = nodeTls.createServer({ cert: pem.cert, key: pem.key, ALPNProtocols: ["http/1.1"] }, (socket) => {
    http.emit("connection", socket);
  });
  await listening(server, async (port) => {
    const clock = stopwatch();
    const socket = connect({ host: "localhost", port, ca: pem.ca, alpnProtocols: ["http/1.1"] });
    outcome(await socket.established, clock());
    await fetchPage(socket);
  });
}

heading("All of it worked. Next: npm start -- connect example.com, npm start -- --help");
// Kept-alive connections have nothing more to say.
process.exit(0);

/** Runs our server for as long as it is needed; `record` gets its steps. */
async function withOurServer(
  use: (port: number, record: (listener: (event: TraceEvent) => void) => void) => Promise<void>,
): Promise<void> {
  let listener: ((event: TraceEvent) => void) | undefined;
  const http = pages((request) => {
    const { socket }: { socket: unknown } = request;
    return describe((socket as TlsSocket).info);
  });
  const server = createServer(
    {
      certificates: [{ chain, key }],
      alpnProtocols: ["http/1.1"],
      trace: (event) => listener?.(event),
    },
    (socket) => http.emit("connection", socket),
  );
  await listening(server, (port) =>
    use(port, (given) => {
      listener = given;
    }),
  );
}

/** An HTTP server, of no socket yet, that answers with what was negotiated. */
function pages(describeConnection: (request: IncomingMessage) => string): Server {
  return createHttpServer((request, response) => {
    const text = `a page over ${describeConnection(request)}\n`;
    response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(text) });
    response.end(text);
  });
}

async function listening(server: TcpServer, use: (port: number) => Promise<void>): Promise<void> {
  server.listen(0, "localhost");
  await once(server, "listening");
  try {
    // The address of a TCP server is no path.
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

/** Fetches a page with Node's own HTTP client, over a socket that is there already. */
async function fetchPage(socket: TlsSocket | nodeTls.TLSSocket): Promise<void> {
  const request = httpRequest({
    path: "/",
    headers: { Host: "localhost", Connection: "close" },
    createConnection: () => socket,
  });
  request.end();
  const [response]: IncomingMessage[] = await once(request, "response");
  let text = "";
  for await (const chunk of response ?? []) text += chunk;
  line("GET /", `${response?.statusCode}: ${text.trim()}`);
}

/** One step of a handshake: who sent what, or which keys came into use. */
function step(who: "client" | "server", event: TraceEvent, milliseconds: number): void {
  const at = `${milliseconds.toFixed(1)} ms`.padStart(9);
  const arrow = who === "client" ? "client ──▶" : "◀── server";
  const indent = who === "client" ? "" : " ".repeat(30);
  if (event.type === "keys") {
    const use = event.direction === "sent" ? "sends with" : "receives with";
    console.log(`${at}  ${indent}${dim(`   ${who} ${use} the ${event.kind} keys`)}`);
  } else if (event.direction === "sent") {
    const what =
      event.type === "message"
        ? `${event.messageType.name.padEnd(20)}${String(event.bytes.length).padStart(6)} bytes${event.epoch === "initial" ? "" : ", encrypted"}`
        : event.type === "alert"
          ? alertName(event.description)
          : "change_cipher_spec, for middleboxes";
    console.log(`${at}  ${indent}${bold(arrow)} ${what}`);
  }
}

function outcome(info: SocketInfo, milliseconds: number): void {
  line("negotiated", describe(info));
  line("signed with", info.signatureScheme?.name ?? "nothing");
  const names = (info.peer?.certificates ?? []).map(({ subject }) => `${subject}`);
  line("verified", `${names.join(", issued by ")}`);
  line("in", `${milliseconds.toFixed(1)} ms`);
}

function describe(info: SocketInfo | undefined): string {
  if (info === undefined) return "no TLS";
  return [
    "TLSv1.3",
    info.cipherSuite.name,
    info.namedGroup?.name ?? "no key exchange",
    info.alpnProtocol ?? "no ALPN",
  ].join(", ");
}

function stopwatch(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}

function heading(text: string): void {
  console.log(`\n${bold(text)}`);
}

function line(label: string, text: string): void {
  console.log(`  ${label.padEnd(20)}${label.length >= 20 ? "  " : ""}${text}`);
}

/** styleText leaves out its codes where the output is no terminal or NO_COLOR is set. */
function bold(text: string): string {
  return styleText("bold", text, { stream: process.stdout });
}

function dim(text: string): string {
  return styleText("dim", text, { stream: process.stdout });
}
