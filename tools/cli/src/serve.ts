import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { createServer, TlsSocket } from "@tlskit/node";
import type { ServerCertificate } from "@tlskit/tls";
import { certificatesFromPem, certificatesToPem, privateKeyFromPem, X509Error } from "@tlskit/x509";
import { type ChoiceOptions, choices } from "./choices.ts";
import { parsePort } from "./endpoint.ts";
import { describeFailure } from "./failure.ts";
import { keyLogTo, readText } from "./files.ts";
import { maxRequests } from "./limits.ts";
import { throwawayCertificate } from "./throwaway-certificate.ts";
import { parseTimeout } from "./timeout.ts";
import { traceLines } from "./trace-printer.ts";
import { UsageError } from "./usage.ts";

/** What `tlskit serve` is told. */
export interface ServeCommand extends ChoiceOptions {
  readonly port: string;
  readonly host?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly keylog?: string | undefined;
  readonly trace?: boolean | undefined;
  readonly echo?: boolean | undefined;
  readonly timeout?: string | undefined;
}

/** Serves until it is told to stop by a signal. Resolves with the exit code. */
export async function serveCommand(command: ServeCommand): Promise<number> {
  const port = parsePort(command.port);
  const chosen = choices(command);
  const timeout = parseTimeout(command.timeout);
  const certificate = await certificateOf(command);
  const http = pages(timeout);
  const server = createServer(
    {
      certificates: [certificate],
      ...chosen,
      keyLog: keyLogTo(command.keylog),
      handshakeTimeout: timeout,
      allowHalfOpen: true,
      ...(command.trace === true
        ? { trace: (event, socket) => process.stderr.write(`${peerOf(socket)}\n${traceLines(event).join("\n")}\n`) }
        : {}),
    },
    (socket) => {
      if (command.echo === true) echo(socket, timeout);
      else http.emit("connection", socket);
    },
  );
  server.on("tlsClientError", (error: Error, socket: TlsSocket) => {
    process.stderr.write(`tlskit: ${peerOf(socket)}: ${describeFailure(error)}\n`);
  });
  server.listen(port, command.host ?? "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    process.stderr.write(`tlskit: ${describeFailure(error)}\n`);
    return 1;
  }
  const told = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  // The address of a TCP server is no path.
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
  await told;
  server.close();
  return 0;
}

async function certificateOf({ cert, key }: ServeCommand): Promise<ServerCertificate> {
  if ((cert === undefined) !== (key === undefined)) throw new UsageError("--cert and --key go together");
  if (cert === undefined || key === undefined) {
    const made = await throwawayCertificate();
    const file = join(mkdtempSync(join(tmpdir(), "tlskit-")), "ca.pem");
    writeFileSync(file, certificatesToPem(made.ca));
    process.stdout.write(`CA certificate: ${file}\n`);
    return made;
  }
  try {
    const chain = certificatesFromPem(readText(cert));
    const publicKey = chain[0]?.subjectPublicKeyInfo;
    return { chain, key: privateKeyFromPem(readText(key), publicKey === undefined ? {} : { publicKey }) };
  } catch (error) {
    if (error instanceof X509Error) throw new UsageError(`${cert}, ${key}: ${error.message}`);
    throw error;
  }
}

/** Sends back what comes, to whoever isn't silent for too long. */
function echo(socket: TlsSocket, timeout: number): void {
  socket.setTimeout(timeout, () => socket.destroy());
  socket.pipe(socket);
}

/**
 * Answers requests on the connections that it is given. One that brings no request within its time, since it began or
 * since the last, is closed: Node looks at an HTTP server's own times only where that server listens.
 */
function pages(timeout: number): HttpServer {
  const deadlines = new WeakMap<Duplex, NodeJS.Timeout>();
  const http = createHttpServer((request, response) => {
    deadlines.get(request.socket)?.refresh();
    page(request, response);
  });
  http.maxRequestsPerSocket = maxRequests;
  http.on("dropRequest", (_request, socket) => socket.destroy());
  http.on("connection", (socket: Duplex) => {
    const deadline = setTimeout(() => socket.destroy(), timeout);
    deadlines.set(socket, deadline);
    socket.once("close", () => clearTimeout(deadline));
  });
  return http;
}

/** What was negotiated, as a small page of text. */
function page(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const { socket }: { socket: unknown } = request;
  const info = socket instanceof TlsSocket ? socket.info : undefined;
  const lines = [
    "tlskit: it works",
    "",
    "version           TLSv1.3",
    `cipher suite      ${info?.cipherSuite.name}`,
    `group             ${info?.namedGroup.name}`,
    `signature scheme  ${info?.signatureScheme.name}`,
    `server name       ${info?.serverName ?? "(none)"}`,
    `ALPN              ${info?.alpnProtocol ?? "(none)"}`,
    `hello retried     ${info?.helloRetryRequest === true ? "yes" : "no"}`,
    "",
  ];
  const text = lines.join("\n");
  response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

function peerOf(socket: TlsSocket): string {
  return `${socket.remoteAddress ?? "?"}:${socket.remotePort ?? "?"}`;
}
