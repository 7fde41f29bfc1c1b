import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { protocolVersionName } from "@tlskit/messages";
import { createHttpsServer, createServer, type HttpsServer, type SocketInfo, TlsSocket } from "@tlskit/node";
import { type CertificateWithKey, ocspStaple } from "@tlskit/tls";
import { certificatesToPem } from "@tlskit/x509";
import { type ChoiceOptions, choices, namedTls12CipherSuites, pskProtocol } from "./choices.ts";
import { type ClientCertificateOptions, clientCertificates } from "./client-certificates.ts";
import { parsePort } from "./endpoint.ts";
import { describeFailure } from "./failure.ts";
import { keyLogTo, readBytes } from "./files.ts";
import { closingTime, maxCheckingInterval, maxRequests } from "./limits.ts";
import { type OwnCertificateOptions, ownCertificate } from "./own-certificate.ts";
import { externalPsks, pskName } from "./psk.ts";
import { type ResumptionOptions, resumption } from "./resumption.ts";
import { throwawayAuthority } from "./throwaway-authority.ts";
import { parseTimeout } from "./timeout.ts";
import { traceLines } from "./trace-printer.ts";
import { UsageError } from "./usage.ts";

/** What `tlskit serve` is told. */
export interface ServeCommand
  extends ChoiceOptions,
    OwnCertificateOptions,
    ClientCertificateOptions,
    ResumptionOptions {
  readonly port: string;
  readonly host?: string | undefined;
  readonly psk?: readonly string[] | undefined;
  readonly "ocsp-staple"?: string | undefined;
  readonly keylog?: string | undefined;
  readonly trace?: boolean | undefined;
  readonly echo?: boolean | undefined;
  readonly timeout?: string | undefined;
}

type Common = Parameters<typeof createServer>[0];

/** Serves until it is told to stop by a signal. Resolves with the exit code. */
export async function serveCommand(command: ServeCommand): Promise<number> {
  const port = parsePort(command.port);
  const chosen = choices(command, "server");
  const timeout = parseTimeout(command.timeout);
  const resumed = resumption(command);
  const psks = externalPsks(command.psk, pskProtocol(command));
  const asked = clientCertificates(command);
  const told = signalled();
  const { certificates, forget } = await certificatesOf(command);
  const common: Common = {
    certificates,
    externalPsks: psks,
    ...chosen,
    ...resumed,
    clientCertificates: asked,
    keyLog: keyLogTo(command.keylog),
    handshakeTimeout: timeout,
    ...(command.trace === true
      ? { trace: (event, socket) => process.stderr.write(`${peerOf(socket)}\n${traceLines(event).join("\n")}\n`) }
      : {}),
  };
  const service = command.echo === true ? echoing(common, timeout) : pages(common, timeout);
  const { server } = service;
  server.on("tlsClientError", (error: Error, socket: TlsSocket) => {
    process.stderr.write(`tlskit: ${peerOf(socket)}: ${describeFailure(error)}\n`);
  });
  const raws = new Set<Socket>();
  server.on("connection", (raw: Socket) => {
    raws.add(raw);
    raw.once("close", () => raws.delete(raw));
  });
  server.listen(port, command.host ?? "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    process.stderr.write(`tlskit: ${describeFailure(error)}\n`);
    return 1;
  }
  // The address of a TCP server is no path.
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
  await told;
  forget();
  const closed = once(server, "close");
  service.stop();
  const limit = setTimeout(() => {
    for (const raw of raws) raw.destroy();
  }, closingTime);
  await closed;
  clearTimeout(limit);
  return 0;
}

/** What is served, and how it comes to an end: orderly, as far as the peers let it. */
interface Service {
  readonly server: ReturnType<typeof createServer> | HttpsServer;
  stop(): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Told to stop. Whoever tells it again means it: the next signal ends the process. */
async function signalled(): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}

/** A certificate, unless pre-shared keys do without, and what forgets the file that its authority's is in, if one was made. */
async function certificatesOf(command: ServeCommand): Promise<{
  readonly certificates: readonly CertificateWithKey[];
  readonly forget: () => void;
}> {
  const { psk, "ocsp-staple": staple } = command;
  const own = ownCertificate(command);
  if (own !== undefined) {
    const shown = staple === undefined ? undefined : ocspStaple(readBytes(staple));
    return { certificates: [{ ...own, ocspStaple: shown }], forget: () => undefined };
  }
  const suites = namedTls12CipherSuites(command);
  const takesCertificate = suites.some(({ certificateKey }) => certificateKey !== undefined);
  if (psk !== undefined && !takesCertificate) return { certificates: [], forget: () => undefined };
  if (staple !== undefined) throw new UsageError("--ocsp-staple takes --cert: it is about that certificate");
  const { ca, certify } = await throwawayAuthority();
  // Each of TLS 1.2's suites goes with one kind of key; nothing else asks for RSA's.
  const takesRsa = suites.some(({ certificateKey }) => certificateKey === "RSA");
  const made = [await certify("P-256"), ...(takesRsa ? [await certify("RSA")] : [])];
  const folder = mkdtempSync(join(tmpdir(), "tlskit-"));
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", forget);
  const file = join(folder, "ca.pem");
  writeFileSync(file, certificatesToPem(ca));
  process.stdout.write(`CA certificate: ${file}\n`);
  return { certificates: made, forget };
}

/** Sends back what comes, to whoever isn't silent for too long. */
function echoing(common: Common, timeout: number): Service {
  const sockets = new Set<TlsSocket>();
  const server = createServer({ ...common, allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.setTimeout(timeout);
    socket.once("timeout", () => endSoon(socket));
    socket.pipe(socket);
  });
  if (common.earlyData !== undefined) {
    server.on("earlyData", (data: Buffer, socket: TlsSocket) => socket.write(data));
  }
  return {
    server,
    stop: () => {
      server.close();
      for (const socket of sockets) endSoon(socket);
    },
  };
}

/** Says what is still to be said, close_notify last, if the peer takes it in time. */
function endSoon(socket: TlsSocket): void {
  socket.unpipe(socket);
  socket.destroySoon();
  const limit = setTimeout(() => socket.destroy(), closingTime);
  socket.once("close", () => clearTimeout(limit));
}

/** Answers requests. A connection that brings none in time, since it began or since the last, is closed. */
function pages(common: Common, timeout: number): Service {
  const server = createHttpsServer(
    {
      ...common,
      headersTimeout: timeout,
      requestTimeout: timeout,
      keepAliveTimeout: timeout,
      keepAliveTimeoutBuffer: 0,
      connectionsCheckingInterval: Math.min(timeout, maxCheckingInterval),
    },
    page,
  );
  server.maxRequestsPerSocket = maxRequests;
  // RFC 8470 §5.2: what isn't safe (RFC 9110 §9.2.1) mustn't be done twice, as an early request can be.
  server.on("earlyRequest", (request: IncomingMessage, response: ServerResponse) => {
    if (safeMethods.has(request.method)) {
      page(request, response);
      return;
    }
    request.resume();
    response.writeHead(425, { "Content-Length": 0 }).end();
  });
  return {
    server,
    stop: () => {
      server.prependListener("request", (_request: IncomingMessage, response: ServerResponse) => {
        response.shouldKeepAlive = false;
      });
      server.close();
    },
  };
}

const safeMethods: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** What was negotiated, as a small page of text. */
function page(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const { socket }: { socket: unknown } = request;
  const info = socket instanceof TlsSocket ? socket.info : undefined;
  const text = ["tlskit: it works", "", ...(info === undefined ? early : negotiated(info)), ""].join("\n");
  response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

/** What can be said as long as the handshake isn't done. */
const early = ["version           TLSv1.3", "early data        this request"];

function negotiated(info: SocketInfo): readonly string[] {
  return [
    `version           ${protocolVersionName(info.version).replace(" ", "v")}`,
    `cipher suite      ${info.cipherSuite.name}`,
    `group             ${info.namedGroup?.name ?? "(none)"}`,
    `signature scheme  ${info.signatureScheme?.name ?? "(none)"}`,
    `pre-shared key    ${info.externalPsk === undefined ? "(none)" : pskName(info.externalPsk)}`,
    `server name       ${info.serverName ?? "(none)"}`,
    `ALPN              ${info.alpnProtocol ?? "(none)"}`,
    `hello retried     ${info.helloRetryRequest ? "yes" : "no"}`,
    `client            ${info.peer?.certificates[0]?.subject.toString() ?? "(no certificate)"}`,
    `resumed           ${info.resumed ? "yes" : "no"}`,
    `early data        ${info.earlyData ?? "(none)"}`,
  ];
}

function peerOf(socket: TlsSocket): string {
  return `${socket.remoteAddress ?? "?"}:${socket.remotePort ?? "?"}`;
}
