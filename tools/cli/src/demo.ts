/**
 * What `npm start` shows: handshakes step by step, both ends ours, and what is different between them; then the same with
 * Node's own tls as the other side, both ways round. Exits with 1 if anything of it fails.
 */
import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Server as TcpServer } from "node:net";
import * as nodeTls from "node:tls";
import { styleText } from "node:util";
import { protocolVersionName } from "@tlskit/messages";
import { type CreateServerOptions, connect, createServer, type SocketInfo, type TlsSocket } from "@tlskit/node";
import { alertName, TlsError, type TraceEvent } from "@tlskit/tls";
import { certificatesToPem, privateKeyToPem } from "@tlskit/x509";
import { beginning, type Lesson, lessons, openedLater } from "./lesson.ts";
import { throwawayAuthority } from "./throwaway-authority.ts";

const { ca, certify } = await throwawayAuthority();
const certificates = { "P-256": await certify("P-256"), RSA: await certify("RSA") };
const { chain, key } = certificates["P-256"];
const pem = { ca: certificatesToPem(ca), cert: certificatesToPem(...chain), key: privateKeyToPem(key) };

heading("A throw-away certificate authority, in memory, and what it has certified");
for (const certificate of [ca, ...Object.values(certificates).flatMap((each) => each.chain)]) {
  line(`${certificate.subject}`, `issued by ${certificate.issuer}, ${certificate.der.length} bytes`);
}

const facts: Facts[] = [];
for (const [at, lesson] of lessons.entries()) {
  heading(`${at + 1}. ${lesson.title}, tlskit to tlskit`);
  facts.push(await shown(lesson));
}

heading("Side by side");
table([
  ["", ...lessons.map(({ title }) => title)],
  ["round trips", ...facts.map(({ roundTrips }) => `${roundTrips}`)],
  ...(["the secret", "signed", "seen by all", "if its key leaks"] as const).map((row) => [
    row,
    ...lessons.map(({ inWords }) => inWords[row]),
  ]),
  ["bytes of messages", ...facts.map(({ bytes }) => `${bytes}`)],
]);
console.log(
  "\n  Round trips are those before the client may send data, bytes those of both sides' messages until then.",
);
console.log(
  "  Keys that are new each time and then thrown away keep the past secret. RSA, which has none, is off unless told.",
);

for (const maxVersion of ["TLSv1.3", "TLSv1.2"] as const) {
  heading(`Node's tls to a tlskit server, ${maxVersion} at best`);
  await withServer(createServer({ certificates: [{ chain, key }], alpnProtocols: ["http/1.1"] }), async (port) => {
    const clock = stopwatch();
    const socket = nodeTls.connect({ host: "localhost", port, ca: pem.ca, ALPNProtocols: ["http/1.1"], maxVersion });
    await once(socket, "secureConnect");
    line(
      "Node's client says",
      `${socket.getProtocol()} ${socket.getCipher().name}, server verified: ${socket.authorized}`,
    );
    line("in", `${clock().toFixed(1)} ms`);
    await fetchPage(socket);
  });
}

for (const maxVersion of ["TLSv1.3", "TLSv1.2"] as const) {
  heading(`tlskit to Node's tls server, ${maxVersion} at best`);
  const server = nodeTls.createServer({ cert: pem.cert, key: pem.key, ALPNProtocols: ["http/1.1"], maxVersion });
  await withServer(server, async (port) => {
    const clock = stopwatch();
    const socket = connect({ host: "localhost", port, ca: pem.ca, alpnProtocols: ["http/1.1"] });
    outcome(await socket.established, clock());
    await fetchPage(socket);
  });
}

heading("All of it worked. Next: npm start -- connect example.com, npm start -- --help");
// Kept-alive connections have nothing more to say.
process.exit(0);

/** What was counted in a handshake. */
interface Facts {
  /** How often the client had to wait for the server before it could send data. */
  readonly roundTrips: number;
  /** Of handshake messages until then, both ways. */
  readonly bytes: number;
}

/** A handshake of ours with each of its steps, and what it is for. */
async function shown({ version, leafKey, notes }: Lesson): Promise<Facts> {
  const clock = stopwatch();
  const sent: { readonly who: string; readonly name: string; readonly bytes: Uint8Array }[] = [];
  const tell = (who: "client" | "server", event: TraceEvent): void => {
    step(who, event, clock());
    if (event.type !== "message" || event.direction !== "sent") return;
    const { bytes } = event;
    const { name } = event.messageType;
    sent.push({ who, name, bytes });
    const note = notes[`${who} ${name}`];
    if (note !== undefined) aside(note(bytes), who === "client" ? 11 : 41);
  };
  const { chain: shownChain, key: itsKey } = certificates[leafKey];
  const options: CreateServerOptions = {
    certificates: [{ chain: shownChain, key: itsKey }],
    versions: [version],
    alpnProtocols: ["http/1.1"],
    trace: (event) => tell("server", event),
  };
  const secrets: Record<"client" | "server", string[]> = { client: [], server: [] };
  const server = createServer(options);
  server.on("keylog", (text: Buffer) => secrets.server.push(String(text)));
  let counted: Facts = { roundTrips: 0, bytes: 0 };
  await withServer(server, async (port) => {
    const socket = connect({
      host: "localhost",
      port,
      ca: pem.ca,
      versions: [version],
      alpnProtocols: ["http/1.1"],
      trace: (event) => tell("client", event),
    });
    socket.on("keylog", (text: Buffer) => secrets.client.push(String(text)));
    socket.once("secure", () => {
      const flights = sent.filter(({ who }, at) => who === "server" && sent[at - 1]?.who === "client");
      counted = {
        roundTrips: flights.length,
        bytes: sent.reduce((sum, { bytes }) => sum + bytes.length, 0),
      };
    });
    outcome(await socket.established, clock());
    compared(secrets);
    const exchange = sent.find(({ name }) => name === "ClientKeyExchange");
    if (leafKey === "RSA" && exchange !== undefined) {
      const secret = openedLater(exchange.bytes, createPrivateKey(privateKeyToPem(itsKey)));
      line("who listened", `and gets the server's key some day has what the client sent: ${beginning(secret)}`);
    }
    await fetchPage(socket);
  });
  return counted;
}

/** The secrets that both ends have logged: the same, or it is an error. */
function compared({ client, server }: Readonly<Record<"client" | "server", readonly string[]>>): void {
  const logged = client.find((text) => /^CLIENT_(?:RANDOM|TRAFFIC_SECRET_0) /.test(text));
  if (logged === undefined || client.join("") !== server.join("")) {
    throw new TlsError("internal", "secrets_differ", "the two ends have logged other secrets");
  }
  const [label, , secret = ""] = logged.split(" ");
  const name =
    label === "CLIENT_RANDOM" ? "main secret, of which all keys come" : "secret that the client's keys come of";
  line("both have", `the same ${name}: ${secret.slice(0, 8)}…`);
}

/** Runs a server for as long as it is needed, with HTTP over what it accepts. */
async function withServer(server: TcpServer, use: (port: number) => Promise<void>): Promise<void> {
  const http = pages(({ socket }: { readonly socket: object }) => {
    if (socket instanceof nodeTls.TLSSocket) return `${socket.getProtocol()} ${socket.getCipher().name}`;
    return describe((socket as TlsSocket).info); // what else it accepts are ours
  });
  server.on("secureConnection", (socket) => http.emit("connection", socket));
  await listening(server, use);
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
          : "change_cipher_spec";
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
    protocolVersionName(info.version),
    info.cipherSuite.name,
    info.namedGroup?.name ?? "no group",
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

/** A remark, in lines of a hundred columns. */
function aside(text: string, indent: number): void {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trimStart();
    if (lines.length > 0 && indent + longer.length <= 100) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  for (const each of lines) console.log(`${" ".repeat(indent)}${each}`);
}

/** Rows of cells, in columns as wide as they need. */
function table(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  for (const row of rows) console.log(`  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd());
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
